"""Throwing drafts away, putting them back, and deleting them once nobody will want them any more."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from prm.accounts.models import Membership
from prm.drafts.events import DraftDiscarded, DraftRestored
from prm.drafts.kinds import KINDS, Kind
from prm.drafts.models import DraftModel
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service
from prm.files.models import File
from prm.tenancy.context import seeing_thrown_away

KEPT = timedelta(days=30)


class NotFound(LookupError):
    """Nothing of this person has such an id, or it is gone for good."""


class DraftSent(DomainError):
    """It is no draft any more: somebody sent it meanwhile."""


@service
def throw_away(kind: Kind, pk: UUID, *, by: Membership, at: datetime) -> DraftModel:
    """Take a draft out of everybody's sight, with all that belongs to it. Raises `NotFound`, `DraftSent`."""
    with seeing_thrown_away():
        draft = _locked(kind, pk, by)
        if draft.thrown_away_at is None:
            _mark(kind, draft, at)
            record(DraftDiscarded(), on=draft, by=by, at=at)
    return draft


@service
def put_back(kind: Kind, pk: UUID, *, by: Membership, at: datetime) -> DraftModel:
    """Let a draft that was thrown away be as if it never was. Raises `NotFound`, and what the kind refuses with."""
    with seeing_thrown_away():
        draft = _locked(kind, pk, by)
    if draft.thrown_away_at is not None:
        kind.refuse_unfit(draft, at)
        with seeing_thrown_away():
            _mark(kind, draft, None)
        record(DraftRestored(), on=draft, by=by, at=at)
    return draft


def thrown_away(by: Membership) -> list[tuple[Kind, DraftModel]]:
    """Return the drafts that a member may put back, those thrown away last first."""
    with seeing_thrown_away():
        found = [
            (kind, draft)
            for kind in KINDS.values()
            if by.has(kind.permission)
            for draft in kind.own(by).filter(thrown_away_at__isnull=False)
        ]
    return sorted(found, key=lambda pair: pair[1].thrown_away_at, reverse=True)  # type: ignore[arg-type, return-value]


def overdue(at: datetime) -> Iterable[DraftModel]:
    """Return the drafts that were thrown away too long ago to be put back, the oldest first."""
    with seeing_thrown_away():
        return [
            draft
            for kind in KINDS.values()
            for draft in kind.model.objects.filter(thrown_away_at__lt=at - KEPT).order_by("thrown_away_at", "id")
        ]


@service
def purge(draft: DraftModel, *, at: datetime) -> bool:
    """Delete a draft for good, unless it was put back meanwhile; its files were taken away when it was."""
    with seeing_thrown_away():
        rows = type(draft).objects.select_for_update(of=("self",)).filter(thrown_away_at__lt=at - KEPT)
        row = rows.filter(pk=draft.pk).first()
        if row is None:
            return False
        File.objects.filter(subject_id=row.pk, removed_at__isnull=True).update(removed_at=row.thrown_away_at)
        row.delete()
    return True


def _locked(kind: Kind, pk: UUID, by: Membership) -> DraftModel:
    """Return the draft, asked for again once it is locked: it may have been sent by whoever held it."""
    kind.model.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    draft: DraftModel | None = kind.own(by).filter(pk=pk).first()
    if draft is None:
        raise NotFound(pk)
    if not kind.is_draft(draft):
        raise DraftSent
    return draft


def _mark(kind: Kind, draft: DraftModel, at: datetime | None) -> None:
    for row in (draft, *kind.parts(draft)):
        row.thrown_away_at = at
        row.save(update_fields=["thrown_away_at"])
