"""What the partners of the demo sell, and to whom. Loading it registers its part of the story."""

from deals.demo import stories  # noqa: F401
