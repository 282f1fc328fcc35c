"""What the vendor decides about claims, and that the ledger follows."""

from datetime import timedelta
from decimal import Decimal

import pytest

from mdf.enums import ClaimStatus, ProofKind, ProofVerdict, RequestStatus
from mdf.models import ApprovalStep, ClaimProof
from mdf.queries import claims as queries
from mdf.queries.ledger import differences
from mdf.services import claim_decisions
from mdf.services.claim_decisions import (
    ClaimDecided,
    ClaimStepTaken,
    FilesReturned,
    MoreThanClaimed,
    NothingToPay,
    ReasonNeeded,
)
from mdf.services.claim_moves import ClaimChanged, ClaimNotPossible
from prm.events.models import Event
from tests import build
from tests.mdf import claim_build as make
from tests.mdf.build import allocation, amounts_of, approved, fund, held, submitted
from tests.mdf.claim_build import AFTER, eur

pytestmark = pytest.mark.usefixtures("vendor")


def lines(claim):
    return [row.approved_amount for row in queries.lines_of(claim)]


def test_an_approval_consumes_what_is_approved_and_gives_the_rest_back():
    share = allocation(5_000)
    claim = make.submitted(approved(share), 2_500, 800)

    claim = make.decided(claim)

    assert claim.status == ClaimStatus.APPROVED
    assert (claim.approved, claim.pay_by) == (eur(1_650), AFTER.date() + timedelta(days=30))
    assert (held(share).available, held(share).reserved, held(share).payable) == (3_350, 0, 1_650)
    claim.request.refresh_from_db()
    assert claim.request.status == RequestStatus.COMPLETED
    assert not list(differences())


def test_what_is_left_stays_reserved_for_a_further_claim():
    share = allocation(5_000)

    make.decided(make.submitted(approved(share), 1_000, 0, is_final=False))

    assert (held(share).available, held(share).reserved, held(share).payable) == (3_000, 1_500, 500)


def test_a_line_is_cut_with_a_reason_and_the_others_stay():
    claim = make.submitted(None, 3_000, 1_000)
    second = queries.lines_of(claim)[1]
    with pytest.raises(ReasonNeeded):
        claim_decisions.judge_line(second, eur(0), by=build.manager(), at=AFTER)

    claim_decisions.judge_line(second, eur(0), reason_code="no_proof", note="No list", by=build.manager(), at=AFTER)
    claim = make.decided(claim)

    assert lines(claim) == [1_500, 0]
    assert queries.lines_of(claim)[1].reason_code == "no_proof"
    assert claim.approved == eur(1_500)


def test_a_word_on_a_line_can_be_taken_back():
    claim = make.submitted()
    [first, _second] = queries.lines_of(claim)
    claim_decisions.judge_line(first, eur(1), reason_code="other", by=build.manager(), at=AFTER)

    claim_decisions.judge_line(first, None, by=build.manager(), at=AFTER)

    assert make.decided(claim).approved == eur(2_000)


def test_no_line_gets_more_than_was_asked():
    claim = make.submitted()

    with pytest.raises(MoreThanClaimed):
        claim_decisions.judge_line(queries.lines_of(claim)[0], eur("1500.01"), by=build.manager(), at=AFTER)


def test_a_line_over_plan_is_paid_up_to_the_plan_and_says_so():
    extra = make.unplanned(350)
    claim = make.decided(make.submitted(None, 3_000, 1_000, extra=[extra]))

    assert lines(claim) == [1_500, 500, 0]
    assert queries.lines_of(claim)[2].reason_code == "not_in_plan"


def test_another_total_needs_a_reason_and_is_shared_out_over_the_lines():
    claim = make.submitted()
    with pytest.raises(ReasonNeeded):
        make.decided(claim, total=eur(1_000))

    claim = make.decided(claim, total=eur(1_000), reason_code="other", note="Half of the hall was ours.")

    assert lines(claim) == [750, 250]
    assert queries.lines_of(claim)[0].decision_note == "Half of the hall was ours."


def test_the_typed_total_that_is_recommended_needs_no_reason():
    assert make.decided(total=eur("2000.0000")).approved == eur(2_000)


@pytest.mark.parametrize("total", ["2000.01", "99999999999"])
def test_no_total_passes_what_was_asked(total):
    with pytest.raises(MoreThanClaimed):
        make.decided(total=eur(total), reason_code="other")


def test_an_approval_of_nothing_is_refused():
    with pytest.raises(NothingToPay):
        make.decided(total=eur(0), reason_code="other")


