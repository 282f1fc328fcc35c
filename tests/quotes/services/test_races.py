"""What only real, concurrent transactions can show."""

from collections import Counter
from datetime import timedelta
from threading import Event

import pytest
from django.db import IntegrityError

from prm.accounts.roles import Role
from prm.tenancy.context import acting_as, as_system
from prm.tenancy.fields import uuid7
from quotes.enums import Status
from quotes.models import Order, OrderLine, QuoteLine, QuoteRevision
from quotes.services import answers, approvals, issuing, links, quotes
from quotes.services.answers import NoLongerOpen
from quotes.services.moves import NotPossible
from tests import build
from tests.build import MONDAY
from tests.quotes import build as quoting
from tests.races import at_once

CUSTOMERS = 32


@pytest.fixture
def vendor_of_its_own(committed):
    made = build.vendor()
    with as_system(made.pk):
        quoting.terms()
    return made


def test_thirty_two_acceptances_at_once_make_one_order(vendor_of_its_own):
    vendor = vendor_of_its_own
    with as_system(vendor.pk):
        seller = build.seller()
        revision = quoting.issued(by=seller)
        link, _secret = links.make(revision, by=seller, at=MONDAY)

    def accept(number):
        with as_system(vendor.pk):
            return answers.accept(revision, name=f"Customer {number}", link=link, at=MONDAY)

    found = at_once([lambda n=n: accept(n) for n in range(CUSTOMERS)])

    assert Counter(type(answer) for answer in found) == {Order: 1, NoLongerOpen: CUSTOMERS - 1}
    with as_system(vendor.pk):
        assert (Order.objects.count(), OrderLine.objects.count()) == (1, 1)
        assert QuoteRevision.objects.get().status == Status.ACCEPTED


def test_of_acceptance_decline_expiry_and_withdrawal_at_once_exactly_one_counts(vendor_of_its_own):
    vendor = vendor_of_its_own
    with as_system(vendor.pk):
        seller = build.seller()
        revisions = [quoting.issued(by=seller) for _ in range(4)]

    def inside(work):
        with as_system(vendor.pk):
            return work()

    for revision in revisions:
        after = revision.valid_until + timedelta(days=1)
        found = at_once(
            [
                lambda r=revision: inside(lambda: answers.accept(r, name="Ida", at=MONDAY)),
                lambda r=revision: inside(lambda: answers.decline(r, reason_code="price", at=MONDAY)),
                lambda r=revision, a=after: inside(lambda: issuing.expire(r, today=a, at=MONDAY) or NotPossible()),
                lambda r=revision: inside(lambda: issuing.withdraw(r, by=seller, at=MONDAY)),
            ]
        )
        winners = [answer for answer in found if not isinstance(answer, Exception)]
        assert len(winners) == 1, found
        assert all(isinstance(answer, NoLongerOpen | NotPossible) for answer in found if answer not in winners)

    with as_system(vendor.pk):
        ended = QuoteRevision.objects.values_list("status", flat=True)
        assert Order.objects.count() == sum(status == Status.ACCEPTED for status in ended)


def test_of_two_deciders_at_once_the_second_is_told(vendor_of_its_own):
    vendor = vendor_of_its_own
    with as_system(vendor.pk):
        revision = quoting.requested()
        managers = [build.member(Role.CHANNEL_MANAGER) for _ in range(8)]

    def decide(member, number):
        with acting_as(member.actor):
            if number % 2:
                return approvals.approve(revision, by=member, at=MONDAY, version=revision.version)
            facts = {"reason_code": "other", "note": "No.", "version": revision.version}
            return approvals.reject(revision, **facts, by=member, at=MONDAY)

    found = at_once([lambda m=m, n=n: decide(m, n) for n, m in enumerate(managers)])

    assert Counter(type(answer) for answer in found) == {QuoteRevision: 1, NotPossible: 7}


def test_a_save_and_an_issue_at_once_never_leave_an_issued_quote_changed(vendor_of_its_own):
    vendor = vendor_of_its_own
    with as_system(vendor.pk):
        seller, product = build.seller(), quoting.priced()
        drafts = [quoting.drafted(quoting.some(product), by=seller) for _ in range(4)]

    def inside(work):
        with acting_as(seller.actor):
            return work()

    for draft in drafts:
        changed = quoting.content(quoting.some(product, 99))
        at_once(
            [
                lambda d=draft: inside(lambda: issuing.issue(d, by=seller, at=MONDAY)),
                lambda d=draft, c=changed: inside(lambda: quotes.save(d, c, by=seller, at=MONDAY)),
            ]
        )

    with as_system(vendor.pk):
        for revision in QuoteRevision.objects.filter(status=Status.ISSUED):
            line = revision.lines.get()
            assert line.is_sealed
            assert line.net_total == revision.net_total


def test_a_line_written_while_its_quote_is_issued_does_not_get_into_it(vendor_of_its_own):
    vendor = vendor_of_its_own
    with as_system(vendor.pk):
        seller = build.seller()
        revision = quoting.drafted(by=seller)
    is_written, is_issued = Event(), Event()

    def write():
        """Add a line past every service, as a careless script would: nothing is locked."""
        with acting_as(seller.actor):
            line = QuoteLine.objects.get()
            line.pk, line.position = uuid7(), 99
            line.save(force_insert=True)
            is_written.set()
            assert is_issued.wait(timeout=30)

    def issue():
        assert is_written.wait(timeout=30)
        try:
            with acting_as(seller.actor):
                return issuing.issue(revision, by=seller, at=MONDAY)
        finally:
            is_issued.set()

    written, issued = at_once([write, issue])

    assert (type(written), type(issued)) == (IntegrityError, QuoteRevision)
    with as_system(vendor.pk):
        assert revision.lines.get().is_sealed
