"""How a deal can go, as stories. Their numbers are days before the present, unless a plot says otherwise."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from deals.demo.deals import Deal
from deals.enums import Stage
from deals.rules import lifecycle
from prm.clocks import calendars
from prm.clocks.hours import day_of
from prm.demo.clock import Story

PROTECTION = 90  # days, by the terms in force now
EXTENSION_ASKED = 78  # days after the approval
SOON = timedelta(minutes=50)


def story_of(deal: Deal) -> Story:
    """Return the story that the deal's line names: the plot, then its numbers and words."""
    name, *words = deal.plot.split()
    return PLOTS[name](deal, *(int(word) if word.isdigit() else word for word in words))


def draft(deal: Deal, days: int) -> Story:
    """Complete, but not sent yet."""
    at = _past(deal, days)
    yield at
    deal.save(at)


def half(deal: Deal, days: int) -> Story:
    """Left in the middle, with mistakes."""
    at = _past(deal, days)
    yield at
    deal.save_half(at)


def new(deal: Deal, hours: int) -> Story:
    """Sent so many hours ago."""
    yield from _sent(deal, deal.scene.now - timedelta(hours=hours))


def today(deal: Deal) -> Story:
    """Promised to be decided today, or on Monday if today is a day of rest."""
    scene = deal.scene
    promised = scene.at(scene.today, 23, 15)
    while promised.weekday() >= 5:
        promised = scene.at(promised.date() + timedelta(days=1), 16, 15)
    at = min(promised, max(scene.now + timedelta(hours=2), scene.at(promised.date(), 16, 15)))
    sent = at
    while calendars.in_business_days(2, at=sent) > at:
        sent -= timedelta(days=1)
    yield from _sent(deal, sent)
    at = sent + SOON
    yield at
    deal.attach_plan(at)


def late(deal: Deal) -> Story:
    """Promised for last week, and nobody has decided."""
    yield from _sent(deal, _past(deal, 7))


def review(deal: Deal, days: int) -> Story:
    """Somebody is looking at it."""
    at = _past(deal, days)
    yield from _sent(deal, at - SOON)
    yield at
    deal.open(at)
    yield from _noted(deal, at)


def asked(deal: Deal, days: int) -> Story:
    """The vendor asked something so many days ago, and waits; after the days of the terms it lapses."""
    yield from _asked(deal, _past(deal, days))


def answered(deal: Deal, days: int) -> Story:
    """The vendor asked, the partner answered the next working day, and it is with the vendor again."""
    at = _past(deal, days)
    yield from _asked(deal, at)
    at = deal.scene.after(at, 1)
    yield at
    deal.answer(at)


def withdrawn(deal: Deal, days: int) -> Story:
    at = _past(deal, days)
    yield from _sent(deal, _the_day_before(deal, at))
    yield at
    deal.withdraw(at)


def rejected(deal: Deal, days: int, reason: str) -> Story:
    at = _past(deal, days)
    yield from _opened(deal, at)
    yield at
    deal.reject(at, reason)


def appealed(deal: Deal, days: int, reason: str) -> Story:
    """Rejected so many days ago, and appealed the next working day; nobody has decided about that yet."""
    at = _past(deal, days)
    yield from _opened(deal, at)
    yield at
    deal.reject(at, reason)
    at = min(deal.scene.after(at, 1), deal.scene.now - timedelta(hours=1))
    yield at
    deal.appeal(at)


def settled(deal: Deal, days: int, reason: str, outcome: str) -> Story:
    """Appealed, and decided for good two working days later."""
    yield from appealed(deal, days, reason)
    at = deal.scene.after(_past(deal, days), 4)
    yield at
    deal.settle(at, outcome)


def undone(deal: Deal, days: int) -> Story:
    """Approved by a slip, taken back at once, and approved the next day."""
    at = _past(deal, days)
    yield from _opened(deal, at)
    yield at
    deal.approve(at)
    at += timedelta(seconds=6)
    yield at
    deal.undo(at)
    at = deal.scene.after(at, 1)
    yield at
    deal.approve(at)


def active(deal: Deal, days: int, stage: str = Stage.PROSPECT, until: int = 0) -> Story:
    """Approved so many days ago and worked on since, up to a stage."""
    scene = deal.scene
    at = _on(deal, scene.ago(days))
    yield from _approved(deal, at)
    end = scene.at(scene.workday(scene.ago(until)), 7) if until else scene.now
    yield from _worked_on(deal, at, end, Stage(stage))


def left(deal: Deal, days_left: int, stage: str = Stage.PROSPECT, until: int = 0) -> Story:
    """Protected for so many days more."""
    yield from active(deal, PROTECTION - days_left, stage, until)


def extension(deal: Deal, days_left: int) -> Story:
    """Protected for so many days more, and the partner has asked for an extension."""
    yield from left(deal, days_left, Stage.TECHNICAL_VALIDATION, until=1)
    at = _past(deal, 1)
    yield at
    deal.attach_notes(at)
    deal.ask_extension(at)


def refused(deal: Deal, days_left: int) -> Story:
    """As before, but the vendor has refused it."""
    yield from left(deal, days_left, Stage.QUALIFIED, until=6)
    at = _past(deal, 6)
    yield at
    deal.ask_extension(at)
    at = deal.scene.after(at, 1)
    yield at
    deal.refuse_extension(at)


