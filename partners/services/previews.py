"""Trying a draft of the programme on all partners: who would move, from what to what, and because of what."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from partners.models import Preview
from partners.queries import standings
from partners.queries.days import today_of_vendor
from partners.queries.standings import Foreseen
from partners.rules import checking, requirements
from partners.rules.programs import AREA, ProgramTerms
from partners.rules.tiers import Move
from partners.services.programs import NotReady
from prm.accounts.models import Membership
from prm.events import outbox
from prm.events.models import Delivery
from prm.events.service import service
from prm.money.amounts import currencies
from prm.policies import versions
from prm.tenancy.context import as_system

STEP = 200


@service
def start(*, by: Membership, at: datetime) -> Preview:
    """Begin to try the draft; `go_on` does it step by step. Raises `NothingDrafted` and `NotReady`."""
    draft = versions.draft_of(AREA)
    if draft is None:
        raise versions.NothingDrafted
    if problems := checking.problems_of(draft.body, currencies()):
        raise NotReady(number=len(problems))
    preview = Preview(
        body=draft.body,
        revision=draft.revision,
        on=today_of_vendor(at),
        total=standings.active().count(),
        at=at,
        by_id=by.user_id,
    )
    preview.save(force_insert=True)
    return preview


@service
def go_on(pk: UUID) -> bool:
    """Try the next partners; False once all were tried. Nothing but the preview itself is changed."""
    preview = Preview.objects.locked(pk)
    if preview.status == Preview.Status.DONE:
        return False
    rows = list(standings.active()[preview.done : preview.done + STEP])
    terms = ProgramTerms.from_body(preview.body)
    found = standings.foreseen(rows, terms, preview.on)
    preview.moves = [*preview.moves, *(_told(seen) for seen in found if seen.decision.move != Move.KEEP)]
    preview.done += len(rows)
    if len(rows) < STEP:
        preview.status, preview.total = Preview.Status.DONE, preview.done
    preview.save()
    return preview.status == Preview.Status.RUNNING


def _told(seen: Foreseen) -> dict[str, Any]:
    return {
        "partner": str(seen.partner.pk),
        "name": seen.partner.name,
        "move": seen.decision.move.value,
        "before": seen.before.name if seen.before else seen.before_name,
        "after": seen.after.name if seen.after else "",
        "until": seen.decision.demotes_on.isoformat() if seen.decision.demotes_on else None,
        "reasons": [why.value for why in seen.decision.reasons],
        "trace": requirements.trace_of(seen.result) if seen.result else None,
    }


def enqueue(preview: Preview) -> None:
    """Let the worker go on with a preview of many partners."""
    outbox.enqueue(work, preview.pk)


@outbox.sends
def work(pk: UUID, delivery: Delivery) -> None:
    """Try all partners, a step in each transaction, so that the page can show how far it is."""
    running = True
    while running:
        with as_system(delivery.tenant_id):
            running = go_on(pk)
