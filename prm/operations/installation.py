"""Deciding with which settings an installation runs: what a person set stays, the rest is ours."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from prm.operations import ports, roles, settings_file
from prm.operations.errors import CannotRun
from prm.operations.places import var

FIRST_PORT = 8000


@dataclass
class Installation:
    """These are the settings all processes of one run share."""

    port: int
    own: dict[str, str] = field(default_factory=dict)

    @classmethod
    def decide(cls) -> "Installation":
        """Choose a port and a secret key. Raises `CannotRun` when the wanted port is taken or settings are missing."""
        _refuse_half_a_database()
        installation = cls(choose_port())
        if not settings_file.given("SECRET_KEY"):
            installation.own["SECRET_KEY"] = settings_file.read().get("SECRET_KEY") or secrets.token_urlsafe(50)
        if not settings_file.given("SITE_URL"):
            # The number: a browser may take localhost for ::1. Passkeys want the name, see docs/operating.md.
            installation.own["SITE_URL"] = f"http://127.0.0.1:{installation.port}"
        return installation

    @property
    def address(self) -> str:
        return (self.own.get("SITE_URL") or os.environ["SITE_URL"]).rstrip("/")

    @property
    def environment(self) -> dict[str, str]:
        name, _, place = mark().partition("=")
        return os.environ | self.own | {"PORT": str(self.port), "PYTHONUNBUFFERED": "1", name: place}

    def add(self, settings: Mapping[str, str]) -> None:
        self.own.update(settings)

    def save(self) -> None:
        settings_file.write(self.own)


def mark() -> str:
    """Return what the environment of every process of this installation holds, and of no other."""
    return f"PRM_RUN={var()}"


def has_own_database() -> bool:
    return not settings_file.given("DATABASE_URL")


def has_own_broker() -> bool:
    """An empty REDIS_URL is an answer too: no broker, please."""
    return settings_file.given("REDIS_URL") is None


def choose_port() -> int:
    wanted = os.environ.get("PORT")
    return ports.first_free([int(wanted)] if wanted else range(FIRST_PORT, FIRST_PORT + 100))


def database_passwords() -> dict[str, str]:
    return roles.configured_passwords(settings_file.read())


def _refuse_half_a_database() -> None:
    if has_own_database():
        return
    missing = [role.setting for role in roles.NEEDED if not settings_file.given(role.setting)]
    if missing:
        raise CannotRun(f"DATABASE_URL is set, so {' and '.join(missing)} must be set too; see .env.example.")
