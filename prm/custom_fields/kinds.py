"""The kinds of records that can have custom fields; each app declares its own.

    REGISTRATION = kind(
        "deals.registration", _("Deal registrations"), _("deal registration"),
        model=Registration, catalogue=…, facts=…, order=10,
    )

A record of a kind has the values in its column `custom`, by the keys of their fields.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from prm.accounts.models import Membership
from prm.accounts.permissions import Permission
from prm.policies.evaluation import Facts
from prm.policies.fields import Catalogue, Label
from prm.tenancy.models import TenantModel


@dataclass(frozen=True)
class Kind:
    """One kind of record.

    `catalogue` is what conditions of its fields can be about beside other fields: never what is kept from partners,
    who would learn of it from the fields they see. `facts` returns those of records, as far as they are asked for.
    `page` names the page of a record, `visible_to` are the records that a person sees, and who has `permission` may
    change the values of any. `area` is the area of rules that can be about the fields, if there is one.
    """

    key: str
    label: Label
    model: type[TenantModel]
    catalogue: Callable[[], Catalogue]
    facts: Callable[[Sequence[Any], frozenset[str], datetime], Mapping[UUID, Facts]]
    visible_to: Callable[[Membership], QuerySet[Any]]
    page: str
    permission: Permission
    area: str = ""
    order: int = 0


KINDS: dict[str, Kind] = {}


def kind(key: str, label: Label, **facts: Any) -> Kind:
    """Declare a kind of record by its key, such as `deals.registration`."""
    if key in KINDS:
        raise ValueError(f"{key} is declared twice.")
    KINDS[key] = Kind(key, label, **facts)
    return KINDS[key]


def all_kinds() -> list[Kind]:
    """Return every kind in the order in which a vendor meets them."""
    return sorted(KINDS.values(), key=lambda found: (found.order, found.key))
