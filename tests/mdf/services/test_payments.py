"""Paying claims: exactly what was approved, once."""

from datetime import timedelta
from decimal import Decimal

import pytest

from mdf.enums import BatchStatus, ClaimStatus, PaymentStatus
from mdf.models import Clawback, LedgerEntry
from mdf.queries.ledger import differences
from mdf.services import payments
from mdf.services.claim_moves import ClaimNotPossible
from mdf.services.payments import (
    BatchClosed,
    MoreThanApproved,
    MoreThanPaid,
    NothingToSchedule,
    PaidTooEarly,
    TotalDiffers,
    TwoCurrencies,
)
from prm.money import Money
from tests.mdf import claim_build as make
from tests.mdf.build import allocation, approved, fund, held
from tests.mdf.claim_build import AFTER, eur

pytestmark = pytest.mark.usefixtures("vendor")
TODAY = AFTER.date()


def pay(batch, rows=None, *, total=None, on=TODAY, at=AFTER):
    rows = list(batch.payments.filter(status=PaymentStatus.SCHEDULED)) if rows is None else rows
    total = total or sum((row.transferred for row in rows), Money(Decimal(0), batch.currency))
    return payments.pay(batch, [row.pk for row in rows], total=total, paid_on=on, by=make.finance(), at=at)


def test_a_batch_is_paid_and_the_ledger_follows():
    share = allocation()
    claims = [make.decided(make.submitted(approved(share))) for _ in range(2)]
    batch = make.batch(*claims)

    batch = pay(batch)

    assert (batch.status, batch.number, batch.paid_on) == (BatchStatus.PAID, "PB-2027-000001", TODAY)
    for claim in claims:
        claim.refresh_from_db()
        assert (claim.status, claim.paid, claim.paid_on) == (ClaimStatus.PAID, eur(2_000), TODAY)
    assert (held(share).payable, held(share).paid) == (0, 4_000)
    assert not list(differences())


def test_a_batch_is_paid_once():
    batch = pay(make.batch())

    with pytest.raises(BatchClosed):
        payments.pay(batch, [], total=eur(0), paid_on=TODAY, by=make.finance(), at=AFTER)

    assert LedgerEntry.objects.filter(kind="payment").count() == 1


def test_a_claim_waits_in_one_batch():
    claim = make.decided()
    make.batch(claim)

    with pytest.raises(ClaimNotPossible):
        make.batch(claim)


def test_a_part_is_paid_and_the_rest_waits_for_the_next_batch():
    claim = make.decided()
    batch = make.batch(claim, amounts={claim.pk: eur(500)})
    pay(batch)
    claim.refresh_from_db()
    assert (claim.status, claim.unpaid) == (ClaimStatus.PART_PAID, eur(1_500))

    rest = make.batch(claim)
    assert [row.money for row in rest.payments.all()] == [eur(1_500)]
    pay(rest)

    claim.refresh_from_db()
    assert (claim.status, claim.paid) == (ClaimStatus.PAID, eur(2_000))


@pytest.mark.parametrize("amount", ["0", "-1", "2000.01"])
def test_a_payment_is_of_something_and_at_most_of_what_is_open(amount):
    claim = make.decided()

    with pytest.raises(MoreThanApproved):
        make.batch(claim, amounts={claim.pk: eur(amount)})

    claim.refresh_from_db()
    assert claim.status == ClaimStatus.APPROVED


def test_some_payments_of_a_batch_are_made_and_it_stays_open_for_the_others():
    batch = make.batch(make.decided(), make.decided())
    first, second = batch.payments.order_by("pk")

    assert pay(batch, [first]).status == BatchStatus.OPEN
    assert pay(batch, [second]).status == BatchStatus.PAID


def test_the_typed_total_has_to_be_what_left_the_bank():
    batch = make.batch()

    with pytest.raises(TotalDiffers):
        pay(batch, total=eur("1999.99"))


def test_nothing_is_paid_tomorrow():
    with pytest.raises(PaidTooEarly):
        pay(make.batch(), on=TODAY + timedelta(days=1))


def test_a_payment_of_another_batch_is_not_paid_by_this_one():
    batch, other = make.batch(), make.batch()

    with pytest.raises(NothingToSchedule):
        pay(batch, list(other.payments.all()), total=eur(2_000))


