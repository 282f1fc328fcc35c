"""Claims take the course that the vendor's rules give them, and pass the steps that those name."""

from datetime import date, timedelta

import pytest

from mdf.areas import problems_of_claims
from mdf.enums import ClaimStatus as Status
from mdf.enums import ProofKind
from mdf.models import ClaimProof
from mdf.queries import claim_inbox, past
from mdf.rules.catalogue import CLAIM
from mdf.services import claim_decisions, claims, decisions
from mdf.services.claim_decisions import ClaimStepTaken
from prm.accounts.roles import Role
from prm.approvals import queries
from prm.approvals.models import Approval
from prm.custom_fields import services as custom_fields
from prm.custom_fields.kinds import KINDS
from prm.policies import following, versions
from prm.policies.courses import Because
from prm.policies.models import CourseTaken, PolicyVersion
from prm.tenancy.context import acting_as
from tests import build
from tests.build import MONDAY
from tests.deals.rulebook import EARLIER, eur, rule, when
from tests.mdf import claim_build as make
from tests.mdf.build import allocation, amounts_of, approved, held, submitted
from tests.mdf.claim_build import AFTER
from tests.mdf.rulebook import body
from tests.prm.clocks.calendar_of import office
from tests.prm.custom_fields.asking import ask, change

SMALL = rule("Small", when("asked", "at_most", eur(2_000)), decision="approve")
BOOKS = {"key": "books", "name": "The invoices are in order", "asked": [{"role": "finance"}]}
LOOK = {"key": "look", "name": "The activity took place", "asked": [{"owner": True}, {"role": "channel_manager"}]}


def publish(*rules, **facts):
    made = body(*rules, **facts)
    assert not problems_of_claims(made), problems_of_claims(made)
    PolicyVersion.objects.filter(area=CLAIM).delete()
    return versions.publish(CLAIM, made, effective_on=EARLIER, at=MONDAY)


def test_a_small_claim_is_approved_at_once_and_waits_for_payment(vendor):
    publish(SMALL)
    share = allocation(5_000)

    claim = make.submitted(approved(share))

    assert (claim.status, claim.approved_amount, claim.decided_by_id) == (Status.APPROVED, claim.asked_amount, None)
    assert held(share).payable == claim.asked_amount
    assert following.matched(following.latest(claim)) == ("Small",)


def test_a_decision_promised_in_hours_is_still_in_hours_after_a_question(vendor):
    office(build.member(Role.ADMIN), time_zone="UTC")
    publish(rule("All", None, decision="person", promise_hours="4"))
    claim = make.submitted()
    assert claim.decide_by == AFTER + timedelta(hours=4)

    claim_decisions.ask(claim, question="Which hall?", by=build.manager(), at=AFTER + timedelta(hours=1))
    late = AFTER + timedelta(hours=7, minutes=30)
    claim = claims.answer(claim, None, text="The large one.", by=make.owner_of(claim), at=late)

    assert claim.decide_by == AFTER + timedelta(days=1, hours=2, minutes=30)


def test_a_claim_is_judged_again_when_the_vendor_fills_in_what_its_rules_ask(vendor):
    ask("Orders", "whole", of=CLAIM)
    risk = ask("Risk", of=CLAIM, is_internal=True)
    risky = rule("Risky", when("custom.risk", "given"), decision="person", steps=["books"])
    publish(risky, rule("Worth it", when("custom.orders", "at_least", "3"), decision="approve"), steps=[BOOKS])
    claim = make.submitted()
    assert following.matched(following.latest(claim)) == ()

    said = {"by": build.manager(), "at": AFTER}
    claim = custom_fields.answer(KINDS[CLAIM], claim, {"orders": "2"}, seen={}, **said)
    assert CourseTaken.objects.filter(subject_id=claim.pk).count() == 2, (
        "two orders are not enough, but the rules look at them"
    )
    custom_fields.answer(KINDS[CLAIM], claim, {"risk": "high"}, seen=claim.custom, **said)
    assert following.matched(following.latest(claim)) == ("Risky",)
    assert [step.key for step in queries.standing_of(queries.current_of(claim)).waiting] == ["books"]
    with pytest.raises(custom_fields.FieldTypeInUse):
        change(risk, type="whole")