def test_a_returned_file_keeps_the_claim_from_being_approved():
    claim = make.submitted()
    photo = ClaimProof.objects.get(claim=claim, kind=ProofKind.PHOTO)
    with pytest.raises(ReasonNeeded):
        claim_decisions.judge_file(photo, ProofVerdict.RETURNED, by=build.manager(), at=AFTER)
    claim_decisions.judge_file(
        photo, ProofVerdict.RETURNED, reason_code="unreadable", note="Blurred", by=build.manager(), at=AFTER
    )

    with pytest.raises(FilesReturned):
        make.decided(claim)
    claim_decisions.judge_file(photo, ProofVerdict.ACCEPTED, by=build.manager(), at=AFTER)

    assert make.decided(claim).status == ClaimStatus.APPROVED


def test_the_partner_hears_of_files_and_lines_only_with_the_decision():
    claim = make.submitted()
    photo = ClaimProof.objects.get(claim=claim, kind=ProofKind.PHOTO)
    claim_decisions.judge_file(photo, ProofVerdict.RETURNED, reason_code="unreadable", by=build.manager(), at=AFTER)

    assert Event.objects.get(name="mdf.claim_file.returned").partner_path == ""


def test_a_rejection_leaves_the_reservation_and_the_partner_may_claim_again():
    share = allocation(5_000)
    claim = make.submitted(approved(share))

    claim_decisions.reject(claim, reason_code="no_proof", note="", by=build.manager(), at=AFTER)

    assert held(share).reserved == 2_000
    assert make.draft(claim.request).status == ClaimStatus.DRAFT


def test_the_second_of_two_managers_is_told():
    claim = make.submitted()
    first, second = build.manager(), build.manager()
    version = claim.version
    claim_decisions.approve(claim, by=first, at=AFTER, version=version)

    with pytest.raises(ClaimNotPossible) as refusal:
        claim_decisions.reject(claim, reason_code="other", note="x", by=second, at=AFTER, version=version)

    refusal.value.facts["for_vendor"] = True
    assert first.user.name in refusal.value.sentence


def test_a_decision_on_an_older_version_is_refused():
    claim = make.submitted()
    claim_decisions.open_review(claim, by=build.manager(), at=AFTER)

    with pytest.raises(ClaimChanged):
        claim_decisions.approve(claim, by=build.manager(), at=AFTER, version=claim.version)


def big_claim(cost):
    share = allocation(60_000, of=fund(100_000))
    request = submitted(share, costs=(cost,))
    amounts = amounts_of(request)
    from mdf.services import decisions

    deciders = [build.manager(), build.manager(), make.finance()]
    for decider in deciders:
        if request.status != RequestStatus.APPROVED:
            request = decisions.approve(request, amounts, by=decider, at=AFTER - timedelta(days=60))
    return share, make.submitted(request, cost)


def test_a_second_person_approves_above_the_limit_and_nobody_twice():
    share, claim = big_claim(12_000)
    first, second = build.manager(), build.manager()

    claim = claim_decisions.approve(claim, by=first, at=AFTER)
    assert (claim.status, claim.approvals_given, held(share).payable) == (ClaimStatus.IN_REVIEW, 1, 0)
    with pytest.raises(ClaimStepTaken):
        claim_decisions.approve(claim, by=first, at=AFTER)
    claim = claim_decisions.approve(claim, by=second, at=AFTER)

    assert (claim.status, held(share).payable) == (ClaimStatus.APPROVED, 6_000)


def test_finance_approves_last_above_its_limit():
    _share, claim = big_claim(60_000)
    claim_decisions.approve(claim, by=build.manager(), at=AFTER)
    claim_decisions.approve(claim, by=build.manager(), at=AFTER)

    with pytest.raises(ClaimStepTaken):
        claim_decisions.approve(claim, by=build.manager(), at=AFTER)

    assert claim_decisions.approve(claim, by=make.finance(), at=AFTER).status == ClaimStatus.APPROVED


def test_a_later_step_may_lower_but_not_raise_what_was_agreed():
    _share, claim = big_claim(12_000)
    claim_decisions.approve(claim, total=eur(5_500), reason_code="other", by=build.manager(), at=AFTER)
    second = build.manager()

    with pytest.raises(MoreThanClaimed):
        claim_decisions.approve(claim, total=eur(5_501), reason_code="other", by=second, at=AFTER)

    claim = claim_decisions.approve(claim, by=second, at=AFTER)
    assert claim.approved == eur(5_500)


