"""Through which distributors a partner's deals are bought.

Naming one opens nothing to it: a distributor sees the deals of the partners below it, whoever is named on them.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from deals.models import Registration
from partners.enums import PartnerStatus, PartnerType
from partners.models import Partner
from prm.tenancy.context import seeing_all_partners

Named = tuple[UUID, str]


def offered_to(partner: Partner) -> list[Named]:
    """Return the distributors that a partner may know, its own first, then those that the vendor opens to all.

    A distributor buys from the vendor itself.
    """
    if partner.type == PartnerType.DISTRIBUTOR:
        return []
    known = Q(pk=partner.distributor_id) | Q(is_open_to_partners=True)
    with seeing_all_partners():
        rows = Partner.objects.filter(known, type=PartnerType.DISTRIBUTOR, status=PartnerStatus.ACTIVE)
        found = list(rows.order_by("name", "id").values_list("pk", "name"))
    return sorted(found, key=lambda named: named[0] != partner.distributor_id)


def name_of(registration: Registration) -> str:
    """Return the name of the distributor on a deal, which its partner cannot look up; empty without one."""
    return names_in(Registration.objects.filter(pk=registration.pk)).get(registration.distributor_id, "")


def names_in(rows: QuerySet[Registration]) -> dict[UUID | None, str]:
    """Return the names of the distributors on deals."""
    named = list(rows.exclude(distributor=None).order_by().values_list("distributor_id", flat=True).distinct())
    if not named:
        return {}
    with seeing_all_partners():
        return dict(Partner.objects.filter(pk__in=named).values_list("pk", "name"))
