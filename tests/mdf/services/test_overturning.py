"""After an appeal more is reserved or owed, and the ledger adds up."""

from datetime import timedelta
from decimal import Decimal

import pytest

from mdf.enums import ClaimStatus, RequestStatus
from mdf.models import ClaimProof, FundRequest
from mdf.queries import claims as queries
from mdf.queries.ledger import differences
from mdf.services import allocations, claim_decisions, decisions, requests
from mdf.services.claims import ClaimRuns, NothingToClaim
from mdf.services.ledger import NotCovered
from mdf.services.overturning import ClaimedElsewhere, PartnerGone
from mdf.services.requests import ClaimsRunning
from partners.services import partners
from prm.accounts.roles import Role
from prm.disputes import services
from prm.disputes.models import Status
from prm.disputes.services import NothingToAppeal, NotNeutral, OutsideRoom
from prm.events.models import Event
from prm.promises import kinds
from prm.tenancy.fields import uuid7
from tests import build
from tests.build import MONDAY
from tests.mdf import claim_build as make
from tests.mdf.build import allocation, approved, held, submitted
from tests.mdf.claim_build import AFTER, eur, owner_of

pytestmark = pytest.mark.usefixtures("vendor")
SAID = {"reason_code": "facts_overlooked", "text": "The invoice was there."}
OUTCOME = {"reason_code": "mistake", "note": "It was."}
LATER = AFTER + timedelta(days=3)


@pytest.fixture
def first(vendor):
    return build.manager()


@pytest.fixture
def neutral(vendor):
    return build.member(Role.ADMIN, name="Neutral")


def rejected(claim, by):
    return claim_decisions.reject(claim, reason_code="no_proof", note="No list.", by=by, at=AFTER)


def appealed(subject, at=AFTER):
    return services.appeal(subject, **SAID, by=owner_of(subject), at=at)


def overturn(dispute, neutral, at=LATER, **facts):
    return services.overturn(dispute, **OUTCOME, by=neutral, at=at, **facts)


def balances(share):
    return held(share).available, held(share).reserved, held(share).payable


def test_a_rejected_request_is_approved_and_reserved_as_far_as_the_neutral_person_says(first, neutral):
    share = allocation(5_000)
    request = decisions.reject(submitted(share), reason_code="no_fit", note="", by=first, at=MONDAY)

    overturn(appealed(request, MONDAY), neutral, MONDAY, amount=Decimal(1_000))

    request.refresh_from_db()
    assert (request.status, request.approved_amount) == (RequestStatus.APPROVED, 1_000)
    assert [row.approved_amount for row in request.lines.order_by("position")] == [750, 250]
    assert (request.decided_by_id, request.reason_code, request.closed_at) == (neutral.user_id, "", None)
    assert balances(share) == (4_000, 1_000, 0)
    assert not list(differences())


def test_what_the_fund_does_not_hold_any_more_leaves_the_dispute_open(first, neutral):
    share = allocation(2_000)
    request = decisions.reject(submitted(share), reason_code="no_fit", note="", by=first, at=MONDAY)
    dispute = appealed(request, MONDAY)
    approved(share, 500, 500, title="Another")

    with pytest.raises(NotCovered):
        overturn(dispute, neutral, MONDAY)

    request.refresh_from_db()
    dispute.refresh_from_db()
    assert (request.status, dispute.status) == (RequestStatus.REJECTED, Status.OPEN)
    assert balances(share) == (1_000, 1_000, 0)


def test_a_rejected_claim_is_paid_out_of_what_is_reserved(first, neutral):
    share = allocation(5_000)
    claim = rejected(make.submitted(approved(share), 2_500, 800), first)

    overturn(appealed(claim), neutral)

    claim.refresh_from_db()
    assert (claim.status, claim.approved, claim.reason_code) == (ClaimStatus.APPROVED, eur(1_650), "")
    assert claim.pay_by == LATER.date() + timedelta(days=30)
    assert claim.request.status == RequestStatus.COMPLETED
    assert balances(share) == (3_350, 0, 1_650)
    assert not list(differences())


def test_what_an_appeal_brought_is_final_also_if_it_is_less_than_was_asked(first, neutral):
    claim = rejected(make.submitted(None, 2_500, 800), first)

    overturn(appealed(claim), neutral, amount=Decimal(1_000))

    claim.refresh_from_db()
    assert claim.approved == eur(1_000)
    assert sum(row.approved_amount for row in queries.lines_of(claim)) == 1_000
    with pytest.raises(NothingToAppeal):
        appealed(claim, LATER)


def test_a_claim_that_was_cut_gets_more_though_the_rest_was_given_back(neutral):
    share = allocation(5_000)
    claim = make.decided(make.submitted(approved(share), 2_500, 800), total=eur(1_000), reason_code="no_proof")
    dispute = appealed(claim)

    for wrong in (Decimal(1_000), Decimal("1650.01")):
        with pytest.raises(OutsideRoom):
            overturn(dispute, neutral, amount=wrong)
    overturn(dispute, neutral, amount=Decimal(1_500))

    claim.refresh_from_db()
    assert (claim.status, claim.approved) == (ClaimStatus.APPROVED, eur(1_500))
    assert balances(share) == (3_500, 0, 1_500)
    assert Decimal(Event.objects.get(name="mdf.claim.raised").payload["more"]) == 500
    assert not list(differences())


