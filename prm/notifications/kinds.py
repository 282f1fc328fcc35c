"""What people can be told about. Each app declares its kinds; a person chooses for each how to be told.

    REGISTRATION_APPROVED = kind(
        "deals.registration_approved", _("A registration is approved"), audience=Audience.PARTNER
    )

Its words are in `templates/deals/notifications/registration_approved.txt`: the first line is the subject and the
line in the portal, the rest the message. They get the facts by name.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from prm.accounts.models import Membership
from prm.notifications.models import Channel


class Audience(StrEnum):
    """Who can be told of a kind, and so finds it in the settings."""

    PARTNER = "partner"
    VENDOR = "vendor"
    EVERYBODY = "everybody"


@dataclass(frozen=True)
class Kind:
    """One kind of news, and how it reaches people who have not chosen."""

    code: str
    label: Any
    audience: Audience
    default: Channel

    @property
    def template(self) -> str:
        app, _, name = self.code.partition(".")
        return f"{app}/notifications/{name}.txt"

    def is_for(self, member: Membership) -> bool:
        """Say whether people on this member's side are told of it."""
        side = Audience.PARTNER if member.is_partner else Audience.VENDOR
        return self.audience in (side, Audience.EVERYBODY)


KINDS: dict[str, Kind] = {}


def kind(
    code: str, label: Any, audience: Audience | str = Audience.EVERYBODY, default: Channel | str = Channel.AT_ONCE
) -> Kind:
    """Declare a kind of news such as `deals.registration_approved`."""
    if code in KINDS:
        raise ValueError(f"{code} is declared twice.")
    if "." not in code:
        raise ValueError(f"{code} does not name its app.")
    KINDS[code] = Kind(code, label, Audience(audience), Channel(default))
    return KINDS[code]


def of(kind_or_code: Kind | str) -> Kind:
    """Return a declared kind; raises `KeyError` for any other."""
    return KINDS[kind_or_code if isinstance(kind_or_code, str) else kind_or_code.code]
