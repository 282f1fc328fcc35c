"""The fields that a vendor adds to registrations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from deals import permissions
from deals.models import Registration
from deals.queries import rules
from deals.queries.facts import Seen, all_facts
from deals.rules.terms import AREA, Terms
from deals.services import registrations
from prm.custom_fields.kinds import kind
from prm.policies.evaluation import Facts


def facts(rows: Sequence[Registration], asked: frozenset[str], at: datetime) -> Mapping[UUID, Facts]:
    """Return what conditions of fields ask about registrations."""
    return all_facts([Seen(row, at) for row in rows], asked=asked, terms=Terms(look_back_days=0))


REGISTRATION = kind(
    AREA,
    _("Deal registrations"),
    model=Registration,
    catalogue=rules.catalogue_for_everybody,
    facts=facts,
    visible_to=Registration.objects.visible_to,
    page="deals:registration",
    permission=permissions.can_decide,
    area=AREA,
    changed=registrations.follow_values,
    order=10,
)