def test_a_claim_that_is_paid_already_waits_for_the_rest(neutral):
    share = allocation(5_000)
    cut = make.decided(make.submitted(approved(share), 2_500, 800), total=eur(1_000), reason_code="no_proof")
    dispute = appealed(make.paid(cut))

    overturn(dispute, neutral)

    cut.refresh_from_db()
    assert (cut.status, cut.unpaid) == (ClaimStatus.PART_PAID, eur(650))
    assert cut.pay_by == LATER.date() + timedelta(days=30)
    make.paid(cut, at=LATER)
    assert (cut.status, cut.paid) == (ClaimStatus.PAID, eur(1_650))
    assert not list(differences())


def test_what_a_claim_in_dispute_may_still_get_stays_reserved_after_the_deadline(first, neutral):
    share = allocation(5_000)
    claim = rejected(make.submitted(approved(share), 2_500, 800), first)
    dispute = appealed(claim)
    after = AFTER + timedelta(days=90)

    assert requests.lapse_unclaimed(claim.request, at=after) is False
    overturn(dispute, neutral, after)
    assert balances(share) == (3_350, 0, 1_650)


def test_a_request_that_lapsed_before_the_appeal_is_reserved_again_if_it_can_be(first, neutral):
    share = allocation(2_000)
    claim = rejected(make.submitted(approved(share), 2_500, 800), first)
    requests.lapse_unclaimed(claim.request, at=claim_by(claim))
    dispute = appealed(claim)
    allocations.adjust(share, Decimal(-1_000), note="", source=uuid7(), by=build.member(Role.ADMIN), at=LATER)

    with pytest.raises(NotCovered):
        overturn(dispute, neutral)
    overturn(dispute, neutral, amount=Decimal(900))

    claim.refresh_from_db()
    assert (claim.status, claim.request.status) == (ClaimStatus.APPROVED, RequestStatus.COMPLETED)
    assert balances(share) == (100, 0, 900)
    assert not list(differences())


def claim_by(claim):
    return AFTER + timedelta(days=(claim.request.claim_by - AFTER.date()).days + 1)


def test_while_another_claim_for_the_same_waits_the_first_is_not_paid(first, neutral):
    claim = rejected(make.submitted(None, 2_500, 800), first)
    dispute = appealed(claim)
    make.submitted(claim.request, 2_500, 800)

    with pytest.raises(ClaimRuns):
        overturn(dispute, neutral)


@pytest.mark.parametrize("what", ["invoice", "file"])
def test_what_another_claim_was_approved_for_is_not_paid_a_second_time(first, neutral, what):
    claim = rejected(make.submitted(None, 1_200, 300), first)
    dispute = appealed(claim)
    line = queries.lines_of(claim)[0]
    same = {"supplier": line.supplier, "invoice_number": line.invoice_number} if what == "invoice" else None
    again = make.submitted(claim.request, 1_200, 300, same=same, at=AFTER + timedelta(days=1))
    if what == "file":
        sha256 = ClaimProof.objects.filter(claim=claim).values_list("sha256", flat=True)[0]
        ClaimProof.objects.filter(pk=queries.proofs_of(again)[0].pk).update(sha256=sha256)
    again = make.decided(again, at=AFTER + timedelta(days=1), total=eur(100), reason_code="no_proof")

    with pytest.raises(ClaimedElsewhere) as refusal:
        overturn(dispute, neutral, amount=Decimal(1))

    assert refusal.value.facts["claim"] == again
    claim.refresh_from_db()
    assert claim.status == ClaimStatus.REJECTED


def test_a_request_is_not_cancelled_while_a_claim_for_it_is_in_dispute(first, neutral):
    claim = rejected(make.submitted(None, 2_500, 800), first)
    dispute = appealed(claim)

    with pytest.raises(ClaimsRunning):
        requests.cancel(claim.request, by=first, at=LATER)

    overturn(dispute, neutral)
    claim.refresh_from_db()
    assert claim.status == ClaimStatus.APPROVED


def test_nothing_is_owed_for_a_request_that_was_cancelled(first, neutral):
    claim = rejected(make.submitted(None, 2_500, 800), first)
    requests.cancel(FundRequest.objects.get(pk=claim.request_id), by=first, at=AFTER)
    dispute = appealed(claim)

    with pytest.raises(NothingToClaim):
        overturn(dispute, neutral)


def test_nothing_is_owed_to_a_partner_that_has_left(first, neutral):
    claim = rejected(make.submitted(None, 2_500, 800), first)
    dispute = appealed(claim)
    partners.terminate(claim.partner, reason="Insolvent", by=neutral, at=AFTER)
    requests.cancel(claim.request, by=None, at=AFTER, is_terminated=True)

    with pytest.raises(PartnerGone):
        overturn(dispute, neutral)


def test_who_cut_a_cost_of_the_claim_is_not_neutral(first, neutral):
    claim = make.submitted(None, 2_500, 800)
    facts = {"reason_code": "no_proof", "by": neutral, "at": AFTER}
    claim_decisions.judge_line(queries.lines_of(claim)[0], eur(1), **facts)
    dispute = appealed(rejected(claim, first))

    with pytest.raises(NotNeutral):
        overturn(dispute, neutral)


def test_the_first_decision_counts_in_the_promise_and_not_that_after_the_appeal(first, neutral):
    claim = rejected(make.submitted(None, 2_500, 800), first)
    overturn(appealed(claim), neutral)

    [case] = kinds.KINDS["mdf.claim"].cases(AFTER - timedelta(days=1), AFTER + timedelta(days=1))
    assert case.done == AFTER
