"""Makes claims for tests, through the services; say only what matters to the test."""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from mdf.enums import ProofKind
from mdf.models import Claim, ClaimLine, ClaimProof, FundRequest, PayingAccount, PaymentBatch
from mdf.services import claim_decisions, claims, paying_accounts, payments
from mdf.services.claims import Content, Cost
from partners.models import Partner
from prm.accounts.models import Membership
from prm.accounts.roles import Role
from prm.files import services as files
from prm.files.inspection import of_our_own_making
from prm.money import Money
from prm.tenancy.fields import uuid7
from tests import build
from tests.mdf.build import allocation, approved, fund

AFTER = datetime(2027, 2, 22, 9, tzinfo=UTC)  # a Monday after the activity of `build.content`
INVOICED = date(2027, 2, 15)
PROOFS = (ProofKind.INVOICE, ProofKind.PHOTO)
_serial = count(1)


def eur(amount: Any) -> Money:
    return Money(Decimal(amount), "EUR")


def owner_of(request: FundRequest | Claim) -> Membership:
    return Membership.objects.get(user=request.owner_id, partner_id=request.partner_id)


def finance() -> Membership:
    return build.member(Role.FINANCE)


def document(color: int, name: str = "invoice.pdf") -> SimpleUploadedFile:
    """A file of its own content for each number."""
    content = io.BytesIO()
    picture = Image.new("RGB", (8, 8), (color % 256, color // 256 % 256, color // 65536))
    picture.save(content, "PDF" if name.endswith(".pdf") else "PNG")
    return SimpleUploadedFile(name, content.getvalue())


def proof(
    claim: Claim,
    kind: ProofKind = ProofKind.INVOICE,
    *,
    content: int | None = None,
    by: Membership | None = None,
    at: datetime = AFTER,
) -> ClaimProof:
    name = "photo.png" if kind == ProofKind.PHOTO else f"{kind.value}.pdf"
    upload = document(next(_serial) * 977 if content is None else content, name)
    with of_our_own_making():
        file = files.add(upload, on=claim, by=by or owner_of(claim), at=at)
    return claims.prove(claim, file, kind)


def draft(request: FundRequest | None = None, *, at: datetime = AFTER) -> Claim:
    request = request or approved()
    return claims.start(request, by=owner_of(request), at=at)


def cost_of(line: ClaimLine, amount: Any = None, **facts: Any) -> Cost:
    whole = {
        "supplier": "Hafenspeicher Events",
        "invoice_number": f"R-{next(_serial)}",
        "invoice_on": line.claim.request.ends_on + timedelta(days=2),
        **facts,
    }
    cost = Money(Decimal(line.cost_amount if amount is None else amount), line.currency)
    return Cost(line.pk, line.what, cost, **whole)


def content(claim: Claim, *amounts: Any, extra: Collection[Cost] = (), **fields: Any) -> Content:
    """Every line with its invoice, at the planned cost or the amounts given."""
    lines = list(claim.lines.order_by("position"))
    wanted = amounts or [None] * len(lines)
    costs = [cost_of(line, amount) for line, amount in zip(lines, wanted, strict=True)]
    return Content({"settled_on": claim.request.ends_on + timedelta(days=6), **fields}, [*costs, *extra])


def unplanned(amount: Any, note: str = "Booked late", **facts: Any) -> Cost:
    whole = {"supplier": "Foto Lindqvist", "invoice_number": f"F-{next(_serial)}", "invoice_on": INVOICED}
    return Cost(uuid7(), "Photographer", eur(amount), **{**whole, "note": note, **facts})


def submitted(
    request: FundRequest | None = None,
    *amounts: Any,
    extra: Collection[Cost] = (),
    proofs: Collection[ProofKind] = PROOFS,
    same: Mapping[str, Any] | None = None,
    at: datetime = AFTER,
    **fields: Any,
) -> Claim:
    """A claim as planned, or with these costs; `same` repeats facts of another claim's invoice on the first line."""
    claim = draft(request, at=at)
    for kind in proofs:
        proof(claim, kind, at=at)
    typed = content(claim, *amounts, extra=extra, **fields)
    if same:
        first, *others = typed.costs or ()
        typed = replace(typed, costs=[replace(first, **same), *others])
    return claims.submit(claim, typed, by=owner_of(claim), at=at)


def decided(claim: Claim | None = None, *, at: datetime = AFTER, **facts: Any) -> Claim:
    """A claim approved as recommended."""
    return claim_decisions.approve(claim or submitted(at=at), by=build.manager(), at=at, **facts)


def batch(*claimed: Claim, at: datetime = AFTER, amounts: Mapping[Any, Money] | None = None) -> PaymentBatch:
    wanted = claimed or (decided(at=at),)
    return payments.make_batch([claim.pk for claim in wanted], by=finance(), at=at, amounts=amounts)


def paying_account(iban: str = "DE75512108001245126199", **facts: Any) -> PayingAccount:
    details = paying_accounts.Details(**{"currency": "EUR", "holder": "Halyard Systems", "iban": iban, **facts})
    return paying_accounts.add(details, by=finance(), at=AFTER)


def paid(claim: Claim | None = None, *, at: datetime = AFTER) -> Claim:
    claim = claim or decided(at=at)
    made = batch(claim, at=at)
    [row] = made.payments.all()
    payments.pay(made, [row.pk], total=row.transferred, paid_on=at.date(), by=finance(), at=at)
    claim.refresh_from_db()
    return claim


def in_every_state(by: Membership, manager: Membership, now: datetime) -> list[Any]:
    """One claim of each kind for a browser to look at, the first still a draft; and a batch."""
    share = allocation(
        60_000,
        of=fund(90_000, at=now - timedelta(days=80), starts_on=now.date() - timedelta(days=80)),
        to=Partner.objects.get(pk=by.partner_id),
        at=now - timedelta(days=80),
    )
    day = now.date() - timedelta(days=20)
    facts = {"by": by, "at": now - timedelta(days=70), "starts_on": day, "ends_on": day + timedelta(days=1)}

    def ready(title: str) -> FundRequest:
        return approved(share, title=title, **facts)

    def sent(title: str, *amounts: Any, **more: Any) -> Claim:
        return submitted(ready(title), *amounts, at=now - timedelta(hours=2), **more)

    extra = unplanned(350, invoice_on=day, note="We booked the photographer late")
    flagged = sent("Retail security roadshow, Hamburg", 2_800, 1_000, extra=[extra], result="Forty visitors came.")
    invoice = flagged.lines.order_by("position")[0]
    same = {"supplier": invoice.supplier, "invoice_number": invoice.invoice_number}
    asked, rejected = sent("Webinar: zero trust"), sent("Breakfast seminar")
    claim_decisions.ask(asked, question="Which hall was it?", fields=("lines", "files"), by=manager, at=now)
    claim_decisions.reject(rejected, reason_code="no_proof", note="No list.", by=manager, at=now)
    waiting = decided(sent("Booth at the fair"), at=now)
    batched = batch(decided(sent("Customer dinner"), at=now), at=now)
    done = paid(decided(sent("Co-branded film"), at=now), at=now)
    return [
        draft(ready("Press day"), at=now),
        flagged,
        sent("Customer day, Malm\u00f6", same=same),
        sent("LinkedIn campaign, October"),
        asked,
        rejected,
        waiting,
        done,
        batched,
        *batched.payments.all(),
        ready("Open day"),
    ]
