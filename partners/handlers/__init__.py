"""What partners do when something happened: to their people and agreements, and to their tiers."""

from partners.handlers import joining, tiers  # noqa: F401
