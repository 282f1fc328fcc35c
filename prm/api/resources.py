"""What programs may read and change; each app declares its own in its folder `api`, a file for each resource.

    @resource
    class Registrations(Resource):
        name, area, label = "registrations", "deals", _("Deal registrations")
        permission, listing, body = permissions.can_see, RegistrationList, RegistrationBody

        def rows(self, member):
            return Registration.objects.visible_to(member)

That gives a list with the filters of the page, and one record by its id. With `new` and `make` another can be made,
with `changed` and `change` it can be changed, and `acts` are what else is done with it, each at an address below it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.serializers import BaseSerializer

from prm.accounts.models import Membership
from prm.accounts.permissions import Permission
from prm.custom_fields.kinds import KINDS, Kind
from prm.policies.fields import Label
from prm.ui.lists import Listing

READ, WRITE = "read", "write"
AREAS = ("partners", "deals", "mdf", "quotes")
SCOPES = tuple(f"{area}:{way}" for area in AREAS for way in (READ, WRITE))


@dataclass(frozen=True)
class Act:
    """What is done with a record: the form of the page, and the service that takes what it reads by its fields' names.

    `facts` are what the form has to know of the record.
    """

    name: str
    label: Label
    permission: Permission
    form: type[forms.Form]
    work: Callable[..., Any]
    facts: Callable[[Any, datetime], Mapping[str, Any]] = lambda row, at: {}


class Resource(ABC):
    """One kind of record. `name` stands in the address, `area` in the scopes of keys.

    `kind` names its custom fields, which whoever may fill them on a page changes by the API, too.
    """

    name: str
    area: str
    label: Label
    about: Label = ""
    permission: Permission
    write_permission: Permission | None = None
    listing: type[Listing]
    body: type[BaseSerializer]
    kind: str = ""
    found_by = "pk"  # what of a row stands in its address
    parts: Mapping[str, tuple[str, ...]] = {}  # what is sent as an object, and the fields of the form in it
    lists: Mapping[str, type[forms.Form]] = {}  # what is sent as a list of objects: the formsets of the form

    new: type[forms.Form] | None = None  # what is sent to make one
    made: type[BaseSerializer] | None = None  # what is told of one that was just made, if more than `body`
    changed: type[forms.Form] | None = None  # and to change one
    acts: Sequence[Act] = ()

    @abstractmethod
    def rows(self, member: Membership) -> QuerySet[Any]:
        """Return the records that somebody sees, with what `body` tells of them."""

    def owned(self, member: Membership) -> QuerySet[Any]:
        """Return the records with which somebody does what `acts` says."""
        return self.rows(member)

    def form(self, asked: type[forms.Form], typed: Any, *, by: Membership, at: datetime) -> forms.Form:
        """Return the form with what was sent."""
        return asked(typed)

    def make(self, form: Any, *, custom: Mapping[str, Any], by: Membership, at: datetime) -> tuple[Any, bool]:
        """Make a record by the service of the page; return it, and whether it is new."""
        raise MethodNotAllowed("POST")

    def change(self, row: Any, form: Any, *, by: Membership, at: datetime) -> Any:
        """Change a record by the service of the page."""
        raise MethodNotAllowed("PATCH")

    @property
    def custom_kind(self) -> Kind | None:
        return KINDS[self.kind] if self.kind else None

    @property
    def changing(self) -> Permission | None:
        """Return who may change a record, if anybody may."""
        if self.changed:
            return self.write_permission
        return self.custom_kind.permission if self.custom_kind else None


RESOURCES: dict[str, Resource] = {}


def resource(declared: type[Resource]) -> type[Resource]:
    """Offer a kind of record to programs."""
    if declared.name in RESOURCES:
        raise ValueError(f"{declared.name} is declared twice.")
    RESOURCES[declared.name] = declared()
    return declared
