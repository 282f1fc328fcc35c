"""The areas in which a vendor makes rules for itself; each app declares its own.

    REGISTRATION = area(
        "deals.registration", _("Deal registration"), _("Who is protected, for how long, and who decides."),
        permission=permissions.can_edit_rules, problems=problems_of, catalogue=catalogue_of,
    )

The list of areas, the editor, the comparison of versions, the replay and the file of a whole programme ask this
list; none of them knows an area by name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from prm.accounts.permissions import Permission
from prm.policies.fields import Catalogue, Effect, Label
from prm.policies.models import PolicyVersion
from prm.policies.past import Past
from prm.policies.terms import Said, Term
from prm.policies.values import Problem

Body = Mapping[str, Any]


@dataclass(frozen=True)
class Area:
    """One subject that a vendor has rules about, in versions that follow one another.

    `key` is that of its versions. `problems` says all that keeps a body from being published. An area with rules
    has a `catalogue`, made for the vendor that asks and for the body itself (its approval steps are choices), and
    keeps the set under `rules`; its `terms` stand beside them. `anything` is the same without the vendor's choices: it
    reads any version, also one that names what is gone. An area without rules `says` in words what a body holds, or
    how two bodies `differ`, where that would not tell. `editor` names the page of an area that has one of its own,
    `reader` that of its versions, and `normal` writes what a file says as it is stored; one that `is_apart` is a part
    of its own in the file.
    `follow` keeps what is made from a version when that version takes effect. `past` lets a draft be tried on past
    records. Records of one that `has_steps` may have to pass approval steps, which are kept under `steps`.
    """

    key: str
    label: Label
    summary: Label
    permission: Permission
    problems: Callable[[Body], Sequence[Problem]]
    catalogue: Callable[[Body], Catalogue] | None = None
    anything: Catalogue | None = None
    terms: tuple[Term, ...] = ()
    says: Callable[[Body], Sequence[Said]] | None = None
    differs: Callable[[Body, Body], list[str]] | None = None
    editor: str = ""
    reader: str = ""
    normal: Callable[[Body], dict[str, Any]] | None = None
    is_apart: bool = False
    follow: Callable[[PolicyVersion], None] | None = None
    past: Past | None = None
    has_steps: bool = False
    order: int = 0

    @property
    def has_rules(self) -> bool:
        return self.catalogue is not None

    def effects(self, body: Body) -> tuple[Effect, ...]:
        """Return what rules of this area can give, the weightiest first."""
        return self.catalogue(body).effects if self.catalogue else ()

    def outcomes(self, body: Body) -> tuple[Effect, ...]:
        """Return what a replay says of past records, the weightiest first."""
        return self.past.effects() if self.past and self.past.effects else self.effects(body)


AREAS: dict[str, Area] = {}


def area(key: str, label: Label, summary: Label, **facts: Any) -> Area:
    """Declare an area by its key, such as `deals.registration`."""
    if key in AREAS:
        raise ValueError(f"{key} is declared twice.")
    AREAS[key] = Area(key, label, summary, **facts)
    return AREAS[key]


def all_areas() -> list[Area]:
    """Return every area in the order in which a vendor meets them."""
    return sorted(AREAS.values(), key=lambda found: (found.order, found.key))
