"""Makes things for tests, through the services; say only what matters to the test."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from deals.enums import DirectStage, TouchKind
from deals.models import DirectOpportunity, DirectTouch, ProductFamily, Registration
from deals.rules.terms import AREA, Terms
from deals.services import catalog, decisions, directs, drafts, registrations
from partners.enums import PartnerType
from partners.models import Partner
from partners.services import partners
from prm.accounts import members
from prm.accounts.models import Invitation, Membership, User
from prm.accounts.roles import Role
from prm.accounts.vendors import open_portal
from prm.files import services as files
from prm.files.inspection import of_our_own_making
from prm.files.models import File
from prm.policies import versions
from prm.tenancy.context import as_system
from prm.tenancy.fields import uuid7
from prm.tenancy.models import Vendor

_serial = count(1)
PASSWORD = "correct horse battery"


OPENED = datetime(2020, 1, 1, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def vendor(slug: str = "", **profile: Any) -> Vendor:
    """A vendor with a catalogue of two families and the product's own registration terms."""
    slug = slug or f"vendor-{next(_serial)}"
    made = open_portal(slug, slug.title(), at=OPENED, **profile)
    with as_system(made.pk):
        versions.publish(AREA, Terms().body(), effective_on=date(2020, 1, 1), at=MONDAY)
        for code in ("edge", "mesh"):
            catalog.add_family(code, code.title())
    return made


def family(code: str = "edge") -> ProductFamily:
    return ProductFamily.objects.get(code=code)


def content(*families: str, **fields: Any) -> drafts.Content:
    """A complete form; every customer is another one unless the test says otherwise."""
    serial = next(_serial)
    facts = {
        "customer_name": f"Customer {serial}",
        "customer_website": f"customer{serial}.example",
        "customer_country": "DE",
        "contact_name": "Ida Holm",
        "contact_email": "ida@example.com",
        "value_amount": Decimal(46200),
        "value_currency": "EUR",
        "close_on": date(2027, 2, 12),
        **fields,
    }
    return drafts.Content(facts, [drafts.Line(family(code)) for code in families or ("edge",)])


def draft(*families: str, by: Membership | None = None, at: datetime = MONDAY, **fields: Any) -> Registration:
    return drafts.save(uuid7(), content(*families, **fields), by=by or seller(), at=at)


def submitted(*families: str, by: Membership | None = None, at: datetime = MONDAY, **fields: Any) -> Registration:
    by = by or seller()
    form = content(*families, **fields)
    return registrations.submit(drafts.save(uuid7(), form, by=by, at=at), form, by=by, at=at)


def approved(*families: str, by: Membership | None = None, at: datetime = MONDAY, **fields: Any) -> Registration:
    return decisions.approve(submitted(*families, by=by, at=at, **fields), by=manager(), at=at)


def direct(
    name: str = "Globex", *families: str, by: Membership | None = None, at: datetime = MONDAY, **facts: Any
) -> DirectOpportunity:
    """An opportunity that the vendor works at itself."""
    named = directs.Named(name, "DE", website=facts.pop("website", ""))
    pks = tuple(family(code).pk for code in families)
    said = {"owner": "Ada Brandt", "opened_on": at.date(), "stage": DirectStage.OPEN, "families": pks, **facts}
    external_id = said.pop("external_id", "")
    return directs.log_opportunity(
        named, directs.Opportunity(**said), external_id=external_id, by=by or manager(), at=at
    )


def touch(
    name: str = "Globex", *, by: Membership | None = None, at: datetime = MONDAY, on: date | None = None, **facts: Any
) -> DirectTouch:
    """That the vendor's own people met a customer."""
    named = directs.Named(name, "DE", website=facts.pop("website", ""))
    return directs.log_touch(named, TouchKind.MEETING, on or at.date(), **facts, by=by or manager(), at=at)


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


def invitation(by: Membership) -> Invitation:
    """An open invitation to a colleague of whoever sends it."""
    address = f"invited{next(_serial)}@example.com"
    role = Role.PARTNER_SALES if by.is_partner else Role.CHANNEL_MANAGER
    return members.invite(address, "Jonas Weber", role, place=members.place_of(by), by=by, at=MONDAY)


def file(on: Registration, by: Membership, name: str = "whiteboard.png") -> File:
    """A small picture on a record, as PNG or PDF."""
    picture = io.BytesIO()
    Image.new("RGB", (4, 4)).save(picture, "PDF" if name.endswith(".pdf") else "PNG")
    with of_our_own_making():
        return files.add(SimpleUploadedFile(name, picture.getvalue()), on=on, by=by, at=MONDAY)


def manager() -> Membership:
    return member(Role.CHANNEL_MANAGER)


def seller(of: Partner | None = None) -> Membership:
    return member(Role.PARTNER_SALES, of=of)
