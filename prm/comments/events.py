"""What happened to comments; the event is about the record, and says which comment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from prm.events.facts import Fact


@dataclass(frozen=True)
class CommentAdded(Fact):
    """`digest` proves the words as they were; `mentions` are the people who are told because of their name."""

    is_undoable: ClassVar[bool] = True

    comment_id: UUID
    digest: str
    mentions: tuple[str, ...] = ()


@dataclass(frozen=True)
class CommentChanged(Fact):
    """`mentions` are only those who were not mentioned before."""

    is_undoable: ClassVar[bool] = True

    comment_id: UUID
    digest: str
    mentions: tuple[str, ...] = ()


@dataclass(frozen=True)
class CommentRemoved(Fact):
    comment_id: UUID
