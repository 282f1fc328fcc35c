"""What partners ask for, and what becomes of it.

Columns of the tables: who asks, fund, submitted, first and last day in days ago (negative is to come), kind of
activity, title, audience, expected result, leads, costs, and the plot.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import UUID

from mdf.demo import custom
from mdf.models import ActivityType, FundAllocation, FundProgram, FundRequest
from mdf.queries import requests as queries
from mdf.services import decisions, drafts, forfeitures, requests
from mdf.services.drafts import Content, Line
from partners.models import Partner
from prm.accounts.models import Membership
from prm.accounts.roles import Role
from prm.demo.clock import Story
from prm.demo.filling import chapter
from prm.demo.scenes import Scene
from prm.demo.vendors import VENDORS
from prm.tenancy.fields import uuid7

TABLES = Path(__file__).with_name("tables")
WORDS = {
    "en": {
        "question": "Who speaks, and how do you invite them? The room looks dear for this number of guests.",
        "answer": "Two of our engineers and a customer. The room includes the technology and a moderator.",
        "approval": "A good plan. Send us the list of guests afterwards.",
        "part": "We pay for what reaches new customers; gifts are yours.",
        "rejection": "This reaches customers who buy from us already.",
        "cancel": "The co-host withdrew.",
        "withdraw": "We moved it to next quarter.",
    },
    "de": {
        "question": "Wer trägt vor, und wie laden Sie ein? Die Raumkosten wirken hoch für so viele Gäste.",
        "answer": "Zwei unserer Ingenieure und ein Kunde. Im Raum sind Technik und Moderation enthalten.",
        "approval": "Ein guter Plan. Schicken Sie uns danach die Gästeliste.",
        "part": "Wir zahlen für das, was neue Kunden erreicht; Geschenke tragen Sie selbst.",
        "rejection": "Das erreicht Kunden, die bereits bei uns kaufen.",
        "cancel": "Der Mitveranstalter ist abgesprungen.",
        "withdraw": "Wir haben es ins nächste Quartal verschoben.",
    },
}


@dataclass
class Plan:
    """One line of the table, and the request it has become."""

    scene: Scene
    asker: str
    fund: str
    submitted: str
    starts: str
    ends: str
    kind: str
    title: str
    audience: str
    result: str
    leads: str
    costs: str
    plot: str
    request: FundRequest = field(init=False)

    @cached_property
    def by(self) -> Membership:
        return self.scene.member(self.asker)

    @cached_property
    def manager(self) -> Membership:
        partner = Partner.objects.select_related("channel_manager").get(pk=self.by.partner_id)
        return self.scene.member(partner.channel_manager.email)

    @property
    def words(self) -> dict[str, str]:
        return WORDS[str(VENDORS[self.scene.vendor.slug][1]["language"])]

    def say(self, what: str) -> str:
        return self.words[what]

    @property
    def content(self) -> Content:
        facts: dict[str, Any] = {
            "fund": FundProgram.objects.get(name=self.fund),
            "activity_type": ActivityType.objects.get(code=self.kind),
            "title": self.title,
            "starts_on": self.scene.ago(int(self.starts)),
            "ends_on": self.scene.ago(int(self.ends)),
            "audience": self.audience,
            "expected_result": self.result,
            "expected_leads": int(self.leads),
        }
        costs = [cost.strip().rsplit(" ", 1) for cost in self.costs.split(";")]
        lines = [Line(what, Decimal(amount)) for what, amount in costs]
        return Content(facts, lines, custom=custom.planned(self.scene, int(self.leads)))

    def approve(self, by: Membership, at: datetime, *, part: bool = False) -> None:
        """Approve everything, or only half of the last line."""
        amounts: dict[UUID, Decimal] = {line.pk: line.asked_amount for line in queries.lines_of(self.request)}
        if part:
            last = next(reversed(amounts))
            amounts[last] = (amounts[last] / 2).quantize(Decimal(1))
        note = self.say("part" if part else "approval")
        self.request = decisions.approve(self.request, amounts, by=by, at=at, note=note)


@chapter
def stories(scene: Scene) -> Iterable[Story]:
    for line in (TABLES / f"{scene.vendor.slug}_requests.txt").read_text(encoding="utf-8").splitlines():
        if line.strip():
            yield story_of(Plan(scene, *(cell.strip() for cell in line.split("|"))))


def story_of(plan: Plan) -> Story:
    """A request is typed, sent, decided as its plot says, and ends by itself if nobody does anything."""
    scene = plan.scene
    at = scene.in_office_hours(scene.workday(scene.ago(int(plan.submitted))))
    yield at
    by, content = plan.by, plan.content
    plan.request = drafts.save(uuid7(), content, by=by, at=at)
    if plan.plot == "draft":
        return
    at += timedelta(minutes=scene.dice.randrange(5, 25))
    yield at
    plan.request = requests.submit(plan.request, content, by=by, at=at)
    yield from PLOTS[plan.plot](plan, at)


def waiting(plan: Plan, at: datetime) -> Story:
    at = plan.scene.after(at, 1)
    yield at
    decisions.open_review(plan.request, by=plan.manager, at=at)


def approved(plan: Plan, at: datetime, *, part: bool = False) -> Story:
    """Approved, by a second person where the amount asks for one; reminded of, and lapsed if nobody claims."""
    at = plan.scene.after(at, 2)
    yield at
    plan.approve(plan.manager, at, part=part)
    if plan.request.decided_at is None:
        at = plan.scene.after(at, 1)
        yield at
        plan.approve(_other(plan.manager), at, part=False)
    yield from _until_the_deadline(plan)


def partly(plan: Plan, at: datetime) -> Story:
    yield from approved(plan, at, part=True)


def half_agreed(plan: Plan, at: datetime) -> Story:
    """The first of two approvals is given; the second waits."""
    at = plan.scene.after(at, 1)
    yield at
    plan.approve(plan.manager, at)


def asked(plan: Plan, at: datetime) -> Story:
    """Asked about; where nobody answers in time it is withdrawn."""
    at = plan.scene.after(at, 2)
    yield at
    fields = ("lines", "expected_result")
    plan.request = decisions.ask(plan.request, question=plan.say("question"), fields=fields, by=plan.manager, at=at)
    assert plan.request.answer_by is not None
    at = plan.request.answer_by + timedelta(minutes=5)
    yield at
    requests.lapse_unanswered(plan.request, at=at)


def answered(plan: Plan, at: datetime) -> Story:
    at = plan.scene.after(at, 1)
    yield at
    plan.request = decisions.ask(plan.request, question=plan.say("question"), by=plan.manager, at=at)
    at = plan.scene.after(at, 3)
    yield at
    plan.request = requests.answer(plan.request, None, text=plan.say("answer"), by=plan.by, at=at)
    yield from approved(plan, at)


def rejected(plan: Plan, at: datetime) -> Story:
    at = plan.scene.after(at, 3)
    yield at
    decisions.reject(plan.request, reason_code="no_fit", note=plan.say("rejection"), by=plan.manager, at=at)


def withdrawn(plan: Plan, at: datetime) -> Story:
    at = plan.scene.after(at, 1)
    yield at
    requests.withdraw(plan.request, by=plan.by, at=at, note=plan.say("withdraw"))


def cancelled(plan: Plan, at: datetime) -> Story:
    at = plan.scene.after(at, 2)
    yield at
    plan.approve(plan.manager, at)
    at = plan.scene.after(at, 6)
    yield at
    requests.cancel(plan.request, by=plan.by, at=at, note=plan.say("cancel"))


PLOTS = {
    "waiting": waiting,
    "approved": approved,
    "part": partly,
    "half": half_agreed,
    "asked": asked,
    "answered": answered,
    "rejected": rejected,
    "withdrawn": withdrawn,
    "cancelled": cancelled,
}


def _until_the_deadline(plan: Plan) -> Story:
    """The clock reminds of the claim, and lets lapse what nobody claimed; whoever claims is not disturbed."""
    claim_by = plan.request.claim_by
    assert claim_by is not None
    for days in (14, 1):
        at = plan.scene.at(claim_by - timedelta(days=days), 7, 5)
        yield at
        requests.remind(plan.request, at=at)
    at = plan.scene.at(claim_by + timedelta(days=1), 0, 5)
    yield at
    requests.lapse_unclaimed(plan.request, at=at)
    forfeitures.forfeit(FundAllocation.objects.get(pk=plan.request.allocation_id), at=at)


def _other(member: Membership) -> Membership:
    """Return somebody else who may approve."""
    rows = Membership.objects.select_related("user").filter(role__in=(Role.ADMIN, Role.CHANNEL_MANAGER))
    return rows.exclude(pk=member.pk).order_by("role", "id")[0]
