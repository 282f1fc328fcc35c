"""What only real, concurrent transactions can show."""

from collections import Counter
from datetime import timedelta
from threading import Event as Signal

import pytest
from django.db import IntegrityError

from prm.accounts.roles import Role
from prm.disputes import services as disputes
from prm.disputes.models import Dispute
from prm.disputes.services import DisputeClosed, NothingToAppeal
from prm.events.models import Event
from prm.tenancy.context import acting_as, as_system
from prm.tenancy.fields import uuid7
from quotes.enums import Status, StepStatus
from quotes.models import Order, OrderLine, QuoteApprovalStep, QuoteLine, QuoteRevision
from quotes.services import answers, approvals, issuing, links, quotes
from quotes.services.answers import NoLongerOpen
from quotes.services.moves import NotPossible
from quotes.services.quotes import NotADraft
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
    is_written, is_issued = Signal(), Signal()

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


# -- appeals ---------------------------------------------------------------------------------------------
SAID = {"reason_code": "facts_overlooked", "text": "The rival gives more."}
OUTCOME = {"reason_code": "evidence_convinces", "note": "Right."}
LATER = MONDAY + timedelta(hours=1)


def appealed(seller, first):
    """A quote that was refused, and the appeal against it."""
    revision = quoting.requested(quoting.some(quoting.usual(), 10, special=20), by=seller)
    refused = approvals.reject(revision, reason_code="too_high", note="No.", by=first, at=MONDAY)
    return refused, disputes.appeal(refused, **SAID, by=seller, at=LATER)


def inside(vendor, work, *args, **facts):
    """Do something as the platform, in a thread of its own."""

    def call():
        with as_system(vendor.pk):
            return work(*args, **facts)

    return call


def test_of_many_who_decide_an_appeal_at_once_one_does_and_the_quote_follows_it(vendor_of_its_own):
    vendor = vendor_of_its_own
    with as_system(vendor.pk):
        seller, first = build.seller(), build.member(Role.CHANNEL_MANAGER)
        people = [build.member(Role.ADMIN) for _ in range(6)]
        refused, dispute = appealed(seller, first)

    works = [disputes.overturn if number % 2 else disputes.uphold for number in range(len(people))]
    found = at_once(
        [inside(vendor, work, dispute, **OUTCOME, by=by, at=LATER) for work, by in zip(works, people, strict=True)]
    )

    assert Counter(type(answer) for answer in found) == {Dispute: 1, DisputeClosed: len(people) - 1}, found
    with as_system(vendor.pk):
        revision, final = QuoteRevision.objects.get(), Dispute.objects.get()
        assert (revision.status == Status.APPROVED) is (final.status == "overturned")
        given = QuoteApprovalStep.objects.filter(revision=refused, status=StepStatus.APPROVED)
        assert given.exists() is (final.status == "overturned")
        assert given.count() == given.values("key").distinct().count()


def test_what_is_approved_by_appeal_is_what_was_refused_whatever_happens_at_the_same_moment(vendor_of_its_own):
    vendor = vendor_of_its_own
    with as_system(vendor.pk):
        seller, first, neutral = build.seller(), build.member(Role.CHANNEL_MANAGER), build.member(Role.ADMIN)
        rows = [appealed(seller, first) for _ in range(4)]
        product = quoting.usual()
    higher = quoting.content(quoting.some(product, 10, special=60))

    for refused, dispute in rows:
        found = at_once(
            [
                inside(vendor, disputes.overturn, dispute, **OUTCOME, by=neutral, at=LATER),
                inside(vendor, quotes.save, refused, higher, by=seller, at=LATER),
                inside(vendor, disputes.withdraw, dispute, by=seller, at=LATER),
            ]
        )
        expected = NotPossible | NotADraft | NothingToAppeal | DisputeClosed
        assert all(isinstance(answer, expected | Dispute | QuoteRevision) for answer in found), found

    with as_system(vendor.pk):
        for refused, dispute in rows:
            revision, final = QuoteRevision.objects.get(pk=refused.pk), Dispute.objects.get(pk=dispute.pk)
            is_approved = revision.status == Status.APPROVED
            assert is_approved is (final.status == "overturned")
            assert not is_approved or revision.net_total == refused.net_total


def test_of_the_clock_and_whoever_overturns_at_once_one_ends_an_appeal(vendor_of_its_own):
    vendor = vendor_of_its_own
    late = LATER + timedelta(days=11)
    with as_system(vendor.pk):
        seller, first, neutral = build.seller(), build.member(Role.CHANNEL_MANAGER), build.member(Role.ADMIN)
        rows = [appealed(seller, first) for _ in range(4)]
        for _refused, dispute in rows:
            disputes.ask(dispute, "Which rival?", by=neutral, at=LATER)

    for refused, dispute in rows:
        lapsed, again, answered, decided = at_once(
            [
                inside(vendor, disputes.lapse, dispute, at=late),
                inside(vendor, disputes.lapse, dispute, at=late),
                inside(vendor, disputes.answer, dispute, "Kestrel.", by=seller, at=late),
                inside(vendor, disputes.overturn, dispute, **OUTCOME, by=neutral, at=late),
            ]
        )
        with as_system(vendor.pk):
            final, revision = Dispute.objects.get(pk=dispute.pk), QuoteRevision.objects.get(pk=refused.pk)
            ended = Event.objects.filter(
                subject_id=refused.quote_id, name__in=["prm.dispute.overturned", "prm.dispute.withdrawn"]
            ).count()
        is_overturned = isinstance(decided, Dispute)
        assert is_overturned is (final.status == "overturned")
        assert is_overturned is (revision.status == Status.APPROVED)
        assert (lapsed is True) + (again is True) + is_overturned == ended == 1
        assert isinstance(answered, Dispute | DisputeClosed)