def test_a_partner_claims_without_seeing_what_the_rules_said(vendor):
    publish(SMALL)
    claim = make.draft()
    for kind in make.PROOFS:
        make.proof(claim, kind)
    by, content = make.owner_of(claim), make.content(claim)

    with acting_as(by.actor):
        claim = claims.submit(claim, content, by=by, at=AFTER)
        assert not CourseTaken.objects.exists()

    assert claim.status == Status.APPROVED


def test_what_was_used_before_or_is_not_covered_is_for_a_person_whatever_rules_say(vendor):
    publish(rule("All", None, decision="approve"))
    share = allocation(9_000)
    over = make.submitted(approved(share), extra=[make.unplanned(300)])

    assert over.status == Status.SUBMITTED
    assert following.latest(over).because == Because.CONTESTED


def test_a_file_of_another_partner_is_for_a_person_though_whoever_sends_it_cannot_see_that(vendor):
    publish(rule("All", None, decision="approve"))
    theirs = ClaimProof.objects.get(claim=make.submitted(), kind=ProofKind.INVOICE)
    claim = make.draft(approved(allocation(9_000, to=build.partner("Kestrel Marketing"))))
    for kind in make.PROOFS:
        make.proof(claim, kind)
    ClaimProof.objects.filter(claim=claim, kind=ProofKind.INVOICE).update(sha256=theirs.sha256)
    by, content = make.owner_of(claim), make.content(claim)

    with acting_as(by.actor):
        claim = claims.submit(claim, content, by=by, at=AFTER + timedelta(days=1))

    assert claim.status == Status.SUBMITTED
    assert following.latest(claim).because == Because.CONTESTED


def test_a_claim_is_refused_with_the_reason_of_the_rule(vendor):
    late = when("since_end", "over", {"count": 1, "unit": "days"})
    publish(rule("Too late", late, decision="refuse", reason="too_late"))

    claim = make.submitted()

    assert (claim.status, claim.reason_code, claim.decided_by_id) == (Status.REJECTED, "too_late", None)


def test_steps_of_rules_take_the_place_of_the_usual_ones(vendor):
    publish(rule("All", None, decision="person", steps=["look", "books"]), steps=(LOOK, {**BOOKS, "stage": 2}))
    claim, manager, finance = make.submitted(), build.manager(), build.member(Role.FINANCE)
    with pytest.raises(ClaimStepTaken):
        claim_decisions.approve(claim, by=finance, at=AFTER)

    claim = claim_decisions.approve(claim, by=manager, at=AFTER)
    assert (claim.status, claim.approvals_given, claim.approvals_needed) == (Status.IN_REVIEW, 1, 2)
    assert claim_inbox.rows_of(claim_inbox.View.MINE, finance, AFTER).get() == claim
    assert claim_decisions.approve(claim, by=finance, at=AFTER).status == Status.APPROVED


def test_an_answer_asks_again_only_the_steps_that_look_at_what_changed(vendor):
    look, books = {**LOOK, "looks_at": ["result"]}, {**BOOKS, "looks_at": ["lines", "files"]}
    publish(rule("All", None, decision="person", steps=["look", "books"]), steps=(look, books))
    claim, manager, finance = make.submitted(), build.manager(), build.member(Role.FINANCE)
    claim = claim_decisions.approve(claim, by=finance, at=AFTER)
    asked = AFTER + timedelta(minutes=1)
    claim = claim_decisions.ask(claim, question="How was it?", fields=("result",), by=manager, at=asked)

    content = claims.Content({"result": "Twenty leads"})
    claim = claims.answer(claim, content, text="Good", by=make.owner_of(claim), at=AFTER + timedelta(hours=1))

    assert claim.approvals_given == 1
    claim = claim_decisions.approve(claim, by=manager, at=AFTER + timedelta(hours=2))
    assert claim.status == Status.APPROVED


