"""What is known of claims, as the conditions of their custom fields ask for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from mdf.models import Claim, FundRequest
from mdf.queries import rules
from mdf.queries import terms as fund_terms
from mdf.rules import catalogue
from mdf.rules.catalogue import CLAIM
from partners.models import Partner
from partners.queries import rates
from prm.custom_fields import queries as custom_fields
from prm.policies.evaluation import Facts
from prm.policies.fields import Catalogue


def catalogue_for_everybody() -> Catalogue:
    """Return what partners may learn of a claim, all but custom fields."""
    return catalogue.of_claims(rules.offer({}))


def of_claims(rows: Sequence[Claim], asked: frozenset[str], at: datetime) -> Mapping[UUID, Facts]:
    """Return what is known of claims, as far as `asked` names it."""
    today = fund_terms.today_of_vendor(at)

    def gather(names: frozenset[str]) -> dict[UUID, Facts]:
        table = rates.on(today) if names & {"asked", "cost"} else {}
        kinds = dict(
            FundRequest.objects.filter(pk__in={row.request_id for row in rows}).values_list("pk", "activity_type_id")
        )
        partners = Partner.objects.in_bulk({row.partner_id for row in rows})
        return {
            row.pk: Facts(
                {
                    "asked": row.asked,
                    "cost": row.cost,
                    "fund": str(row.fund_id),
                    "activity_type": str(kinds[row.request_id]) if kinds.get(row.request_id) else None,
                    "settled_on": row.settled_on,
                    "is_final": row.is_final,
                    "partner_type": partners[row.partner_id].type,
                    "partner_country": partners[row.partner_id].country,
                },
                today,
                rates=table,
            )
            for row in rows
        }

    return custom_fields.gathered(CLAIM, rows, asked, at, gather)
