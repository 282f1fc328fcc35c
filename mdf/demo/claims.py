"""What partners claim for their activities, and how it is decided and paid.

Columns of the tables: the activity's title, the day of sending in days ago, the supplier, and the plot.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from pathlib import Path

from mdf.demo import custom, evidence
from mdf.enums import ClaimStatus, ProofKind, ProofVerdict, RequestStatus
from mdf.models import Claim, ClaimProof, FundRequest, PayingAccount
from mdf.queries import claims as queries
from mdf.queries import paying_accounts as accounts_to_pay_from
from mdf.queries import payments as to_pay
from mdf.services import claim_decisions, claims, paying_accounts, payments
from mdf.services.claims import Content, Cost
from partners.models import Partner
from prm.accounts.models import Membership
from prm.accounts.roles import Role
from prm.demo.clock import Story
from prm.demo.filling import chapter
from prm.demo.scenes import Scene
from prm.demo.vendors import VENDORS
from prm.files import services as files
from prm.money import Money
from prm.tenancy.fields import uuid7

TABLES = Path(__file__).with_name("tables")
COLORS = ("#0f6d8a", "#7a1f5c", "#2f6b3a", "#8a5a0f")
FIRST, LAST, EVERY, PAID_AFTER = 330, 40, 35, 3  # days
IBANS = {"halyard": "NL91ABNA0417164300", "ostwerk": "CH9300762011623852957"}
WORDS = {
    "en": {
        "over": "This cost more than the offer said.",
        "extra": "Photographer",
        "late": "We booked the photographer late. Fine to leave it out if the plan can’t cover it.",
        "cut": "The brochures show another product.",
        "wrong": "This is last year’s list.",
        "question": "Please send the list of this event.",
        "answer": "Sorry, here is the right one.",
        "reclaim": "The organizer gave half of it back.",
        "result": "Well attended; follow-up calls are booked.",
    },
    "de": {
        "over": "Das war teurer als im Angebot.",
        "extra": "Fotograf",
        "late": "Den Fotografen haben wir spät gebucht. Er kann gern entfallen.",
        "cut": "Die Prospekte zeigen ein anderes Produkt.",
        "wrong": "Das ist die Liste vom letzten Jahr.",
        "question": "Bitte senden Sie die Liste dieser Veranstaltung.",
        "answer": "Entschuldigung, hier ist die richtige.",
        "reclaim": "Der Veranstalter hat die Hälfte erstattet.",
        "result": "Gut besucht; Folgetermine sind vereinbart.",
    },
}


@dataclass
class Told:
    """One line of the table, and the claim it has become."""

    scene: Scene
    title: str
    sent: str
    supplier: str
    plot: str
    claim: Claim = field(init=False)

    @cached_property
    def by(self) -> Membership:
        return Membership.objects.select_related("user").get(
            user=self.claim.request.owner_id, partner_id=self.claim.partner_id
        )

    @cached_property
    def manager(self) -> Membership:
        partner = Partner.objects.select_related("channel_manager").get(pk=self.claim.partner_id)
        return self.scene.member(partner.channel_manager.email)

    def say(self, what: str) -> str:
        return WORDS[str(VENDORS[self.scene.vendor.slug][1]["language"])][what]


@chapter
def stories(scene: Scene) -> Iterable[Story]:
    for line in (TABLES / f"{scene.vendor.slug}_claims.txt").read_text(encoding="utf-8").splitlines():
        if line.strip():
            yield story_of(Told(scene, *(cell.strip() for cell in line.split("|"))))
    yield paying(scene)


def story_of(told: Told) -> Story:
    """A claim is filled in from the approved plan, sent, and decided as its plot says."""
    scene = told.scene
    at = scene.in_office_hours(scene.workday(scene.ago(int(told.sent))))
    yield at
    request = FundRequest.objects.filter(title=told.title, status=RequestStatus.APPROVED).first()
    if request is None:
        return
    owner = Membership.objects.select_related("user").get(user=request.owner_id, partner_id=request.partner_id)
    told.claim = claims.start(request, by=owner, at=at)
    if told.plot == "draft":
        return
    told.claim = queries.with_parts(Claim.objects.all()).get(pk=told.claim.pk)
    content = _content(told)
    _prove(told, content, at)
    told.claim = claims.submit(told.claim, content, by=told.by, at=at)
    yield from PLOTS[told.plot](told, at)


def waiting(told: Told, at: datetime) -> Story:
    """It waits in the inbox."""
    yield told.scene.after(at, 1)


def approved(told: Told, at: datetime) -> Story:
    at = told.scene.after(at, 3)
    yield at
    _approve(told, at)


def cut(told: Told, at: datetime) -> Story:
    """One cost is cut with a reason before the rest is approved."""
    at = told.scene.after(at, 2)
    yield at
    line = queries.lines_of(told.claim)[-1]
    half = Money((line.asked_amount / 2).quantize(Decimal(1)), line.currency)
    claim_decisions.judge_line(line, half, reason_code="other", note=told.say("cut"), by=told.manager, at=at)
    _approve(told, at + timedelta(minutes=6))


def wrong(told: Told, at: datetime) -> Story:
    """A file is returned and asked about; if that is long ago, the right one came and it was approved."""
    at = told.scene.after(at, 2)
    yield at
    wrong = ClaimProof.objects.select_related("file").filter(claim=told.claim).exclude(kind=ProofKind.INVOICE)[0]
    returned = ProofVerdict.RETURNED
    said = {"reason_code": "unreadable", "note": told.say("wrong")}
    claim_decisions.judge_file(wrong, returned, **said, by=told.manager, at=at)
    at += timedelta(minutes=4)
    claim_decisions.ask(told.claim, question=told.say("question"), fields=("files",), by=told.manager, at=at)
    at = told.scene.after(at, 15 if int(told.sent) < 20 else 4)
    yield at
    claim = Claim.objects.get(pk=told.claim.pk)
    if claim.status != ClaimStatus.INFO_REQUESTED:
        return
    kind = ProofKind(wrong.kind)
    files.remove(wrong.file, on=claim, by=told.by, at=at)
    right = evidence.proof(kind, f"{told.title}, 2", "#444444")[1]
    claims.prove(claim, files.add(right, on=claim, by=told.by, at=at), kind)
    claims.answer(claim, Content(), text=told.say("answer"), by=told.by, at=at)
    yield from approved(told, at)


def rejected(told: Told, at: datetime) -> Story:
    at = told.scene.after(at, 2)
    yield at
    claim_decisions.reject(told.claim, reason_code="no_proof", note=told.say("wrong"), by=told.manager, at=at)


def reclaimed(told: Told, at: datetime) -> Story:
    """Paid, and months later half of it is taken back."""
    yield from approved(told, at)
    at = told.scene.after(at, 90)
    yield at
    claim = Claim.objects.get(pk=told.claim.pk)
    if claim.status == ClaimStatus.PAID:
        half = Money((claim.paid_amount / 2).quantize(Decimal(1)), claim.currency)
        said = {"reason_code": "other", "note": told.say("reclaim")}
        payments.claw_back(claim, half, **said, by=_finance(), at=at)


PLOTS = {
    "waiting": waiting,
    "over": waiting,
    "double": waiting,
    "approved": approved,
    "over, approved": approved,
    "cut": cut,
    "wrong": wrong,
    "rejected": rejected,
    "reclaimed": reclaimed,
}


def paying(scene: Scene) -> Story:
    """Every few weeks finance puts what waits into a batch, paid days later; of the last a part."""
    for days in range(FIRST, LAST, -EVERY):
        at = scene.at(scene.workday(scene.ago(days)), 11)
        yield at
        waiting = [claim for claim in to_pay.to_pay() if claim.decided_at and claim.decided_at < at]
        if not waiting:
            continue
        first = waiting[0]
        half = Money((first.unpaid.amount / 2).quantize(Decimal(1)), first.currency)
        parts = {first.pk: half} if days - EVERY <= LAST else {}
        batch = payments.make_batch([claim.pk for claim in waiting], amounts=parts, by=_finance(), at=at)
        account = _paid_from(scene, batch.currency, at)
        payments.export(batch, "xml", account=account, by=_finance(), at=at + timedelta(minutes=2))
        at = scene.at(scene.workday(scene.ago(max(days - PAID_AFTER, 0))), 15)
        yield max(at, scene.at(scene.workday(scene.ago(days)), 12))
        rows = list(batch.payments.all())
        total = sum((row.transferred for row in rows), Money(Decimal(0), batch.currency))
        payments.pay(
            batch, [row.pk for row in rows], total=total, paid_on=scene.workday(scene.ago(days)), by=_finance(), at=at
        )


def _paid_from(scene: Scene, currency: str, at: datetime) -> PayingAccount:
    """Finance adds the account before the first batch of its currency."""
    kept = accounts_to_pay_from.in_use(currency)
    details = paying_accounts.Details(currency, scene.vendor.name, IBANS[scene.vendor.slug])
    return kept[0] if kept else paying_accounts.add(details, by=_finance(), at=at)


def _approve(told: Told, at: datetime) -> None:
    """Approve as it stands; a second person agrees where the amount asks for one."""
    claim = claim_decisions.approve(told.claim, by=told.manager, at=at)
    if claim.decided_at is None:
        rows = Membership.objects.select_related("user").filter(role__in=(Role.ADMIN, Role.CHANNEL_MANAGER))
        other = rows.exclude(pk=told.manager.pk).order_by("role", "id")[0]
        claim_decisions.approve(claim, by=other, at=at + timedelta(hours=1))


def _content(told: Told) -> Content:
    claim = told.claim
    ended = claim.request.ends_on
    assert ended is not None
    lines = queries.lines_of(claim)
    number = f"{ended:%y}-{1000 + int(told.sent)}"
    facts = {"supplier": told.supplier, "invoice_number": number, "invoice_on": ended + timedelta(days=1)}
    costs = [Cost(line.pk, line.what, line.cost, **facts) for line in lines]
    is_over = told.plot.startswith("over")
    if is_over:
        dearer = Money(costs[0].cost.amount * Decimal("1.045"), claim.currency).rounded()
        costs[0] = Cost(costs[0].id, costs[0].what, dearer, **facts, note=told.say("over"))
        facts |= {"note": told.say("late")}
        costs.append(Cost(uuid7(), told.say("extra"), Money(Decimal(350), claim.currency), **facts))
    if told.plot == "double" and (before := _claimed_before(claim)):
        again = {"supplier": before.supplier, "invoice_number": before.invoice_number, "invoice_on": ended}
        costs[0] = Cost(costs[0].id, costs[0].what, costs[0].cost, **again)
    fields = {
        "settled_on": ended + timedelta(days=1),
        "result": told.say("late") if is_over else told.say("result"),
        "stated_amount": sum((cost.cost.amount for cost in costs), Decimal(0)),
        "leads_won": claim.request.expected_leads,
    }
    return Content(fields, costs, custom=custom.gained(claim.request.expected_leads or 0, claim.currency))


def _claimed_before(claim: Claim) -> Cost | None:
    rows = Claim.objects.filter(partner=claim.partner_id, submitted_at__isnull=False).order_by("-submitted_at")
    earlier = rows.first()
    if earlier is None:
        return None
    line = queries.lines_of(earlier)[0]
    return Cost(line.pk, line.what, line.cost, line.supplier, line.invoice_number, line.invoice_on)


def _prove(told: Told, content: Content, at: datetime) -> None:
    """Add each invoice and one other proof that the kind of activity asks for."""
    kind_of = told.claim.request.activity_type
    assert kind_of is not None
    color = COLORS[told.scene.dice.randrange(len(COLORS))]
    invoices = defaultdict[tuple[str, str, date], list[tuple[str, Money]]](list)
    for cost in content.costs or ():
        assert cost.invoice_on is not None
        invoices[cost.supplier, cost.invoice_number, cost.invoice_on].append((cost.what, cost.cost))
    wanted = [kind for kind in (*kind_of.proofs_all, *kind_of.proofs_any[:1]) if kind != ProofKind.INVOICE]
    proofs = [(ProofKind.INVOICE.value, evidence.invoice(*of, lines, color)) for of, lines in invoices.items()]
    proofs += [evidence.proof(ProofKind(kind), told.title, color) for kind in wanted]
    for kind, upload in proofs:
        file = files.add(upload, on=told.claim, by=told.by, at=at)
        claims.prove(told.claim, file, ProofKind(kind))


def _finance() -> Membership:
    return Membership.objects.select_related("user").filter(role=Role.FINANCE).order_by("joined_at", "id")[0]
