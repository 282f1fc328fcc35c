"""What points from a rule to something of the vendor's, written so that it means the same at another vendor.

Rules are stored with ids. In a file, `families:edge` stands for the id of the family with the code edge, and
`people:ida@vendor.example` for somebody who works for the vendor.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from prm.accounts.models import Membership
from prm.policies.values import Path
from prm.programme.sections import SECTIONS, all_sections

PEOPLE = "people"


def names_by_id() -> dict[str, str]:
    """Return what the file calls each thing, and each of the vendor's people, that rules can point to."""
    staff = Membership.objects.filter(partner_id=None, status=Membership.Status.ACTIVE)
    people = {str(pk): f"{PEOPLE}:{email}" for pk, email in staff.values_list("user_id", "user__email")}
    return people | {
        str(pk): f"{section.name}:{name}"
        for section in all_sections()
        if section.ids
        for pk, name in section.ids().items()
    }


def replaced(body: Any, names: Mapping[str, str]) -> Any:
    """Return a body with every text that is a name replaced; keys of mappings too."""
    if isinstance(body, str):
        return names.get(body, body)
    if isinstance(body, list):
        return [replaced(item, names) for item in body]
    if isinstance(body, Mapping):
        return {names.get(key, key): replaced(value, names) for key, value in body.items()}
    return body


def unknown_names(body: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """Yield what looks like a name of something of the vendor's, but is none."""
    if isinstance(body, str):
        kind, colon, _name = body.partition(":")
        if colon and (kind == PEOPLE or (kind in SECTIONS and SECTIONS[kind].ids)):
            yield path, body
    elif isinstance(body, list):
        for number, item in enumerate(body):
            yield from unknown_names(item, (*path, number))
    elif isinstance(body, dict):
        for key, value in body.items():
            yield from unknown_names(value, (*path, key))
