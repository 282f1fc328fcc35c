"""What somebody keeps to themselves stands on no page, in no export, paper, news or search of those it is kept from.

`test_routes.py` says who may open an address; this reads what is answered there. Every secret is first found by those
it belongs to, in the same pages.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cache, partial
from typing import Any

import pytest
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader

from deals.services import decisions, registrations
from mdf.models import Claim, FundRequest
from mdf.services import claim_decisions
from partners.models import Partner
from partners.services import partners
from prm.accounts.roles import Role
from prm.comments import services as comments
from prm.custom_fields import services as custom_fields
from prm.custom_fields.kinds import KINDS
from prm.disputes import services as disputes
from prm.documents.models import BOTH
from prm.events.outbox import UNDO_TIME, deliver_due
from quotes.models import QuoteLine, QuoteRevision
from tests import build
from tests.architecture.test_routes import ROWS, Route, Stage, refusing_plainly, routes, signed_in, staged
from tests.mdf import build as mdf
from tests.mdf import claim_build
from tests.partners import build as joining
from tests.prm.custom_fields import asking
from tests.quotes import build as quoting

RESALE = "4711.13"
NOTE, RIVAL = "Zwischenruf", "Nightjar"
SECRETS = {
    "resale price": re.compile(r"4[.,]?711[.,]13|47[.,]?111[.,]3"),  # of one, and of ten
    "internal note": re.compile(NOTE),
    "reseller of another distributor": re.compile(RIVAL),
}
KEPT_FROM = {
    "admin": {"resale price"},
    "above": {"resale price", "internal note", "reseller of another distributor"},
    "owner": {"internal note", "reseller of another distributor"},
}
QUESTIONS: dict[str, list[dict[str, str]]] = {"search": [{"q": "4711"}, {"q": NOTE[:6]}, {"q": RIVAL[:6]}]}
USUAL: list[dict[str, str]] = [{}, {"view": "all"}]


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: Any) -> Iterator[Stage]:
    for stage in staged(django_db_blocker):
        told = with_notes(with_resale_prices(stage))
        with_a_rival(told)
        deliver_due(stage.vendor.pk, now=lambda: timezone.now() + UNDO_TIME)
        yield told


def with_resale_prices(stage: Stage) -> Stage:
    """Quotes of the firm in each state, all with its own price; their papers are written."""
    owner, product = stage.actors["owner"], QuoteLine.objects.get(pk=stage.ids["quote_line"]).product
    dear = quoting.some(product, resale=RESALE)
    draft, issued = quoting.quote(dear, by=owner), quoting.issued(dear, by=owner)
    asked = quoting.requested(replace(dear, special_percent=Decimal(20), special_reason="Three rivals."), by=owner)
    order = quoting.ordered(dear, by=owner)
    made = {"quote": draft.quote, "quote_line": draft.lines.get(), "asked_quote": asked, "issued_quote": issued}
    made |= {"order": order, "paper": BOTH[0].objects.get(pk=issued.document_id)}
    return replace(stage, ids=stage.ids | {name: str(row.pk) for name, row in made.items()})


def with_notes(stage: Stage) -> Stage:
    """Whatever the vendor's people may write down among themselves about the firm."""
    said: dict[str, Any] = {"by": stage.actors["manager"], "at": timezone.now()}
    deal = registrations.Registration.objects.get(pk=stage.ids["deal"])
    request, claim = FundRequest.objects.get(pk=stage.ids["fund_request"]), Claim.objects.get(pk=stage.ids["claim"])
    firm = Partner.objects.get(pk=stage.ids["firm"])
    answered = {"deals.registration": deal, "mdf.request": request, "mdf.claim": claim, "partners.partner": firm}
    for kind, record in answered.items():
        if kind != "deals.registration":
            asking.ask("Risk", of=kind, is_internal=True)
        custom_fields.answer(KINDS[kind], record, {"risk": NOTE}, seen={}, **said)
    quote = QuoteRevision.objects.get(pk=stage.ids["issued_quote"]).quote
    for subject in (deal, request, claim, quote):
        comments.write(subject, f"{NOTE} @{stage.actors['admin'].user.name}", is_internal=True, **said)
    partners.note(firm, NOTE, **said)
    return stage


