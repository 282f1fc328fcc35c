"""Loaded at start-up: declares what the platform lets people do."""

from prm.accounts import actions, events  # noqa: F401
