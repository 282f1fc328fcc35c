"""Which records begin as drafts. Each app tells of its own, when it is ready."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from prm.accounts.models import Membership
from prm.accounts.permissions import Permission
from prm.drafts.models import DraftModel


def _alone(draft: Any) -> Iterable[DraftModel]:
    return ()


def _always(draft: Any, at: datetime) -> None:
    """Let every draft be put back."""


@dataclass(frozen=True)
class Kind:
    """A kind of record that begins as a draft: whose it is, what else goes with it, and where its pages are."""

    model: type[DraftModel]
    label: Any
    permission: Permission
    own: Callable[[Membership], QuerySet]  # those of its own firm that a member works on
    is_draft: Callable[[Any], bool]  # and was never sent
    form: str  # the name of the address of its form
    beside: Callable[[Any], str]  # where to go when it is thrown away
    title: Callable[[Any], str] = str
    parts: Callable[[Any], Iterable[DraftModel]] = _alone
    refuse_unfit: Callable[[Any, datetime], None] = _always  # before it is put back

    @property
    def name(self) -> str:
        return self.model._meta.label_lower


KINDS: dict[str, Kind] = {}


def drafts_of(kind: Kind) -> None:
    """Let drafts of a kind be thrown away and put back."""
    KINDS[kind.name] = kind
