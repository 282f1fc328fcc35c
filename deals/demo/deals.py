"""A deal of the demo: what the table says of it, and what its people do, each at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from anyascii import anyascii

from deals.demo import attachments, catalog, custom
from deals.demo.words import WORDS, Words
from deals.enums import ActivityKind, Stage
from deals.models import Registration, Sale
from deals.services import achievements, decisions, drafts, outcomes, protection, registrations
from deals.services.drafts import Activity, Content, Line
from partners.models import Partner
from partners.services import evaluation
from prm.accounts.models import Membership
from prm.accounts.roles import Role
from prm.clocks.hours import day_of
from prm.comments import services as comments
from prm.demo.scenes import Scene
from prm.demo.vendors import VENDORS
from prm.disputes import services as disputes
from prm.files import services as files
from prm.money import Money
from prm.tenancy.fields import uuid7


@dataclass
class Deal:
    """One line of the table, and the registration it has become."""

    scene: Scene
    seller: str
    customer: str
    website: str
    country: str
    city: str
    tax_id: str
    contact: str
    products: str
    thousands: str
    plot: str
    registration: Registration = field(init=False)

    @cached_property
    def by(self) -> Membership:
        return self.scene.member(self.seller)

    @cached_property
    def manager(self) -> Membership:
        partner = Partner.objects.select_related("channel_manager").get(pk=self.by.partner_id)
        return self.scene.member(partner.channel_manager.email)

    @property
    def words(self) -> Words:
        return WORDS[self._profile["language"]]

    @property
    def currency(self) -> str:
        return str(self._profile["currency"])

    @property
    def _profile(self) -> dict[str, Any]:
        return VENDORS[self.scene.vendor.slug][1]

    def save(self, at: datetime) -> None:
        """Keep a complete draft."""
        self.registration = drafts.save(uuid7(), self._content(at), by=self.by, at=at)

    def save_half(self, at: datetime) -> None:
        """Keep a draft that was left in the middle, with things typed that nobody can read."""
        website, value, close_on = self.words.half_typed
        lines = catalog.lines(self.products)
        typed = {
            "customer_name": [self.customer],
            "customer_website": [website],
            "customer_country": [self.country],
            "families": [str(line.family.pk) for line in lines],
            "value_amount": [value],
            "value_currency": [self.currency],
            "close_on": [close_on],
        }
        fields = {"customer_name": self.customer, "customer_country": self.country}
        self.registration = drafts.save(uuid7(), Content(fields, lines, [], typed), by=self.by, at=at)

    def attach_notes(self, at: datetime) -> None:
        """Add the notes of the last meeting."""
        said = [note for _kind, note in self.words.activities[:4]]
        upload = attachments.notes(self.customer, said, str(self._profile["brand_color"]))
        files.add(upload, on=self.registration, by=self.by, at=at)

    def attach_plan(self, at: datetime) -> None:
        """Add a drawing of the sites."""
        upload = attachments.plan(3 + self._pace % 3, str(self._profile["brand_color"]))
        files.add(upload, on=self.registration, by=self.by, at=at)

    def submit(self, at: datetime) -> None:
        self.registration = registrations.submit(self.registration, self._content(at), by=self.by, at=at)

    def open(self, at: datetime) -> None:
        decisions.open_review(self.registration, by=self.manager, at=at)

    def approve(self, at: datetime) -> None:
        self.registration = decisions.approve(self.registration, by=self.manager, at=at, note=self.say("approvals"))
        achievements.credit_approval(self.registration, at=at)

    def undo(self, at: datetime) -> None:
        decisions.undo(self.registration, by=self.manager, at=at)

    def reject(self, at: datetime, reason: str) -> None:
        note = self.words.refusals[reason]
        decisions.reject(self.registration, reason_code=reason, note=note, by=self.manager, at=at)

    def appeal(self, at: datetime) -> None:
        facts = {"reason_code": "facts_overlooked", "text": self.words.appeal}
        self.dispute = disputes.appeal(self.registration, **facts, by=self.by, at=at)

    def settle(self, at: datetime, outcome: str) -> None:
        """Let an administrator, who had no part in it, decide about the appeal."""
        neutral = Membership.objects.filter(role=Role.ADMIN).order_by("pk")[0]
        facts = {"reason_code": "other", "note": getattr(self.words, outcome), "by": neutral, "at": at}
        work = disputes.overturn if outcome == "overturned" else disputes.uphold
        work(self.dispute, **facts)
        self.registration.refresh_from_db()

    def ask(self, at: datetime) -> None:
        fields = ("close_on", "customer_city")
        decisions.ask(self.registration, question=self.say("questions"), fields=fields, by=self.manager, at=at)

    def answer(self, at: datetime) -> None:
        registrations.answer(self.registration, None, text=self.say("answers"), by=self.by, at=at)

    def withdraw(self, at: datetime) -> None:
        registrations.withdraw(self.registration, by=self.by, at=at)

    def ask_extension(self, at: datetime) -> None:
        protection.ask_extension(self.registration, progress=self.say("progress"), by=self.by, at=at)

    def extend(self, at: datetime) -> None:
        protection.extend(self.registration, by=self.manager, at=at)

    def refuse_extension(self, at: datetime) -> None:
        note = self.words.refusals["no_evidence"]
        protection.refuse_extension(self.registration, reason_code="no_evidence", note=note, by=self.manager, at=at)

    def release(self, at: datetime) -> None:
        protection.release(self.registration, by=self.by, at=at)

    def revoke(self, at: datetime, reason: str) -> None:
        note = self.words.refusals[reason]
        protection.revoke(self.registration, reason_code=reason, note=note, by=self.manager, at=at)

    def advance(self, at: datetime, stage: Stage) -> None:
        outcomes.advance(self.registration, stage, by=self.by, at=at)

    def win(self, at: datetime) -> None:
        """Close it at what was agreed in the end: a little less, or more, than was expected."""
        amount = (self._value * self.scene.dice.randrange(86, 112) / 100).quantize(Decimal(10))
        won = outcomes.win(self.registration, Money(amount, self.currency), by=self.by, at=at)
        achievements.credit_win(won, at=at)
        achievements.credit_sale(Sale.objects.select_related("partner").get(registration=won), at=at)
        evaluation.evaluate(won.partner, at=at)

    def lose(self, at: datetime, reason: str) -> None:
        outcomes.lose(self.registration, reason_code=reason, note=self.words.refusals[reason], by=self.by, at=at)

    def comment(self, at: datetime, text: str) -> None:
        comments.write(self.registration, text, by=self.by, at=at)

    def reply(self, at: datetime, text: str) -> None:
        comments.write(self.registration, f"@{self.by.user.name}: {text}", by=self.manager, at=at)

    def note(self, at: datetime) -> None:
        """Write something that only the vendor's people see."""
        comments.write(self.registration, self.say("notes"), by=self.manager, at=at, is_internal=True)

    def say(self, kind: str) -> Any:
        return self.scene.dice.choice(getattr(self.words, kind))

    @property
    def _value(self) -> Decimal:
        return Decimal(self.thousands) * 1000

    def _content(self, at: datetime) -> Content:
        day = day_of(at, self.scene.zone)
        return Content(
            {
                "customer_name": self.customer,
                "customer_website": self.website,
                "customer_country": self.country,
                "customer_city": self.city,
                "customer_tax_id": self.tax_id,
                "contact_name": self.contact,
                "contact_email": _address(self.contact, self.website),
                "value_amount": self._value,
                "value_currency": self.currency,
                "close_on": self._close_on(day),
                "reason_to_buy": self._reason,
            },
            self._lines,
            list(self._activities(day)),
            custom=custom.answers(self._pace),
        )

    @cached_property
    def _lines(self) -> list[Line]:
        return catalog.lines(self.products)

    @cached_property
    def _reason(self) -> str:
        return self.say("reasons")

    @cached_property
    def _pace(self) -> int:
        return self.scene.dice.randrange(95, 170)

    def _close_on(self, day: date) -> date:
        return day + timedelta(days=self._pace)

    def _activities(self, day: date) -> Iterator[Activity]:
        """Tell the same one to three meetings each time the form is filled in."""
        told = self.words.activities
        for number in range(1 + self._pace % 3):
            kind, note = told[(self._pace * 7 + number * 3) % len(told)]
            yield Activity(ActivityKind(kind), day - timedelta(days=4 + 6 * number), note)


def _address(name: str, website: str) -> str:
    """Return an e-mail address at the customer for its contact."""
    words = [word for word in anyascii(name).lower().replace(".", "").split() if word.isalpha()]
    return f"{'.'.join(words)}@{'.'.join(website.split('.')[-2:])}"
