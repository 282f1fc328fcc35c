"""What a demo vendor asks of registrations beyond what every portal asks, and what partners answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from deals.enums import Review
from deals.models import Registration
from deals.rules import lifecycle
from deals.rules.terms import AREA
from prm.accounts.models import Membership
from prm.custom_fields import queries
from prm.custom_fields.definitions import Definition, FieldType
from prm.demo import asking

SECTORS = (("industry", "Industry"), ("health", "Health"), ("public", "Public sector"), ("retail", "Retail"))
FIELDS = (
    Definition(
        "sites",
        "Number of sites",
        FieldType.WHOLE,
        help="Places that are connected, now and in the first year.",
        section="Project",
    ),
    Definition(
        "sector",
        "Sector of the customer",
        FieldType.CHOICE,
        options=asking.options(*SECTORS),
        section="Project",
    ),
    Definition(
        "procurement",
        "Reference of the procurement",
        FieldType.TEXT,
        help="As the buyer published it.",
        section="Project",
        is_required=True,
        required_when={"field": "is_tender", "is": "is", "value": True},
        shown_when={"field": "custom.sector", "is": "is", "value": "public"},
    ),
    Definition("forecast", "Forecast", FieldType.MONEY, section="For our forecast", is_internal=True),
)


def define(at: datetime) -> None:
    """Let the administrator add the fields."""
    asking.define(AREA, FIELDS, at=at)


def forecast(at: datetime) -> None:
    """Let channel managers say what they expect of the deals that are open: a part of what their partners do."""
    rows = Registration.objects.filter(
        review=Review.APPROVED, stage__in=lifecycle.open_stages(), custom__has_key="sites"
    )
    for number, row in enumerate(rows.select_related("partner").order_by("number")):
        by = Membership.objects.filter(user=row.partner.channel_manager_id, partner_id__isnull=True).first()
        if by is not None and row.value is not None:
            expected = row.value.amount * (4 + number % 6) / 10
            body = {"amount": f"{expected:.0f}", "currency": row.value.currency}
            asking.fill(AREA, row, {"forecast": body}, by=by, at=at)


def answers(turn: int) -> dict[str, Any]:
    """Return what a partner answers, another thing each time; nothing where nothing is asked."""
    if not queries.definitions_of(AREA):
        return {}
    sector = SECTORS[turn % len(SECTORS)][0]
    found: dict[str, Any] = {"sites": str(2 + turn % 17), "sector": sector}
    return found | ({"procurement": f"2026/S {100 + turn}-4711"} if sector == "public" else {})
