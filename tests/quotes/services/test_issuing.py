"""Issuing, what it freezes, and how an offer ends."""

from contextlib import nullcontext
from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction

from deals.services import protection
from prm.documents.models import Document, PrivateDocument
from prm.tenancy.context import acting_as
from prm.tenancy.fields import uuid7
from quotes.enums import Approval, Status
from quotes.models import OfferLink, PriceStep, QuoteLine, QuoteRevision
from quotes.queries import pricing
from quotes.services import approvals, issuing, links, quotes, revisions
from quotes.services.issuing import ApprovalMissing, PartnerNotActive
from quotes.services.moves import NotPossible
from quotes.services.quotes import Drifted, Incomplete, NotADraft
from tests import build
from tests.build import MONDAY
from tests.quotes import build as quoting
from tests.quotes.build import TODAY

ANOTHER = {
    "BooleanField": "NOT {}",
    "CharField": "substr('withdrawn', 1, {1})",
    "DateField": "{} + 1",
    "DateTimeField": "coalesce({}, now()) + interval '1 day'",
    "DecimalField": "{} + 1",
    "ForeignKey": "gen_random_uuid()",
    "JSONField": "'[1]'",
    "PositiveIntegerField": "{} + 1",
    "PositiveSmallIntegerField": "coalesce({}, 0) + 1",
    "TenantForeignKey": "gen_random_uuid()",
    "TenantKey": "gen_random_uuid()",
    "TextField": "'other'",
    "UUIDField": "gen_random_uuid()",
}


@pytest.fixture(autouse=True)
def terms(vendor):
    return quoting.terms()


def test_a_quote_without_special_discounts_is_issued_at_once():
    revision = quoting.issued()

    assert revision.state == (Status.ISSUED, Approval.NOT_REQUIRED)
    assert revision.valid_until == TODAY + timedelta(days=30)


def test_the_offer_never_stands_longer_than_the_protection():
    seller = build.seller()
    product, registration = quoting.priced(), build.approved(by=seller)
    late = MONDAY + timedelta(days=80)

    revision = quoting.issued(quoting.some(product), by=seller, at=late, registration=registration)

    assert revision.valid_until == registration.protected_until < late.date() + timedelta(days=30)


def test_what_has_to_be_approved_is_not_issued_before():
    seller = build.seller()
    draft = quoting.drafted(quoting.some(quoting.priced(), special=20), by=seller)

    with pytest.raises(ApprovalMissing) as refusal:
        issuing.issue(draft, by=seller, at=MONDAY)

    assert "Channel manager" in refusal.value.sentence
    draft.refresh_from_db()
    assert draft.status == Status.DRAFT


def test_prices_that_have_changed_are_taken_over_before_issue():
    seller, product = build.seller(), quoting.product()
    first = quoting.price_list({product: 100})
    draft = quoting.drafted(quoting.some(product), by=seller)
    quoting.next_version(first, {product: 110}, starts_on=TODAY + timedelta(days=1))
    tomorrow = MONDAY + timedelta(days=1)

    with pytest.raises(Drifted):
        issuing.issue(draft, by=seller, at=tomorrow)
    draft.refresh_from_db()
    updated = quotes.update_prices(draft, by=seller, at=tomorrow)

    assert issuing.issue(updated, by=seller, at=tomorrow).net_total == D("1100.0000")


def test_an_empty_quote_is_not_issued():
    seller = build.seller()
    quoting.priced()
    draft = quotes.start(currency="EUR", by=seller, at=MONDAY)

    with pytest.raises(Incomplete):
        issuing.issue(draft, by=seller, at=MONDAY)


def test_a_suspended_partner_issues_nothing():
    seller = build.seller()
    draft = quoting.drafted(by=seller)
    partner = draft.quote.partner
    partner.status = "suspended"
    partner.save()

    with pytest.raises(PartnerNotActive):
        issuing.issue(draft, by=seller, at=MONDAY)


