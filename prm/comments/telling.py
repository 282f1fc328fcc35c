"""Telling people of what is written: those mentioned by name, and whoever has to do with the record."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from prm.accounts.models import Membership, User
from prm.comments import people, subjects
from prm.comments.events import CommentAdded, CommentChanged
from prm.comments.models import Comment
from prm.events.models import Delivery, Event
from prm.events.outbox import handles
from prm.notifications.kinds import Audience, kind
from prm.notifications.services import notify

MENTIONED = kind("prm.comment_mentioned", _("Somebody mentions you"), Audience.EVERYBODY)
ADDED = kind("prm.comment_added", _("Somebody of the other side comments"), Audience.EVERYBODY)
NOTED = kind("prm.comment_noted", _("A colleague writes an internal note"), Audience.VENDOR)


@handles(CommentAdded, CommentChanged)
def tell_of_comment(event: Event, delivery: Delivery) -> None:
    """Tell those mentioned, and of a new comment the other side; of an internal note whoever looks after the record."""
    comment = Comment.objects.select_related("by").filter(pk=event.payload["comment_id"], removed_at=None).first()
    if comment is None:
        return
    subject = subjects.load(comment.subject_type, comment.subject_id)
    declared = subjects.of(subject)
    facts = {
        "title": declared.title(subject),
        "by": comment.by.name,
        "text": comment.text,
        "is_internal": comment.is_internal,
    }
    said: dict[str, Any] = {"event": event, "path": declared.path(subject), "facts": facts, "delivery": delivery}
    mentioned = _mentioned(event, subject)
    notify(mentioned.values(), kind=MENTIONED, **said)
    if event.name != CommentAdded.name:
        return
    of_vendor = comment.is_internal or event.by_firm
    concerned = declared.of_vendor(subject) if of_vendor else declared.of_firm(subject)
    others = [user for user in concerned if user.pk != event.by_id and user.pk not in mentioned]
    notify(others, kind=NOTED if comment.is_internal else ADDED, **said)


def _mentioned(event: Event, subject: subjects.Subject) -> dict[object, User]:
    """Return who is told by name, as far as they still may see the record."""
    rows = Membership.objects.filter(user_id__in=event.payload["mentions"], status=Membership.Status.ACTIVE)
    if not event.partner_path:
        rows = rows.filter(partner_id=None)
    return {row.user_id: row.user for row in rows.select_related("user") if people.sees(row, subject)}
