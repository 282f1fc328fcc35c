"""Telling whoever starts the demo as whom they can sign in: a few people of each kind, in `var/demo.json`."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.utils import translation

from prm.accounts import memberships
from prm.accounts.models import User
from prm.demo.people import OPERATOR, PASSWORD
from prm.operations.places import write_private

SHOWN: list[str] = []


def show(*emails: str) -> None:
    """Name people worth signing in as; each app's demo does so when it is loaded."""
    SHOWN.extend(emails)


def are_there() -> bool:
    """Say whether the people of the demo have logins here."""
    return User.objects.filter(email=OPERATOR).exists()


def write() -> None:
    """Write the file anew from what is in the database."""
    found = [login for email in SHOWN for login in _logins_of(User.objects.get(email=email))]
    operator = _login(OPERATOR, start="/operator/", role="Operator")
    write_private(settings.VAR_DIR / "demo.json", json.dumps([*found, operator], indent=1, ensure_ascii=False))


def _logins_of(user: User) -> list[dict[str, Any]]:
    """Return one entry for each portal that a person can enter."""
    with translation.override("en"):
        return [
            _login(
                user.email,
                start=portal.url,
                vendor=portal.vendor.name,
                partner=portal.membership.firm,
                role=str(portal.membership.get_role_display()),
            )
            for portal in memberships.portals_of(user)
        ]


def _login(email: str, *, start: str, role: str, vendor: str = "", partner: str = "") -> dict[str, Any]:
    return {
        "vendor": vendor,
        "partner": partner,
        "role": role,
        "email": email,
        "password": PASSWORD,
        "start": start,
    }
