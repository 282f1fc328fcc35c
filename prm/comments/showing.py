"""The comments of a record in its timeline, and the form below it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from prm.accounts.models import Membership
from prm.comments import mentions, people, subjects
from prm.comments.events import CommentAdded
from prm.comments.forms import CommentForm
from prm.comments.models import Comment
from prm.events.models import Event
from prm.tenancy.models import TenantModel


def rows_of(subject: TenantModel) -> QuerySet[Comment]:
    """Return what was written on a record, as far as the current actor may see it."""
    return Comment.objects.filter(subject_id=subject.pk)


@dataclass
class Written:
    """What was written on a record, by the event that says so."""

    rows: QuerySet[Comment]
    member: Membership
    at: datetime

    def __post_init__(self) -> None:
        self._by_id: dict[UUID, Comment] | None = None

    def entry(self, event: Event) -> dict[str, Any] | None:
        """Return the comment of an event as a timeline shows it; nothing for other events."""
        if event.name != CommentAdded.name:
            return None
        if self._by_id is None:
            self._by_id = {comment.pk: comment for comment in self.rows}
        comment = self._by_id.get(UUID(event.payload["comment_id"]))
        if comment is None:
            return None
        names = [mention["name"] for mention in comment.mentions]
        typed = mentions.names_in(comment.text, names)
        return {
            "at": event.at,
            "who": event.by.name if event.by else "",
            "comment": comment,
            "parts": list(mentions.split(comment.text, names)),
            "told": [name for name in names if name not in typed],
            "internal": comment.is_internal,
            "is_removed": comment.removed_at is not None,
            "is_changed": comment.changed_at is not None,
            "can_mend": comment.may_be_mended(self.member.user_id, self.at),
        }


def written_on(subject: TenantModel, member: Membership) -> Written:
    """Return what was written on a record; its `rows` can be asked for together with others."""
    return Written(rows_of(subject), member, timezone.now())


def form_for(subject: TenantModel, member: Membership, *, back: str = "") -> dict[str, Any] | None:
    """Return an empty form for somebody who may write on a record, with where it is sent.

    Beside a decision, which is where `back` leads, what the vendor's people write is internal at first.
    """
    declared = subjects.of(subject)
    if not member.has(declared.written_by):
        return None
    return {
        "form": form_of(subject, member, initial={"is_internal": bool(back)}),
        "back": back,
        "subject": subject,
        "subject_type": subject._meta.label_lower,
        "is_vendors": declared.is_vendors,
    }


def form_of(
    subject: TenantModel, member: Membership, *args: Any, comment: Comment | None = None, **facts: Any
) -> CommentForm:
    """Return the form in which a member writes on a record, or mends a comment."""
    reachable = people.mentionable(subject, member)
    if comment is not None:
        return CommentForm.of(comment, *args, reachable=reachable)
    may_be_internal = member.is_vendor and not subjects.of(subject).is_vendors
    return CommentForm(*args, reachable=reachable, may_be_internal=may_be_internal, **facts)