def test_an_issued_quote_is_neither_saved_nor_priced_nor_approved_again():
    seller = build.seller()
    revision = quoting.issued(by=seller)

    with pytest.raises(NotADraft):
        quotes.save(revision, quoting.content(customer_name="Other"), by=seller, at=MONDAY)
    with pytest.raises(NotADraft):
        quotes.update_prices(revision, by=seller, at=MONDAY)
    with pytest.raises(NotPossible):
        approvals.request(revision, by=seller, at=MONDAY)
    with pytest.raises(NotPossible):
        issuing.issue(revision, by=seller, at=MONDAY)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE quotes_quoteline SET is_sealed = false",
        "DELETE FROM quotes_quoteline",
        "UPDATE quotes_pricestep SET is_sealed = false",
        "DELETE FROM quotes_pricestep",
    ],
)
def test_the_database_itself_changes_nothing_of_an_issued_line(statement):
    revision = quoting.issued()
    before = _content_of(revision)

    with connection.cursor() as cursor:
        cursor.execute(statement)
        assert cursor.rowcount == 0

    assert _content_of(revision) == before


@pytest.mark.parametrize("model", [QuoteLine, PriceStep])
@pytest.mark.parametrize("is_sealed", [False, True])
def test_the_database_itself_adds_nothing_to_an_issued_quote(model, is_sealed):
    quoting.issued()
    row = model.objects.first()
    row.pk, row.position, row.is_sealed = uuid7(), 99, is_sealed

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        row.save(force_insert=True)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    assert not model.objects.filter(position=99).exists()


@pytest.mark.parametrize("change", ["quotes_quoteline SET revision_id", "quotes_pricestep SET line_id"])
def test_the_database_itself_moves_nothing_into_an_issued_quote(change):
    seller = build.seller()
    issued = quoting.issued(by=seller)
    quoting.drafted(by=seller)
    before = _content_of(issued)
    home = issued.pk if "quoteline" in change else issued.lines.get().pk

    with pytest.raises(ProgrammingError, match="denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {change} = %s, is_sealed = true WHERE NOT is_sealed", [home])

    assert _content_of(issued) == before


@pytest.mark.parametrize("field", QuoteRevision._meta.local_fields, ids=lambda field: field.name)
def test_the_database_itself_changes_only_what_becomes_of_an_issued_quote(field):
    revision = quoting.issued()
    other = ANOTHER[field.get_internal_type()].format(field.column, field.max_length)

    with transaction.atomic(), connection.cursor() as cursor:
        told = (
            nullcontext()
            if field.name in QuoteRevision.free_when_sealed
            else pytest.raises(DatabaseError, match="stays")
        )
        with told:
            cursor.execute(f'UPDATE quotes_quoterevision SET "{field.column}" = {other} WHERE id = %s', [revision.pk])
        transaction.set_rollback(True)


def test_the_database_itself_opens_no_issued_quote_again():
    revision = quoting.issued()

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE quotes_quoterevision SET is_sealed = false")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    assert QuoteRevision.objects.get(pk=revision.pk).is_sealed


def test_the_database_itself_keeps_an_issued_quote():
    revision = quoting.issued()

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM quotes_quoterevision")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    assert QuoteRevision.objects.filter(pk=revision.pk).exists()


def _content_of(revision):
    lines = QuoteLine.objects.filter(revision=revision).values().order_by("pk")
    return list(lines), list(PriceStep.objects.filter(line__revision=revision).values().order_by("pk"))


def test_issuing_asks_for_a_paper_for_the_partner_and_one_for_its_customer():
    revision = quoting.issued(quoting.some(quoting.priced(), resale="149.90"), language="de")

    copy, offer = Document.objects.get(), PrivateDocument.objects.get()
    assert (revision.document_id, revision.resale_document_id) == (copy.pk, offer.pk)
    assert {copy.language, offer.language} == {"de"}
    assert copy.facts["net"] == {"$money": ["1000.0000", "EUR"]}
    assert offer.facts["gross"] == {"$money": ["1499.00", "EUR"]}


def test_a_sales_agents_customer_pays_the_vendors_price_and_the_vendor_sees_the_offer():
    agent = build.seller(of=build.partner(type="sales_agent"))

    quoting.issued(quoting.some(quoting.priced(), resale="149.90"), by=agent)

    assert not PrivateDocument.objects.exists()
    assert Document.objects.get(kind="quotes.offer").facts["gross"] == {"$money": ["1000.00", "EUR"]}