def extended(deal: Deal, days: int, stage: str) -> Story:
    """Approved so many days ago and extended before it ended."""
    yield from active(deal, days, stage, until=days - EXTENSION_ASKED)
    asked_on = deal.scene.ago(days - EXTENSION_ASKED)
    at = _on(deal, asked_on)
    yield at
    deal.ask_extension(at)
    at = _on(deal, asked_on + timedelta(days=2))
    yield at
    deal.extend(at)


def expired(deal: Deal, days: int) -> Story:
    """Approved so many days ago, and then nothing: the clock ends it."""
    yield from _approved(deal, _on(deal, deal.scene.ago(days)))


def expired_won(deal: Deal, days: int) -> Story:
    """Won three weeks after the protection ended."""
    yield from expired(deal, days)
    at = _past(deal, days - PROTECTION - 21)
    yield at
    deal.win(at)


def expired_lost(deal: Deal, days: int, reason: str) -> Story:
    yield from expired(deal, days)
    at = _past(deal, days - PROTECTION - 14)
    yield at
    deal.lose(at, reason)


def released(deal: Deal, days: int) -> Story:
    """Given up by the partner a month after the approval."""
    yield from active(deal, days, Stage.QUALIFIED, until=days - 31)
    at = _past(deal, days - 31)
    yield at
    deal.release(at)


def revoked(deal: Deal, days: int, reason: str) -> Story:
    """Taken away six weeks after the approval."""
    yield from _approved(deal, _on(deal, deal.scene.ago(days)))
    at = _past(deal, days - 43)
    yield at
    deal.revoke(at, reason)


def won(deal: Deal, days: int, duration: int) -> Story:
    """Approved so many days ago and won that much later."""
    yield from active(deal, days, Stage.COMMITTED, until=days - duration)
    at = _past(deal, days - duration)
    yield at
    deal.win(at)


def lost(deal: Deal, days: int, duration: int, reason: str) -> Story:
    yield from active(deal, days, Stage.TECHNICAL_VALIDATION, until=days - duration)
    at = _past(deal, days - duration)
    yield at
    deal.lose(at, reason)


PLOTS: dict[str, Callable[..., Story]] = {
    "draft": draft,
    "half": half,
    "new": new,
    "today": today,
    "late": late,
    "review": review,
    "asked": asked,
    "answered": answered,
    "lapsed": asked,
    "withdrawn": withdrawn,
    "rejected": rejected,
    "appealed": appealed,
    "settled": settled,
    "undone": undone,
    "active": active,
    "left": left,
    "extension": extension,
    "refused": refused,
    "extended": extended,
    "expired": expired,
    "expired-won": expired_won,
    "expired-lost": expired_lost,
    "released": released,
    "revoked": revoked,
    "won": won,
    "lost": lost,
}


def _sent(deal: Deal, at: datetime) -> Story:
    """The draft is begun up to two days before it is sent."""
    scene = deal.scene
    begun_on = scene.workday(day_of(at, scene.zone) - timedelta(days=scene.dice.randrange(3)))
    begun = min(_on(deal, begun_on), at - timedelta(minutes=scene.dice.randrange(10, 40)))
    yield begun
    deal.save(begun)
    yield at
    deal.submit(at)


def _asked(deal: Deal, at: datetime) -> Story:
    yield from _sent(deal, _the_day_before(deal, at))
    yield at
    deal.ask(at)


def _opened(deal: Deal, decided_at: datetime) -> Story:
    """It was sent a working day before the decision, and looked at shortly before it."""
    yield from _sent(deal, _the_day_before(deal, decided_at))
    at = decided_at - SOON
    yield at
    deal.open(at)
    if deal.scene.dice.random() < 0.2:
        yield from _noted(deal, at)


def _approved(deal: Deal, at: datetime) -> Story:
    yield from _opened(deal, at)
    yield at
    deal.approve(at)


def _worked_on(deal: Deal, start: datetime, end: datetime, target: Stage) -> Story:
    """The deal moves from stage to stage, in even steps, and now and then somebody writes."""
    stages = lifecycle.open_stages()
    ahead = stages[1 : stages.index(target) + 1]
    step = (end - start) / (len(ahead) + 1)
    for number, stage in enumerate(ahead, 1):
        day = day_of(start + number * step, deal.scene.zone)
        at = max(_on(deal, deal.scene.workday(day)), start + number * SOON)
        yield at
        deal.advance(at, stage)
        if deal.scene.dice.random() < 0.2:
            yield from _talked(deal, at)


def _talked(deal: Deal, at: datetime) -> Story:
    comment, reply = deal.say("talks")
    at += timedelta(minutes=deal.scene.dice.randrange(2, 20))
    yield at
    deal.comment(at, comment)
    at += timedelta(minutes=deal.scene.dice.randrange(5, 30))
    yield at
    deal.reply(at, reply)


def _noted(deal: Deal, at: datetime) -> Story:
    at += timedelta(minutes=deal.scene.dice.randrange(5, 45))
    yield at
    deal.note(at)


def _the_day_before(deal: Deal, at: datetime) -> datetime:
    return _on(deal, deal.scene.workday(day_of(at, deal.scene.zone) - timedelta(days=1)))


def _on(deal: Deal, day: date) -> datetime:
    return deal.scene.in_office_hours(day)


def _past(deal: Deal, days: int) -> datetime:
    """Return a time on a working day about so many days ago; today means within the last hours."""
    scene = deal.scene
    at = scene.in_office_hours(scene.workday(scene.ago(days)))
    return at if days else min(at, scene.now - timedelta(minutes=scene.dice.randrange(30, 180)))
