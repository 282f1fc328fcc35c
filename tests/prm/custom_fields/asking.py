"""Custom fields for tests, defined through the services; say only what matters."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from prm.accounts.roles import Role
from prm.custom_fields import services
from prm.custom_fields.definitions import Definition, FieldType, Option
from prm.custom_fields.kinds import KINDS
from prm.custom_fields.models import CustomField
from tests import build
from tests.build import MONDAY

DEALS = "deals.registration"


def definition(label: str = "Segment", kind: str = "text", *choices: str, **facts: Any) -> Definition:
    facts = {"key": label.lower().replace(" ", "_"), **facts}
    return Definition(
        label=label, type=FieldType(kind), options=tuple(Option(each.lower(), each) for each in choices), **facts
    )


def ask(label: str = "Segment", kind: str = "text", *choices: str, of: str = DEALS, **facts: Any) -> CustomField:
    return services.add(KINDS[of], definition(label, kind, *choices, **facts), by=admin(), at=MONDAY)


def change(field: CustomField, revision: int | None = None, **facts: Any) -> CustomField:
    return services.change(field, replace(field.definition, **facts), revision=revision, by=admin(), at=MONDAY)


def admin() -> Any:
    return build.member(Role.ADMIN)