def test_nobody_approves_their_own():
    claim = make.submitted()
    claim.owner_id = (manager := build.manager()).user_id
    claim.save()

    with pytest.raises(ClaimStepTaken):
        claim_decisions.approve(claim, by=manager, at=AFTER)


# -- undo --------------------------------------------------------------------------------------------------
def test_an_approval_is_undone_in_the_ledger_too_and_can_be_made_again():
    share = allocation(5_000)
    claim, manager = make.submitted(approved(share), 2_500, 800), build.manager()
    claim = claim_decisions.approve(claim, by=manager, at=AFTER)

    claim = claim_decisions.undo(claim, by=manager, at=AFTER + timedelta(seconds=9))

    assert (claim.status, claim.approved, lines(claim)) == (ClaimStatus.SUBMITTED, None, [None, None])
    assert (held(share).available, held(share).reserved, held(share).payable) == (3_000, 2_000, 0)
    assert not ApprovalStep.objects.filter(subject_id=claim.pk).exists()
    claim = claim_decisions.approve(claim, by=manager, at=AFTER)
    assert (held(share).available, held(share).reserved, held(share).payable) == (3_350, 0, 1_650)
    assert not list(differences())


def test_undoing_brings_back_what_was_said_of_a_line():
    claim, manager = make.submitted(), build.manager()
    claim_decisions.judge_line(queries.lines_of(claim)[1], eur(100), reason_code="other", by=manager, at=AFTER)
    claim_decisions.approve(claim, by=manager, at=AFTER)

    claim = claim_decisions.undo(claim, by=manager, at=AFTER)

    assert lines(claim) == [None, 100]


def test_one_of_several_approvals_is_undone_too():
    _share, claim = big_claim(12_000)
    manager = build.manager()
    claim_decisions.approve(claim, by=manager, at=AFTER)

    claim = claim_decisions.undo(claim, by=manager, at=AFTER)

    assert (claim.status, claim.approvals_given) == (ClaimStatus.SUBMITTED, 0)
    assert claim_decisions.approve(claim, by=manager, at=AFTER).approvals_given == 1


def test_a_question_is_undone_as_if_it_had_not_been_asked():
    claim, manager = make.submitted(), build.manager()
    claim_decisions.ask(claim, question="Which hall?", by=manager, at=AFTER)

    claim = claim_decisions.undo(claim, by=manager, at=AFTER)

    assert (claim.status, claim.answer_by) == (ClaimStatus.SUBMITTED, None)


@pytest.mark.parametrize("seconds", [11, 3_600])
def test_after_its_time_nothing_is_undone(seconds):
    claim, manager = make.submitted(), build.manager()
    claim_decisions.approve(claim, by=manager, at=AFTER)

    with pytest.raises(ClaimDecided):
        claim_decisions.undo(claim, by=manager, at=AFTER + timedelta(seconds=seconds))


def test_nobody_undoes_what_another_decided():
    claim = make.decided()

    with pytest.raises(ClaimDecided):
        claim_decisions.undo(claim, by=build.manager(), at=AFTER)


def test_money_that_went_elsewhere_meanwhile_keeps_the_decision():
    share = allocation(2_000)
    claim, manager = make.submitted(approved(share), 1_000, 0), build.manager()
    claim_decisions.approve(claim, by=manager, at=AFTER)
    approved(share, costs=(3_000,))
    from mdf.services.ledger import NotCovered

    with pytest.raises(NotCovered):
        claim_decisions.undo(claim, by=manager, at=AFTER)

    claim.refresh_from_db()
    assert claim.status == ClaimStatus.APPROVED
    assert not list(differences())


def test_whoever_looks_is_told_to_the_partner_once():
    claim, manager = make.submitted(), build.manager()

    claim_decisions.open_review(claim, by=manager, at=AFTER)
    claim = claim_decisions.open_review(claim, by=manager, at=AFTER)

    assert claim.status == ClaimStatus.IN_REVIEW
    assert Event.objects.filter(name="mdf.claim.opened").count() == 1


def test_a_line_used_before_is_recommended_to_get_nothing():
    first = make.submitted()
    invoice = first.lines.order_by("position")[0]
    again = approved(first.request.allocation)
    facts = {"supplier": invoice.supplier, "invoice_number": invoice.invoice_number}
    claim = make.submitted(again, same=facts, at=AFTER + timedelta(1))

    claim = make.decided(claim, at=AFTER + timedelta(1))

    assert (claim.approved, lines(claim)) == (eur(500), [Decimal(0), Decimal(500)])
