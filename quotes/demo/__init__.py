"""At which prices the partners of the demo sell. Loading it registers its part of the story."""

from quotes.demo import offers, prices, rules, stories  # noqa: F401
