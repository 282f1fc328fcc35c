"""What partners do with claims."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from mdf.enums import ClaimStatus, ProofKind, RequestStatus
from mdf.models import Claim, ClaimProof
from mdf.queries import claims as queries
from mdf.rules.preflight import Check
from mdf.services import claim_decisions, claims, extensions, requests
from mdf.services.claim_moves import ClaimChanged
from mdf.services.claims import ClaimRuns, DeadlinePassed, NothingToClaim, NotReady
from prm.events.models import Event
from prm.questions import services as questions
from tests import build
from tests.mdf import claim_build as make
from tests.mdf.build import allocation, approved, held, submitted
from tests.mdf.claim_build import AFTER, eur

pytestmark = pytest.mark.usefixtures("vendor")
LATE = AFTER + timedelta(days=70)


def test_a_claim_starts_with_the_approved_lines_and_once():
    request = approved(allocation(), 1_500, 0)

    claim = make.draft(request)

    assert [(row.what, row.cost) for row in queries.lines_of(claim)] == [("Cost 1", eur(3_000))]
    assert (claim.cost, claim.asked) == (eur(3_000), eur(1_500))
    assert make.draft(request) == claim


def test_only_what_was_approved_can_be_claimed():
    request = submitted()

    with pytest.raises(NothingToClaim):
        make.draft(request)


def test_a_draft_keeps_what_was_typed_right_or_wrong():
    claim = make.draft()
    typed = replace(make.content(claim, 2_900, 0), typed={"costs-0-cost_amount": ["abc"]})

    saved = claims.save(claim, typed, by=make.owner_of(claim), at=AFTER, version=claim.version)

    assert saved.typed == {"costs-0-cost_amount": ["abc"]}
    assert (saved.cost, saved.asked) == (eur(2_900), eur(1_450))
    with pytest.raises(ClaimChanged):
        claims.save(claim, typed, by=make.owner_of(claim), at=AFTER, version=claim.version)


def test_a_claim_that_passes_the_checks_is_sent_with_a_number_and_a_promise():
    claim = make.submitted()

    assert claim.status == ClaimStatus.SUBMITTED
    assert claim.number == "MC-2027-000001"
    assert claim.decide_by == AFTER + timedelta(days=7)  # five business days
    assert (claim.cost, claim.asked, claim.approvals_needed) == (eur(4_000), eur(2_000), 1)
    event = Event.objects.get(name="mdf.claim.submitted")
    assert event.payload["flags"] == 0


def test_a_claim_without_its_proof_is_not_sent():
    with pytest.raises(NotReady) as refusal:
        make.submitted(proofs=[ProofKind.INVOICE])

    assert [finding.check for finding in refusal.value.facts["findings"]] == [Check.ANY_PROOF]
    assert Claim.objects.get().status == ClaimStatus.DRAFT


def test_over_plan_needs_a_reason_and_then_is_for_the_vendor_to_judge():
    with pytest.raises(NotReady):
        make.submitted(None, 3_200, 1_000)

    claim = make.submitted(None, 3_000, 1_000, extra=[make.unplanned(350)])

    known = queries.known(claim, AFTER)
    assert claim.asked == eur(2_175)
    assert known.assessment.recommended == eur(2_000)


@pytest.mark.parametrize(("days", "passes"), [(0, True), (1, False)])
def test_the_last_day_still_counts_and_no_day_after_it(days, passes):
    request = approved()
    claim = make.draft(request)
    for kind in make.PROOFS:
        make.proof(claim, kind)
    day = AFTER.replace(year=request.claim_by.year, month=request.claim_by.month, day=request.claim_by.day)
    at = day + timedelta(days=days)

    if passes:
        assert claims.submit(claim, make.content(claim), by=make.owner_of(claim), at=at).number
    else:
        with pytest.raises(DeadlinePassed):
            claims.submit(claim, make.content(claim), by=make.owner_of(claim), at=at)
        claim.refresh_from_db()
        assert claim.status == ClaimStatus.DRAFT


def test_nothing_is_started_after_the_deadline():
    request = approved()

    with pytest.raises(DeadlinePassed):
        make.draft(request, at=LATE)


def test_a_planned_cost_that_did_not_arise_stays_as_zero_and_an_empty_extra_one_goes():
    claim = make.submitted(None, 3_000, 0, extra=[make.unplanned(0, supplier="")])

    assert [row.cost_amount for row in queries.lines_of(claim)] == [3_000, 0]


def test_two_claims_for_one_request_never_run_together():
    claim = make.submitted()

    with pytest.raises(ClaimRuns):
        make.draft(claim.request)


def test_a_further_claim_may_follow_one_that_was_not_the_last():
    request = approved()
    first = make.decided(make.submitted(request, 1_000, 0, is_final=False))

    second = make.draft(first.request)

    terms = queries.known(second, AFTER).terms
    assert terms.reserved == eur(1_500)
    assert [plan.used for plan in terms.plans] == [eur(500), eur(0)]
    request.refresh_from_db()
    assert request.status == RequestStatus.APPROVED


def test_an_answer_lets_the_clock_run_again_and_is_checked_again():
    claim = make.submitted()
    promised = claim.decide_by
    photo = ClaimProof.objects.get(claim=claim, kind=ProofKind.PHOTO)
    manager = build.manager()
    claim_decisions.judge_file(photo, "returned", reason_code="unreadable", by=manager, at=AFTER)
    claim_decisions.ask(claim, question="Which hall is this?", fields=("files",), by=manager, at=AFTER)
    later = AFTER + timedelta(days=3)

    with pytest.raises(NotReady):
        claims.answer(claim, make.content(claim), text="Hall 2.", by=make.owner_of(claim), at=later)
    make.proof(claim, ProofKind.PHOTO, at=later)
    answered = claims.answer(claim, make.content(claim), text="Hall 2.", by=make.owner_of(claim), at=later)

    assert answered.status == ClaimStatus.IN_REVIEW
    assert answered.decide_by == promised + timedelta(days=3)
    assert questions.of(claim)[0].answer == "Hall 2."


def test_what_was_sent_in_time_may_be_answered_after_the_deadline():
    claim = make.submitted()
    claim_decisions.ask(claim, question="Which hall?", by=build.manager(), at=AFTER)

    answered = claims.answer(claim, make.content(claim), text="Two.", by=make.owner_of(claim), at=LATE)

    assert answered.status == ClaimStatus.IN_REVIEW


def test_an_unanswered_claim_is_withdrawn_once():
    claim = make.submitted()
    claim_decisions.ask(claim, question="Which hall?", by=build.manager(), at=AFTER)
    assert not claims.lapse(claim, at=AFTER + timedelta(days=9))

    assert claims.lapse(claim, at=AFTER + timedelta(days=11))
    assert not claims.lapse(claim, at=AFTER + timedelta(days=12))

    claim.refresh_from_db()
    assert claim.status == ClaimStatus.WITHDRAWN
    assert make.draft(claim.request) != claim


def test_a_partner_that_claimed_before_has_no_more_days_than_others():
    first = make.submitted()

    assert approved(first.request.allocation).claim_by == first.request.claim_by - timedelta(days=15)


def test_what_waits_for_an_extension_does_not_lapse_and_what_lapsed_is_reserved_again():
    share = allocation(5_000)
    waiting, lapsed = approved(share, 1_000, 0), approved(share, 500, 0)
    after = LATE + timedelta(days=1)
    extensions.ask(waiting, "Later.", by=make.owner_of(waiting), at=AFTER)
    assert not requests.lapse_unclaimed(waiting, at=after)
    assert requests.lapse_unclaimed(lapsed, at=after)
    assert held(share).reserved == 1_000

    extensions.ask(lapsed, "The invoice came today.", by=make.owner_of(lapsed), at=after)
    extensions.approve(lapsed, by=build.manager(), at=after)

    assert held(share).reserved == 1_500
    assert make.draft(lapsed, at=after).status == ClaimStatus.DRAFT


def test_an_extension_is_asked_for_once_and_moves_the_deadline():
    request = approved()
    by, deadline = make.owner_of(request), request.claim_by
    extensions.ask(request, "The venue sends its invoice in May.", by=by, at=AFTER)
    with pytest.raises(extensions.ExtendedBefore):
        extensions.ask(request, "Again.", by=by, at=AFTER)

    extended = extensions.approve(request, by=build.manager(), at=AFTER)

    assert extended.claim_by == deadline + timedelta(days=30)
    assert make.draft(request, at=LATE).status == ClaimStatus.DRAFT
    with pytest.raises(extensions.NoExtension):
        extensions.approve(request, by=build.manager(), at=AFTER)


def test_a_refused_extension_leaves_the_deadline_and_says_why():
    request = approved()
    extensions.ask(request, "Later.", by=make.owner_of(request), at=AFTER)

    extensions.refuse(request, reason_code="no_evidence", note="", by=build.manager(), at=AFTER)

    with pytest.raises(DeadlinePassed):
        make.draft(request, at=LATE)
    assert queries.extension_of(request).reason_code == "no_evidence"


def test_an_extension_long_after_the_deadline_is_refused():
    request = approved()

    with pytest.raises(extensions.NoExtension):
        extensions.ask(request, "Sorry.", by=make.owner_of(request), at=LATE + timedelta(days=30))


def test_amounts_without_end_are_kept_exactly_and_nothing_is_not_claimed():
    claim = make.submitted(None, Decimal("2999.99"), Decimal("0.01"))

    assert [row.asked_amount for row in queries.lines_of(claim)] == [Decimal("1500.00"), Decimal("0.01")]
    with pytest.raises(NotReady) as refusal:
        make.submitted(approved(), 0, 0)
    assert Check.COSTS in [finding.check for finding in refusal.value.facts["findings"]]


def test_the_same_invoice_and_the_same_file_are_seen_again_in_the_next_claim():
    first = make.submitted()
    invoice = first.lines.order_by("position")[0]
    again = approved(first.request.allocation)
    claim = make.draft(again)
    digest = ClaimProof.objects.get(claim=first, kind=ProofKind.INVOICE)
    make.proof(claim, ProofKind.PHOTO)
    copy = make.proof(claim)
    ClaimProof.objects.filter(pk=copy.pk).update(sha256=digest.sha256)
    typed = make.content(claim)
    line, *rest = typed.costs
    line = replace(line, supplier=invoice.supplier.upper(), invoice_number=f" {invoice.invoice_number.lower()}")

    sent = claims.submit(claim, replace(typed, costs=[line, *rest]), by=make.owner_of(claim), at=AFTER + timedelta(1))

    known = queries.known(sent, AFTER)
    assert {finding.check for finding in known.assessment.flags} == {Check.SAME_FILE, Check.SAME_INVOICE}
    assert {finding.facts["claim"] for finding in known.assessment.flags} == {first.number}
    assert known.assessment.recommended == eur(500)
    assert queries.known(first, AFTER).assessment.is_clean


def test_an_invoice_of_another_partner_is_seen_by_the_vendor_only():
    first = make.submitted()
    invoice = first.lines.order_by("position")[0]
    facts = {"supplier": invoice.supplier, "invoice_number": invoice.invoice_number}
    other = make.submitted(approved(), same=facts, at=AFTER + timedelta(1))
    from prm.tenancy.context import acting_as

    with acting_as(build.manager().actor):
        [flag] = queries.known(other, AFTER).assessment.flags
        assert (flag.check, flag.facts["partner"]) == (Check.SAME_INVOICE, first.partner.name)
    with acting_as(make.owner_of(other).actor):
        assert queries.known(other, AFTER).assessment.is_clean


def test_the_day_of_payment_and_the_stated_total_are_kept():
    claim = make.submitted(None, stated_amount=Decimal(4_000), settled_on=date(2027, 2, 1))

    assert queries.known(claim, AFTER).claimed.stated == eur(4_000)
