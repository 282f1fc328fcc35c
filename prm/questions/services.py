"""Asking and answering. The record's own service moves its state in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from prm.questions.models import Question
from prm.tenancy.models import TenantModel


def ask(
    subject: TenantModel, text: str, *, fields: Iterable[str] = (), asked_by: UUID, at: datetime, answer_by: datetime
) -> Question:
    """Put a question about a record; there is no other open one, or the database refuses."""
    question = Question(
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        partner_path=getattr(subject, "partner_path", ""),
        fields=list(fields),
        text=text,
        asked_by_id=asked_by,
        asked_at=at,
        answer_by=answer_by,
    )
    question.save(force_insert=True)
    return question


def answer(subject: TenantModel, text: str, *, answered_by: UUID | None, at: datetime) -> timedelta:
    """Close the open question and return how long it waited, by which the record's promise moves; zero without one."""
    question = open_one(subject)
    if question is None:
        return timedelta()
    question.answer, question.answered_by_id, question.answered_at = text, answered_by, at
    question.save(update_fields=["answer", "answered_by", "answered_at"])
    return at - question.asked_at


def drop(subject: TenantModel) -> None:
    """Take the open question back, as if it had not been asked."""
    Question.objects.filter(subject_id=subject.pk, answered_at__isnull=True).delete()


def open_one(subject: TenantModel) -> Question | None:
    """Return the question that waits for an answer."""
    return Question.objects.filter(subject_id=subject.pk, answered_at__isnull=True).first()


def of(subject: TenantModel) -> list[Question]:
    """Return all questions about a record, the first first."""
    return list(
        Question.objects.filter(subject_id=subject.pk)
        .select_related("asked_by", "answered_by")
        .order_by("asked_at", "id")
    )
