"""What marketing funds do when something happened: people are told, and a new vendor gets its terms."""

from mdf.handlers import allocations, claims, deeming, requests, terminations, vendors  # noqa: F401
