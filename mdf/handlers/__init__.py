"""What marketing funds do when something happened: people are told, and a new vendor gets its terms."""

from mdf.handlers import allocations, claims, deals, deeming, requests, terminations, vendors  # noqa: F401