def test_one_batch_has_one_currency():
    francs = allocation(of=fund(currency="CHF"))

    with pytest.raises(TwoCurrencies):
        make.batch(make.decided(), make.decided(make.submitted(approved(francs))))


def test_nothing_chosen_makes_no_batch():
    with pytest.raises(NothingToSchedule):
        payments.make_batch([], by=make.finance(), at=AFTER)


def test_what_is_taken_out_can_be_paid_in_another_batch():
    claim = make.decided()
    batch = make.batch(claim, make.decided())
    [row] = batch.payments.filter(claim=claim)

    payments.take_out(row, by=make.finance(), at=AFTER)

    claim.refresh_from_db()
    assert claim.status == ClaimStatus.APPROVED
    pay(make.batch(claim))
    pay(batch)
    assert LedgerEntry.objects.filter(kind="payment").count() == 2


def test_a_cancelled_batch_lets_its_claims_go():
    claim = make.decided()
    batch = make.batch(claim)

    batch = payments.cancel(batch, by=make.finance(), at=AFTER)

    claim.refresh_from_db()
    assert (batch.status, claim.status) == (BatchStatus.CANCELLED, ClaimStatus.APPROVED)
    with pytest.raises(BatchClosed):
        payments.export(batch, "csv", by=make.finance(), at=AFTER)


def test_exporting_twice_changes_nothing_more():
    batch = make.batch()

    first = payments.export(batch, "csv", by=make.finance(), at=AFTER)
    second = payments.export(batch, "xml", by=make.finance(), at=AFTER + timedelta(hours=1))

    assert (first.status, second.exported_at) == (BatchStatus.EXPORTED, AFTER)


# -- clawback ----------------------------------------------------------------------------------------------
def test_what_is_clawed_back_is_taken_off_the_next_payments():
    share = allocation()
    first = make.paid(make.decided(make.submitted(approved(share))))
    by = make.finance()

    payments.claw_back(first, eur(2_000), reason_code="not_held", note="No event", by=by, at=AFTER)

    first.refresh_from_db()
    assert (first.status, first.keepable) == (ClaimStatus.CLAWED_BACK, eur(0))
    assert (held(share).available, held(share).paid) == (5_000, 0)
    small = make.decided(make.submitted(approved(share), 1_000, 0))
    large = make.decided(make.submitted(approved(share)))
    [one] = make.batch(small).payments.all()
    [two] = make.batch(large).payments.all()
    assert [(row.money, row.transferred) for row in (one, two)] == [(eur(500), eur(0)), (eur(2_000), eur(500))]
    pay(one.batch)
    pay(two.batch)
    assert held(share).paid == 2_500
    assert not list(differences())


def test_a_part_is_clawed_back_and_no_more_than_was_paid():
    claim = make.paid()

    payments.claw_back(claim, eur(500), reason_code="other", note="x", by=make.finance(), at=AFTER)
    with pytest.raises(MoreThanPaid):
        payments.claw_back(claim, eur("1500.01"), reason_code="other", note="x", by=make.finance(), at=AFTER)

    claim.refresh_from_db()
    assert (claim.status, claim.keepable) == (ClaimStatus.PAID, eur(1_500))


def test_only_what_was_paid_is_clawed_back():
    with pytest.raises(ClaimNotPossible):
        payments.claw_back(make.decided(), eur(1), reason_code="other", note="x", by=make.finance(), at=AFTER)


def test_a_payment_that_is_not_made_gives_its_netting_back():
    share = allocation()
    first = make.paid(make.decided(make.submitted(approved(share))))
    payments.claw_back(first, eur(700), reason_code="other", note="x", by=make.finance(), at=AFTER)
    batch = make.batch(make.decided(make.submitted(approved(share))))
    assert Clawback.objects.get().netted_amount == 700

    payments.cancel(batch, by=make.finance(), at=AFTER)

    assert Clawback.objects.get().netted_amount == 0


def test_another_partners_debt_is_not_taken_off():
    first = make.paid()
    payments.claw_back(first, eur(700), reason_code="other", note="x", by=make.finance(), at=AFTER)

    [row] = make.batch().payments.all()

    assert row.transferred == eur(2_000)
