"""Writing on a record, mending what one wrote, and taking it back."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from prm.accounts.models import Membership
from prm.comments import mentions, people, subjects
from prm.comments.events import CommentAdded, CommentChanged, CommentRemoved
from prm.comments.models import Comment
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service
from prm.tenancy.models import TenantModel


class NotForThem(DomainError):
    """Somebody is mentioned who will not see what is written; `names` says who."""


class CommentStands(DomainError):
    """It is another's, or its time to be changed is over."""


@service
def write(
    subject: TenantModel,
    text: str,
    *,
    by: Membership,
    at: datetime,
    is_internal: bool = False,
    mention: Collection[UUID] = (),
) -> Comment:
    """Add a message to a record's timeline; an internal note is for the vendor's own people only.

    Who is mentioned by `@name` or in `mention` is told. Raises `NotForThem` if one of them will not see it.
    """
    is_internal = is_internal or subjects.of(subject).is_vendors
    if is_internal and not by.is_vendor:
        raise ValueError("Only the vendor's own people write internal notes.")
    comment = Comment(
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        text=text,
        by_id=by.user_id,
        at=at,
        partner_path="" if is_internal else getattr(subject, "partner_path", ""),
    )
    comment.mentions = _mentions(subject, comment, by, mention)
    comment.save(force_insert=True)
    fact = CommentAdded(comment.pk, _digest(text), tuple(sorted(comment.mentioned)))
    record(fact, on=subject, by=by, at=at, is_internal=is_internal)
    return comment


@service
def change(
    comment: Comment, text: str, *, on: TenantModel, by: Membership, at: datetime, mention: Collection[UUID] = ()
) -> Comment:
    """Mend what one wrote a moment ago; whoever is mentioned only now is told. Raises `CommentStands`, `NotForThem`."""
    comment = _own(comment, by, at)
    before, comment.text = comment.mentioned, text
    comment.mentions = _mentions(on, comment, by, mention)
    comment.changed_at = at
    comment.save()
    fact = CommentChanged(comment.pk, _digest(text), tuple(sorted(comment.mentioned - before)))
    record(fact, on=on, by=by, at=at, is_internal=comment.is_internal)
    return comment


@service
def remove(comment: Comment, *, on: TenantModel, by: Membership, at: datetime) -> Comment:
    """Take back what one wrote a moment ago: its words go, that there were some stays. Raises `CommentStands`."""
    comment = _own(comment, by, at)
    comment.text, comment.mentions, comment.removed_at = "", [], at
    comment.save()
    record(CommentRemoved(comment.pk), on=on, by=by, at=at, is_internal=comment.is_internal)
    return comment


def _own(comment: Comment, by: Membership, at: datetime) -> Comment:
    comment = Comment.objects.locked(comment.pk)
    if not comment.may_be_mended(by.user_id, at):
        raise CommentStands()
    return comment


def _mentions(subject: TenantModel, comment: Comment, by: Membership, chosen: Collection[UUID]) -> list[dict[str, Any]]:
    reachable = people.mentionable(subject, by)
    typed = mentions.names_in(comment.text, {member.user.name for member in reachable})
    meant = [member for member in reachable if member.user.name in typed or member.user_id in chosen]
    told = [m for m in meant if not (comment.is_internal and m.is_partner) and people.sees(m, subject)]
    names = {member.user.name for member in told}  # of two with one name, whoever sees it is meant
    outside = [m.user.name for m in meant if m not in told and (m.user.name not in names or m.user_id in chosen)]
    if outside:
        raise NotForThem(names=outside, is_internal=comment.is_internal)
    return [{"user": str(member.user_id), "name": member.user.name} for member in told]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
