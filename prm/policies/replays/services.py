"""Trying a draft on past records: step by step, so that it can be watched, stopped and taken up again."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import OperationalError

from prm.accounts.models import Membership
from prm.events import outbox
from prm.events.models import Delivery
from prm.events.refusals import DomainError
from prm.events.service import service
from prm.policies import versions
from prm.policies.areas import AREAS, Area
from prm.policies.past import Compared, Past
from prm.policies.replays.models import Replay, ReplayChange
from prm.tenancy.context import as_system

logger = logging.getLogger(__name__)
STEP = 200


class NothingToReplay(DomainError):
    """There is no draft that could be tried."""


class NothingInForce(DomainError):
    """There are no rules in force yet with which a draft could be compared."""


class NotReadable(DomainError):
    """The draft has mistakes, so nobody can say what it would do."""


@service
def start(area: Area, *, first_on: date, last_on: date, today: date, by: Membership, at: datetime) -> Replay:
    """Begin to try the draft of an area; `go_on` does it step by step.

    Raises `NothingToReplay`, `NotReadable` and `NothingInForce`.
    """
    draft = versions.draft_of(area.key)
    if draft is None:
        raise NothingToReplay
    if problems := area.problems(draft.body):
        raise NotReadable(number=len(problems))
    version = versions.current_of(versions.history(area.key), today)
    if version is None:
        raise NothingInForce
    replay = Replay(
        area=area.key,
        version=version,
        body=draft.body,
        revision=draft.revision,
        first_on=first_on,
        last_on=last_on,
        total=_past(area.key).number(first_on, last_on),
        at=at,
        by_id=by.user_id,
    )
    replay.save(force_insert=True)
    return replay


@service
def go_on(pk: UUID) -> bool:
    """Judge the next records; False once it is over. Nothing but the replay itself is changed."""
    replay = Replay.objects.select_for_update(of=("self",)).select_related("version").get(pk=pk)
    if replay.status != Replay.Status.RUNNING:
        return False
    rows = _past(replay.area).compare(
        replay.first_on,
        replay.last_on,
        after=replay.reached,
        limit=STEP,
        before_body=replay.version.body,
        after_body=replay.body,
    )
    names = [effect.name for effect in AREAS[replay.area].outcomes(replay.body)]
    changed = [(row, row.changes(names)) for row in rows]
    ReplayChange.objects.bulk_create([_change(replay, row, found) for row, found in changed if found])
    replay.changed += sum(bool(found) for _row, found in changed)
    replay.tally = _tallied(replay.tally, rows, names[0])
    replay.done += len(rows)
    if rows:
        replay.reached = rows[-1].pk
    if len(rows) < STEP:
        replay.status, replay.total = Replay.Status.DONE, replay.done
    replay.save()
    return replay.status == Replay.Status.RUNNING


@service
def cancel(replay: Replay) -> Replay:
    """Stop a replay that runs; one that is over stays as it is."""
    replay = Replay.objects.locked(replay.pk)
    if replay.status == Replay.Status.RUNNING:
        replay.status = Replay.Status.CANCELLED
        replay.save()
    return replay


@service
def forget(before: datetime) -> int:
    """Throw away replays from before an instant, and return how many."""
    rows = Replay.objects.filter(at__lt=before)
    ReplayChange.objects.filter(replay__in=rows).delete()
    return rows.delete()[0]


def run(replay: Replay) -> None:
    """Judge few records at once, and let the worker go on with many."""
    if go_on(replay.pk):
        outbox.enqueue(work, replay.pk)


@outbox.sends
def work(pk: UUID, delivery: Delivery) -> None:
    """Judge all records, a step in each transaction: what is done stays done, whatever becomes of the worker."""
    running = True
    while running:
        try:
            with as_system(delivery.tenant_id):
                running = go_on(pk)
        except OperationalError:
            raise  # the database is away; somebody tries again from the last step
        except Exception:
            logger.exception("replay failed", extra={"replay": str(pk)})
            with as_system(delivery.tenant_id):
                Replay.objects.filter(pk=pk).update(status=Replay.Status.FAILED)
            return


def _past(key: str) -> Past:
    past = AREAS[key].past
    if past is None:
        raise LookupError(f"{key} shows no past records.")
    return past


def _change(replay: Replay, row: Compared, found: Sequence[tuple[str, Any, Any]]) -> ReplayChange:
    (effect, before, after), *more = found
    money = row.value or row.before.given
    given = [
        side.given.amount if side.given is not None and row.has_one_currency else None
        for side in (row.before, row.after)
    ]
    return ReplayChange(
        replay=replay,
        record_id=row.pk,
        page=row.page,
        title=row.title[:260],
        detail=row.detail[:260],
        on=row.on,
        amount=row.value.amount if row.value else None,
        currency=money.currency if money else "",
        given_before=given[0],
        given_after=given[1],
        effect=effect,
        before=before,
        after=after,
        more=[list(change) for change in more],
        rules_before=list(row.before.rules),
        rules_after=list(row.after.rules),
    )


Tally = dict[str, dict[str, dict[str, Any]]]


def _tallied(tally: Tally, rows: Iterable[Compared], name: str) -> Tally:
    """Add how many records come to each outcome, and what they are worth in each currency."""
    for row in rows:
        for side, outcome in (("before", row.before), ("after", row.after)):
            entry = tally.setdefault(side, {}).setdefault(str(outcome.effects.get(name)), {"count": 0, "sums": {}})
            entry["count"] += 1
            if row.value:
                total = Decimal(entry["sums"].get(row.value.currency, "0")) + row.value.amount
                entry["sums"][row.value.currency] = str(total)
    return tally
