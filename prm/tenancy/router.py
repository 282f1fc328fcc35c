"""Sends queries to the role that row-level security binds, and migrations to the owner."""

from typing import Any


class Router:
    """Every query goes to the application's connection; only the owner's may migrate."""

    def allow_relation(self, first: Any, second: Any, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == "owner"
