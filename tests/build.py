"""Makes things for tests, through the services; say only what matters to the test."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any

from partners.enums import PartnerType
from partners.models import Partner
from partners.services import partners
from prm.accounts.models import Membership, User
from prm.accounts.roles import Role
from prm.accounts.vendors import open_portal
from prm.tenancy.models import Vendor

_serial = count(1)
PASSWORD = "correct horse battery"


def vendor(slug: str = "", **profile: Any) -> Vendor:
    slug = slug or f"vendor-{next(_serial)}"
    return open_portal(slug, slug.title(), **profile)


def user(name: str = "Maja Lindqvist", **facts: Any) -> User:
    return User.objects.create_user(f"person{next(_serial)}@example.com", PASSWORD, name=name, **facts)


def partner(name: str = "", **facts: Any) -> Partner:
    facts = {"type": PartnerType.RESELLER, "country": "DE", "joined_on": date(2025, 1, 1), **facts}
    return partners.enroll(name or f"Partner {next(_serial)}", **facts)


def member(role: Role = Role.CHANNEL_MANAGER, of: Partner | None = None, **facts: Any) -> Membership:
    """A person with a role here; partner roles get a new partner unless one is given."""
    firm = of or (partner() if role.is_partners else None)
    person = facts.pop("user", None) or user(facts.pop("name", "Maja Lindqvist"))
    return partners.join(person, role, partner=firm, **facts)


def manager() -> Membership:
    return member(Role.CHANNEL_MANAGER)


def seller(of: Partner | None = None) -> Membership:
    return member(Role.PARTNER_SALES, of=of)