def test_who_is_asked_still_finishes_a_claim_after_an_answer_that_needs_nobody_else(vendor):
    untold = rule("Untold", when("is_final", "is", False), decision="person", steps=["look", "books"])
    told = rule("Told", None, decision="person", steps=["look"])
    publish(untold, told, steps=({**LOOK, "looks_at": ["result"]}, {**BOOKS, "stage": 2, "looks_at": ["result"]}))
    claim, manager, finance = make.submitted(is_final=False), build.manager(), build.member(Role.FINANCE)
    claim = claim_decisions.approve(claim, by=manager, at=AFTER)
    asked = AFTER + timedelta(minutes=1)
    claim = claim_decisions.ask(claim, question="The last one?", fields=("is_final",), by=manager, at=asked)

    content = claims.Content({"is_final": True})
    claim = claims.answer(claim, content, text="Yes", by=make.owner_of(claim), at=AFTER + timedelta(hours=1))

    assert (claim.approvals_given, claim.approvals_needed) == (1, 2)
    claim = claim_decisions.approve(claim, by=finance, at=AFTER + timedelta(hours=2))
    assert claim.status == Status.APPROVED


@pytest.mark.parametrize(("looks_at", "given", "kept"), [(["result"], 0, None), (["settled_on"], 1, 100)])
def test_what_was_said_of_a_cost_is_forgotten_only_with_the_agreement(vendor, looks_at, given, kept):
    look, books = {**LOOK, "looks_at": looks_at}, {**BOOKS, "stage": 2}
    publish(rule("All", None, decision="person", steps=["look", "books"]), steps=(look, books))
    claim, manager = make.submitted(), build.manager()
    line = claim.lines.order_by("position")[0]
    claim_decisions.judge_line(line, make.eur(100), reason_code="not_in_plan", by=manager, at=AFTER)
    claim = claim_decisions.approve(claim, by=manager, at=AFTER)

    claim = answered(claim, manager)

    line.refresh_from_db()
    assert (claim.approvals_given, line.approved_amount) == (given, kept)


def test_the_usual_steps_look_at_everything_that_a_claim_says(vendor):
    request = submitted(allocation(9_000), costs=(12_000,))
    for manager in (build.manager(), build.manager()):
        request = decisions.approve(request, amounts_of(request, 6_000), by=manager, at=MONDAY)
    claim = make.submitted(request)
    claim = claim_decisions.approve(claim, by=manager, at=AFTER)
    assert (claim.status, claim.approvals_given) == (Status.IN_REVIEW, 1)

    assert answered(claim, manager).approvals_given == 0


def answered(claim, manager):
    asked = AFTER + timedelta(minutes=1)
    claim = claim_decisions.ask(claim, question="How was it?", fields=("result",), by=manager, at=asked)
    content = claims.Content({"result": "Twenty leads"})
    return claims.answer(claim, content, text="Good", by=make.owner_of(claim), at=AFTER + timedelta(hours=1))


def test_a_step_is_taken_back_and_a_withdrawn_claim_asks_nobody(vendor):
    publish(rule("All", None, decision="person", steps=["look", "books"]), steps=(LOOK, BOOKS))
    claim, manager = make.submitted(), build.manager()
    claim_decisions.approve(claim, by=manager, at=AFTER)

    claim = claim_decisions.undo(claim, by=manager, at=AFTER + timedelta(seconds=5))
    assert (claim.status, claim.approvals_given) == (Status.SUBMITTED, 0)
    claims.withdraw(claim, by=make.owner_of(claim), at=AFTER + timedelta(seconds=6))

    assert Approval.objects.get(subject_id=claim.pk).status == Approval.Status.RECALLED


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        (when("proofs", "has_all", [ProofKind.INVOICE.value]), True),
        (when("proof_is_whole", "is", False), False),
        (when("flags", "over", "0"), False),
        (when("is_first", "is", True), True),
        (when("over_plan", "over", eur(0)), False),
        ({"in": "lines", "none": when("is_planned", "is", True)}, False),
        ({"total": "claims", "how": "count", "is": "at_most", "value": "0"}, True),
        (when("left", "under", {"count": 1, "unit": "days"}), False),
    ],
)
def test_rules_can_be_about_proof_findings_plan_and_what_was_before(vendor, condition, holds):
    publish(rule("This", condition, decision="refuse", reason="other"))

    assert (make.submitted().status == Status.REJECTED) is holds


def test_past_claims_are_judged_under_a_draft(vendor):
    claim = make.submitted()
    days = date(2026, 1, 1), AFTER.date()

    (found,) = past.CLAIMS.compare(*days, after=None, limit=10, before_body={}, after_body=body(SMALL))

    assert (found.pk, found.changes(["decision"])) == (claim.pk, [("decision", "person", "approve")])
