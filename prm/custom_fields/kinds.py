"""The kinds of records that can have custom fields; each app declares its own.

    REGISTRATION = kind(
        "deals.registration", _("Deal registrations"), model=Registration, catalogue=…, facts=…, order=10,
    )

A record of a kind has the values in its column `custom`, by the keys of their fields. Where they are filled in,
`controls.answers_of` stands beside the app's own form; `services` keep and check them, and `panel` shows them.
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
from prm.tenancy.models import PartnerModel, TenantModel


@dataclass(frozen=True)
class Kind:
    """One kind of record.

    `catalogue` is what conditions of its fields can be about beside other fields: never what is kept from partners,
    who would learn of it from the fields they see. `facts` returns those of records, as far as they are asked for.
    `page` names the page of a record, `visible_to` are the records that a person sees, and who has `permission` may
    change the values of any. `area` is the area of rules that can be about the fields, if there is one.

    Records of one with a prefix `outside` are partners: conditions about what belongs to a partner can be about its
    fields, too, by that prefix, and call them as `outside_label` says. `changed` follows a change by the vendor with
    the record and its values before.
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
    outside: str = ""
    outside_label: Label = ""
    changed: Callable[..., None] | None = None
    order: int = 0

    @property
    def is_of_partner(self) -> bool:
        """Say whether its records belong to a partner each."""
        return issubclass(self.model, PartnerModel) and not self.outside


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
