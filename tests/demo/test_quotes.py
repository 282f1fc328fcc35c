"""The quotes of the demo are as alive as a portal's, and every one is right to the cent."""

from collections import Counter

import pytest

from prm.accounts.roles import Role
from prm.documents.models import Document, PrivateDocument
from prm.tenancy.context import as_system
from prm.tenancy.models import Vendor
from quotes.enums import OrderStatus, Status, StepStatus
from quotes.models import Order, QuoteApprovalStep, QuoteLine, QuoteRevision
from quotes.queries import pricing
from quotes.rules import pricing as rules
from quotes.rules.terms import LADDER

pytestmark = [pytest.mark.usefixtures("demo"), pytest.mark.xdist_group("demo")]


def test_there_is_a_quote_in_each_state_and_an_order_in_several():
    found, moved = Counter(), Counter()
    for vendor in Vendor.objects.all():
        with as_system(vendor.pk):
            found += Counter(QuoteRevision.objects.values_list("status", flat=True))
            moved += Counter(Order.objects.values_list("status", flat=True))

    assert set(found) == set(Status.values)
    assert len(moved) >= 4
    assert {OrderStatus.FULFILLED, OrderStatus.REQUESTED} <= set(moved)


def test_every_issued_quote_recomputes_from_its_stored_steps_to_the_cent():
    seen = 0
    for vendor in Vendor.objects.all():
        with as_system(vendor.pk):
            for revision in QuoteRevision.objects.filter(issued_at__isnull=False).select_related("quote"):
                lines = pricing.lines_of(revision.pk)
                again = [pricing.recomputed(line, revision.quote.currency) for line in lines]
                totals = rules.totals(again, revision.quote.currency, tax_percent=revision.tax_percent)
                assert [line.net_unit for line in lines] == [priced.unit.amount for priced in again]
                assert (revision.net_total, revision.tax_total) == (totals.net.amount, totals.tax.amount)
                assert revision.list_total == totals.list_price.amount
                seen += len(lines)

    assert seen > 20


def test_every_issued_quote_is_sealed_and_has_both_papers():
    for vendor in Vendor.objects.all():
        with as_system(vendor.pk):
            issued = QuoteRevision.objects.filter(issued_at__isnull=False)
            assert not QuoteLine.objects.filter(revision__in=issued, is_sealed=False).exists()
            for revision in issued:
                assert Document.objects.filter(pk=revision.document_id).exists()
                papers = [Document, PrivateDocument]
                assert any(model.objects.filter(pk=revision.resale_document_id).exists() for model in papers)


def test_every_step_of_the_ladder_waits_for_somebody_and_some_for_a_channel_manager():
    found = Counter()
    for vendor in Vendor.objects.all():
        with as_system(vendor.pk):
            steps = QuoteApprovalStep.objects.filter(status=StepStatus.WAITING)
            found[vendor.slug] += steps.filter(role=Role.CHANNEL_MANAGER).count()
            found.update(steps.values_list("role", flat=True))

    assert {rung.role for rung in LADDER if rung.role} <= set(found)
    assert min(found["halyard"], found["ostwerk"]) >= 2
