"""What only real, concurrent transactions can show of claims and payments."""

from collections import Counter

from mdf.enums import ClaimStatus
from mdf.models import Claim, LedgerEntry
from mdf.queries.ledger import differences
from mdf.services import claim_decisions, payments
from mdf.services.claim_moves import ClaimNotPossible
from mdf.services.payments import BatchClosed
from prm.tenancy.context import acting_as, as_system
from tests import build
from tests.deals.services.test_races import at_once
from tests.mdf import claim_build as make
from tests.mdf.build import allocation, approved, fund, held
from tests.mdf.claim_build import AFTER

MANY = 12


def test_many_managers_deciding_one_claim_at_once_decide_it_once(committed, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    vendor = build.vendor()
    with as_system(vendor.pk):
        share = allocation(5_000)
        claim = make.submitted(approved(share))
        managers = [build.manager() for _ in range(MANY)]

    def decide(manager, number):
        with acting_as(manager.actor):
            if number % 2:
                return claim_decisions.approve(claim, by=manager, at=AFTER)
            return claim_decisions.reject(claim, reason_code="other", note="x", by=manager, at=AFTER)

    answers = at_once([lambda m=m, n=n: decide(m, n) for n, m in enumerate(managers)])

    assert Counter(type(answer) for answer in answers) == {Claim: 1, ClaimNotPossible: MANY - 1}
    with as_system(vendor.pk):
        claim.refresh_from_db()
        assert held(share).payable == (claim.approved_amount or 0)
        assert not list(differences())


def test_a_batch_paid_by_many_at_once_leaves_the_bank_once(committed, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    vendor = build.vendor()
    with as_system(vendor.pk):
        share = allocation(9_000, of=fund(10_000))
        claims = [make.decided(make.submitted(approved(share))) for _ in range(2)]
        batch = make.batch(*claims)
        rows = [row.pk for row in batch.payments.all()]
        people = [make.finance() for _ in range(MANY)]

    def pay(person):
        with acting_as(person.actor):
            return payments.pay(batch, rows, total=make.eur(4_000), paid_on=AFTER.date(), by=person, at=AFTER)

    answers = at_once([lambda p=p: pay(p) for p in people])

    assert Counter(type(answer) for answer in answers) == {type(batch): 1, BatchClosed: MANY - 1}
    with as_system(vendor.pk):
        assert LedgerEntry.objects.filter(kind="payment").count() == 2
        assert held(share).paid == 4_000
        assert set(Claim.objects.values_list("status", flat=True)) == {ClaimStatus.PAID}


def test_a_claim_put_into_batches_by_many_at_once_is_in_one(committed, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    vendor = build.vendor()
    with as_system(vendor.pk):
        claim = make.decided()
        people = [make.finance() for _ in range(MANY)]

    def schedule(person):
        with acting_as(person.actor):
            return payments.make_batch([claim.pk], by=person, at=AFTER)

    answers = at_once([lambda p=p: schedule(p) for p in people])

    assert Counter(type(answer) for answer in answers)[ClaimNotPossible] == MANY - 1
    with as_system(vendor.pk):
        assert claim.payments.count() == 1