def test_the_vendor_does_not_reach_the_partners_own_offer():
    quoting.issued(quoting.some(quoting.priced(), resale="149.90"))

    with acting_as(build.manager().actor):
        assert [document.kind for document in Document.objects.all()] == ["quotes.quote"]
        assert "149.9" not in str(Document.objects.get().facts)
        assert not PrivateDocument.objects.exists()


def test_a_newer_revision_supersedes_the_issued_one_and_closes_its_link():
    seller = build.seller()
    first = quoting.issued(by=seller)
    links.make(first, by=seller, at=MONDAY)

    second = revisions.revise(first, by=seller, at=MONDAY)
    first.refresh_from_db()
    assert (second.number, first.status) == (2, Status.ISSUED)
    second = issuing.issue(second, by=seller, at=MONDAY)

    first.refresh_from_db()
    assert (first.status, second.status) == (Status.SUPERSEDED, Status.ISSUED)
    assert not OfferLink.objects.get().is_open


def test_a_revision_is_copied_at_todays_prices_and_says_what_they_changed():
    seller, product = build.seller(), quoting.product()
    prices = quoting.price_list({product: 100})
    first = quoting.issued(quoting.some(product, resale=150), by=seller)
    quoting.next_version(prices, {product: 90}, starts_on=TODAY + timedelta(days=1))

    second = revisions.revise(first, by=seller, at=MONDAY + timedelta(days=1))

    assert (second.net_total, second.status) == (D("900.0000"), Status.DRAFT)
    (line,) = pricing.lines_of(second.pk)
    assert line.resale_prices.get().unit_amount == 150
    assert [(d.was.amount, d.now.amount) for d in revisions.differences(first, second)] == [(100, 90)]


def test_an_accepted_quote_is_not_revised_but_copied():
    seller = build.seller()
    order = quoting.ordered(by=seller)
    revision = order.revision

    with pytest.raises(NotPossible):
        revisions.revise(revision, by=seller, at=MONDAY)
    copy = revisions.copy(revision, by=seller, at=MONDAY)

    assert copy.quote.number != revision.quote.number
    assert (copy.quote.customer_name, copy.net_total) == (revision.quote.customer_name, revision.net_total)


def test_a_withdrawn_quote_closes_its_link():
    seller = build.seller()
    revision = quoting.issued(by=seller)
    links.make(revision, by=seller, at=MONDAY)

    revision = issuing.withdraw(revision, by=seller, at=MONDAY)

    assert revision.status == Status.WITHDRAWN
    assert not OfferLink.objects.get().is_open


def test_an_offer_expires_when_its_last_day_is_over_and_only_once():
    revision = quoting.issued()
    last = revision.valid_until

    assert not issuing.expire(revision, today=last, at=MONDAY)
    assert issuing.expire(revision, today=last + timedelta(days=1), at=MONDAY)
    assert not issuing.expire(revision, today=last + timedelta(days=1), at=MONDAY)
    revision.refresh_from_db()
    assert revision.status == Status.EXPIRED


def test_the_partner_is_reminded_seven_days_and_one_day_before_the_end():
    revision = quoting.issued()
    last = revision.valid_until

    told = [
        days for days in range(30, -1, -1) if issuing.remind(revision, today=last - timedelta(days=days), at=MONDAY)
    ]

    assert told == [7, 1]


def test_an_offer_outlives_the_release_of_its_protection_and_says_so():
    seller = build.seller()
    product, registration = quoting.priced(), build.approved(by=seller)
    revision = quoting.issued(quoting.some(product), by=seller, registration=registration)

    protection.release(registration, note="", by=seller, at=MONDAY)
    revision.quote.registration.refresh_from_db()

    kinds = {drift.kind.value for drift in pricing.drift_of(revision, pricing.lines_of(revision.pk), TODAY)}
    assert "unprotected" in kinds
    assert revision.status == Status.ISSUED