def with_a_rival(stage: Stage) -> None:
    """A reseller of the distributor beside, after the same customer, with something of everything."""
    beside = Partner.objects.get(pk=stage.actors["beside"].partner_id)
    firm = build.partner(f"{RIVAL} Networks", distributor=beside)
    seller = build.member(Role.PARTNER_ADMIN, of=firm, name=f"Nora {RIVAL}")
    deal = registrations.Registration.objects.get(pk=stage.ids["deal"])
    refused = build.submitted(by=seller, customer_name=deal.customer_name, customer_website=deal.customer_website)
    build.approved(by=seller, customer_name=f"{RIVAL} Customer")
    line = quoting.some(QuoteLine.objects.get(pk=stage.ids["quote_line"]).product)
    quoting.issued(line, by=seller, customer_name=f"{RIVAL} Customer")
    quoting.ordered(line, by=seller, customer_name=f"{RIVAL} Customer")
    share = mdf.allocation(5_000, of=mdf.FundProgram.objects.get(pk=stage.ids["fund"]), to=firm)
    claim = claim_build.submitted(mdf.approved(share, by=seller, title=f"{RIVAL} evening"))
    with_appeals(stage, refused, claim, by=seller)
    joining.signed(firm)
    joining.certificate(seller)


def with_appeals(stage: Stage, deal: registrations.Registration, claim: Claim, *, by: Any) -> None:
    """What the rival says when it is refused, a question about it, and what the vendor answers for good."""
    said: dict[str, Any] = {"reason_code": "other", "note": f"{RIVAL} was late.", "by": stage.actors["manager"]}
    now = timezone.now()
    appeal = {"reason_code": "other", "text": f"{RIVAL} was first.", "by": by, "at": now}
    asked = disputes.appeal(decisions.reject(deal, **said, at=now), **appeal)
    disputes.ask(asked, f"Where was {RIVAL}?", by=stage.actors["admin"], at=now)
    upheld = disputes.appeal(claim_decisions.reject(claim, **said, at=now), **appeal)
    disputes.uphold(upheld, **said | {"by": stage.actors["admin"]}, at=now)


@pytest.fixture(scope="module")
def told_to(stage: Stage) -> Callable[[str], list[tuple[str, str]]]:
    """Everything is read once for each of those who ask."""
    return cache(partial(read, stage))


@pytest.mark.parametrize("actor", KEPT_FROM)
def test_nothing_that_is_answered_tells_what_is_kept_from_whoever_asks(told_to, actor):
    assert not [(name, where) for name, where in told_to(actor) if name in KEPT_FROM[actor]]


@pytest.mark.parametrize(
    ("actor", "own"),
    [
        ("owner", {"resale price"}),
        ("admin", {"internal note", "reseller of another distributor"}),
        ("beside", {"reseller of another distributor"}),
    ],
)
def test_those_it_belongs_to_find_it(told_to, actor, own):
    assert own <= {name for name, _where in told_to(actor)}


def read(stage: Stage, actor: str) -> list[tuple[str, str]]:
    """Return which secrets stand where in all that somebody may read."""
    client, found = signed_in(stage, actor), []
    with refusing_plainly():
        for route in routes("prm.urls_vendor"):
            for address, question in _asked(route, stage):
                answer = client.get(f"/{stage.vendor.slug}/{address}", question)
                text = _read(answer) if answer.status_code == 200 else answer.headers.get("Location", "")
                found += [(name, f"{address} {question}") for name, mark in SECRETS.items() if mark.search(text)]
    return found


def _asked(route: Route, stage: Stage) -> Iterator[tuple[str, dict[str, str]]]:
    if route.name not in ROWS:
        return
    kinds, _sees = ROWS[route.name]
    address = route.pattern
    for name, kind in kinds.items():
        address = re.sub(rf"<\w+:{name}>", stage.ids.get(kind, kind), address)
    address = address.replace("<str:subject_type>", "deals.registration")
    for question in QUESTIONS.get(route.name, USUAL[:1] if kinds else USUAL):
        yield address, question


def _read(answer: Any) -> str:
    """Return the words of an answer, of whatever kind its file is."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    kind = answer.headers.get("Content-Type", "")
    if kind == "application/pdf":
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    if "spreadsheetml" in kind:
        sheets = load_workbook(io.BytesIO(content)).worksheets
        return "\n".join(str(value) for sheet in sheets for row in sheet.values for value in row)
    return content.decode(errors="replace")
