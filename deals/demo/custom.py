"""What a demo vendor asks of registrations beyond what every portal asks, and what partners answer."""

from __future__ import annotations

from typing import Any

from deals.rules.terms import AREA
from prm.accounts.models import Membership
from prm.accounts.roles import Role
from prm.custom_fields import queries, services
from prm.custom_fields.definitions import Definition, FieldType, Option
from prm.custom_fields.kinds import KINDS

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
        options=tuple(Option(key, label) for key, label in SECTORS),
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


def define(at: Any) -> None:
    """Let the administrator add the fields."""
    administrator = Membership.objects.filter(role=Role.ADMIN).order_by("pk")[0]
    for definition in FIELDS:
        services.add(KINDS[AREA], definition, by=administrator, at=at)


def answers(turn: int) -> dict[str, Any]:
    """Return what a partner answers, another thing each time; nothing where nothing is asked."""
    if not queries.definitions_of(AREA):
        return {}
    sector = SECTORS[turn % len(SECTORS)][0]
    found: dict[str, Any] = {"sites": str(2 + turn % 17), "sector": sector}
    return found | ({"procurement": f"2026/S {100 + turn}-4711"} if sector == "public" else {})
