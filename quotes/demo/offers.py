"""Quotes of the demo that went further: asked for, approved, issued, answered, ordered, revised.

Columns of the tables: who writes, since how many days, for which customer, the discount asked with its reason, by how
many percent the partner's own price is above the net, the products where there is no registration, in which language,
and what follows: verbs, each with the days since the one before and sometimes a word (`accept+4:PO-118`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from prm.accounts.models import Membership
from prm.approvals import people
from prm.approvals import queries as agreed
from prm.approvals.plans import Turn
from prm.clocks.hours import day_of
from prm.demo.clock import Story
from prm.demo.filling import chapter
from prm.demo.scenes import Scene
from quotes.demo import stories as drafts
from quotes.enums import Status
from quotes.models import Order, QuoteRevision
from quotes.queries import approvals as steps
from quotes.queries import pricing
from quotes.services import answers, approvals, issuing, links, orders, quotes, revisions
from quotes.services.quotes import Content

TABLES = Path(__file__).with_name("tables")
WORDS = {
    "en": {
        "request": "The customer decides this week; we are one of two.",
        "question": "What does the other offer cost, and who made it?",
        "answer": "About nine percent less, from a reseller of the market leader. We saw the letter.",
        "approve": "Good case. Keep me posted.",
        "too_high": "Fifteen percent is what this size carries.",
        "not_convincing": "No rival is named. Ask again with a reason.",
        "price": "They found it ten percent too dear.",
        "postponed": "The project starts next year.",
        "recall": "The customer changed the quantities.",
        "ship": "The first half left today, the rest follows in ten days.",
        "not_available": "Discontinued before it could be built.",
    },
    "de": {
        "request": "Der Kunde entscheidet diese Woche, wir sind zu zweit im Rennen.",
        "question": "Was kostet das andere Angebot, und von wem ist es?",
        "answer": "Rund neun Prozent weniger, von einem Händler aus Bayern. Der Brief liegt uns vor.",
        "approve": "Guter Fall. Halten Sie mich auf dem Laufenden.",
        "too_high": "Bei dieser Menge tragen sich fünfzehn Prozent.",
        "not_convincing": "Kein Mitbewerber genannt. Bitte mit Begründung erneut anfragen.",
        "price": "Dem Kunden zehn Prozent zu teuer.",
        "postponed": "Das Projekt beginnt erst nächstes Jahr.",
        "recall": "Der Kunde hat die Mengen geändert.",
        "ship": "Die erste Hälfte ist heute raus, der Rest folgt in zehn Tagen.",
        "not_available": "Ausgelaufen, bevor es gebaut werden konnte.",
    },
}


@chapter
def stories(scene: Scene) -> Iterable[Story]:
    table = (TABLES / f"{scene.vendor.slug}_offers.txt").read_text(encoding="utf-8")
    for line in table.strip().splitlines():
        yield telling(Offer(scene, *(cell.strip() for cell in line.split("|"))))


def telling(offer: Offer) -> Story:
    """The quote is written, then one thing follows the other; what nobody answers ends by itself."""
    scene = offer.scene
    at = scene.at(scene.workday(scene.ago(int(offer.days))), 9, 50)
    yield at
    offer.write(at)
    for token in offer.plot.split():
        act, _colon, word = token.partition(":")
        verb, _plus, days = act.partition("+")
        at = scene.after(at, int(days or 0))
        yield from offer.waits(at)
        yield at
        getattr(offer, verb)(at, word)
    yield from offer.waits(None)


@dataclass
class Offer:
    """One line of the table, and the quote it has become."""

    scene: Scene
    seller: str
    days: str
    customer: str
    discount: str
    above: str
    products: str
    language: str
    plot: str
    revision: QuoteRevision = field(init=False)
    order: Order = field(init=False)

    @property
    def by(self) -> Membership:
        return self.scene.member(self.seller)

    @property
    def manager(self) -> Membership:
        return self.scene.member(self.revision.quote.partner.channel_manager.email)

    def say(self, what: str) -> str:
        return WORDS["de" if self.scene.vendor.slug == "ostwerk" else "en"].get(what, "")

    def waits(self, until: datetime | None) -> Story:
        """Remind the partner of an issued offer, and end it, when nothing happens until then."""
        while self.revision.status == Status.ISSUED and self.revision.valid_until:
            last = self.revision.valid_until
            for days in (7, 1):
                at = self.scene.at(last - timedelta(days=days), 7, 5)
                if self.revision.issued_at < at and (until is None or at < until):
                    yield at
                    issuing.remind(self.revision, today=last - timedelta(days=days), at=at)
            at = self.scene.at(last + timedelta(days=1), 0, 5)
            if until is not None and at >= until:
                return
            yield at
            issuing.expire(self.revision, today=last + timedelta(days=1), at=at)
            self.refresh()

    # -- what people do --------------------------------------------------------------------------
    def write(self, at: datetime) -> None:
        registration = None if self.products else drafts.registration_of(self.customer, self.by.partner_id)
        self.revision = quotes.start(
            currency=drafts.currency_of(self.scene),
            by=self.by,
            at=at,
            registration=registration,
            customer={} if registration else {"customer_name": self.customer},
            language=self.language,
        )
        percent, _blank, reason = self.discount.partition(" ")
        kept = drafts.typed(self.products) if self.products else quotes.lines_as_kept(self.revision)
        lines = [replace(line, special_percent=Decimal(percent or 0), special_reason=reason) for line in kept]
        self.revision = quotes.save(self.revision, Content(lines=lines), by=self.by, at=at)
        if self.above:
            drafts.ask(self.revision, Decimal(self.above), self.by, at)
        self.refresh()

    def settle(self, at: datetime) -> None:
        """Price anew what is not issued where the tier or the list changed since; new prices are approved anew."""
        today = day_of(at, self.scene.zone)
        if not pricing.drift_of(self.revision, pricing.lines_of(self.revision.pk), today):
            return
        if was_approved := self.revision.status == Status.APPROVED:
            approvals.reopen(self.revision, by=self.by, at=at)
        quotes.update_prices(self.revision, by=self.by, at=at)
        self.refresh()
        if was_approved and not steps.outlook_of(self.revision).is_clear:
            self.request(at, "")
            self.approve(at, "")

    def request(self, at: datetime, word: str) -> None:
        approvals.request(self.revision, note=self.say("request"), by=self.by, at=at)
        self.refresh()

    def recall(self, at: datetime, word: str) -> None:
        approvals.recall(self.revision, note=self.say("recall"), by=self.by, at=at)
        self.refresh()

    def question(self, at: datetime, word: str) -> None:
        approvals.ask(self.revision, question=self.say("question"), by=self.decider, at=at)
        self.refresh()

    def answer(self, at: datetime, word: str) -> None:
        approvals.answer(self.revision, answer=self.say("answer"), by=self.by, at=at)
        self.refresh()

    def approve(self, at: datetime, word: str) -> None:
        """Let everybody decide whose step it is, the lowest first."""
        while self.revision.status == Status.PENDING_APPROVAL:
            note = self.say("approve") if self.scene.dice.random() < 0.4 else ""
            approvals.approve(self.revision, note=note, by=self.decider, at=at)
            self.refresh()

    def reject(self, at: datetime, word: str) -> None:
        approvals.reject(self.revision, reason_code=word, note=self.say(word), by=self.decider, at=at)
        self.refresh()

    def issue(self, at: datetime, word: str) -> None:
        self.settle(at)
        issuing.issue(self.revision, by=self.by, at=at)
        self.refresh()

    def send(self, at: datetime, word: str) -> None:
        links.make(self.revision, email=self.revision.quote.contact_email, by=self.by, at=at)

    def open(self, at: datetime, word: str) -> None:
        link = self.revision.links.get(closed_at__isnull=True)
        links.note_visit(link, at=at)
        self.refresh()

    def accept(self, at: datetime, word: str) -> None:
        name = self.revision.quote.contact_name or self.customer
        self.order = answers.accept(self.revision, name=name, purchase_order=word, at=at)
        self.refresh()

    def record(self, at: datetime, word: str) -> None:
        name = self.revision.quote.contact_name or self.customer
        self.order = answers.accept(self.revision, name=name, purchase_order=word, by=self.by, at=at)
        self.refresh()

    def decline(self, at: datetime, word: str) -> None:
        name = self.revision.quote.contact_name
        answers.decline(self.revision, reason_code=word, note=self.say(word), name=name, at=at)
        self.refresh()

    def withdraw(self, at: datetime, word: str) -> None:
        issuing.withdraw(self.revision, by=self.by, at=at)
        self.refresh()

    def revise(self, at: datetime, word: str) -> None:
        self.revision = revisions.revise(self.revision, by=self.by, at=at)
        if word:
            lines = [replace(line, quantity=int(word)) for line in quotes.lines_as_kept(self.revision)]
            quotes.save(self.revision, Content(lines=lines), by=self.by, at=at)
        self.refresh()

    # -- what the vendor does with the order -----------------------------------------------------
    def acknowledge(self, at: datetime, word: str) -> None:
        fewer = {line.pk: max(1, line.quantity - int(word)) for line in self.order.lines.all()} if word else None
        orders.acknowledge(self.order, quantities=fewer, by=self.manager, at=at)

    def schedule(self, at: datetime, word: str) -> None:
        day = day_of(at, self.scene.zone) + timedelta(days=int(word))
        orders.schedule(self.order, day=self.scene.workday(day), by=self.manager, at=at)

    def ship(self, at: datetime, word: str) -> None:
        orders.ship(self.order, note=self.say("ship"), by=self.manager, at=at)

    def fulfil(self, at: datetime, word: str) -> None:
        orders.fulfil(self.order, by=self.manager, at=at)

    def cancel(self, at: datetime, word: str) -> None:
        orders.cancel(self.order, reason_code=word, note=self.say(word), by=self.manager, at=at)

    # -- who and what is there now ---------------------------------------------------------------
    @property
    def decider(self) -> Membership:
        """Return who decides the lowest step that waits: the partner's channel manager, if it is theirs."""
        approval = agreed.current_of(self.revision)
        assert approval is not None, "something waits"
        standing, staff = agreed.standing_of(approval), people.staff(self.scene.now)
        if isinstance(staff.turn(standing, self.manager), Turn):
            return self.manager
        return min(staff.able(standing, standing.waiting[-1]), key=lambda member: member.pk)

    def refresh(self) -> None:
        rows = QuoteRevision.objects.select_related("quote__partner__channel_manager", "quote__registration", "policy")
        self.revision = rows.get(pk=self.revision.pk)
