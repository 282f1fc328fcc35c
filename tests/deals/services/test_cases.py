"""Conflict cases: opening, evidence, deciding, appeals, and what the clock does."""

from datetime import timedelta

import pytest
import time_machine

from deals import tasks
from deals.enums import CaseDecision, CaseResult, CaseStatus, ProtectionState, Review
from deals.models import CaseParty, CheckIn, ConflictCase, CustomerLikeness, Protection, RegistrationLine, Ruling
from deals.queries.inbox import dossier_of
from deals.rules.cases import Verdict
from deals.rules.terms import Terms
from deals.services import case_decisions, cases, decisions, outcomes, protection, registrations
from deals.services.case_decisions import DecisionUnfit
from deals.services.cases import CaseChanged, EvidenceTooLate, InAnotherCase, NoConflict
from deals.services.decisions import Contested, EvidenceAwaited, InCase, TooLateToUndo
from deals.services.drafts import Content, Line
from prm.accounts.roles import Role
from prm.approvals import queries as approvals
from prm.approvals import services as agreement
from prm.disputes import services as disputes
from prm.events import outbox
from prm.events.models import Event
from prm.promises import waiting
from prm.tenancy.context import acting_as
from tests import build
from tests.build import MONDAY
from tests.deals.rulebook import publish, rule

LATER = MONDAY + timedelta(hours=2)
GLOBEX = {"customer_website": "globex.example"}
SAID = {"reason_code": "duplicate", "note": "Somebody else was first."}


@pytest.fixture
def sellers(vendor):
    return [build.seller(), build.seller()]


@pytest.fixture
def rivals(sellers):
    return [build.submitted("edge", "mesh", by=seller, **GLOBEX) for seller in sellers]


@pytest.fixture
def manager(vendor):
    return build.manager()


@pytest.fixture
def case(rivals, manager):
    return cases.open_case(rivals[0], rivals[1:], by=manager, at=MONDAY)


def party_of(registration):
    return CaseParty.objects.get(registration=registration)


def fresh(*rows):
    for row in rows:
        row.refresh_from_db()
    return rows[0] if len(rows) == 1 else rows


def decide(case, decision, by, winner=None, at=LATER, **facts):
    verdict = Verdict(decision, winner=party_of(winner).pk if winner else None, **facts)
    said = {} if decision in (CaseDecision.MERGE, CaseDecision.APART) else SAID
    return case_decisions.decide(case, verdict, **said, version=fresh(case).version, by=by, at=at)


def test_no_time_for_research_is_taken_while_the_clock_stands_still_for_evidence(sellers, manager):
    publish(rule("All", research_days="5"))
    one, other = (build.submitted(by=seller, **GLOBEX) for seller in sellers)
    case = cases.open_case(one, [other], by=manager, at=MONDAY)
    cases.ask_for_evidence(case, "What did you do?", version=fresh(case).version, by=manager, at=LATER)

    with pytest.raises(EvidenceAwaited):
        decisions.research(fresh(one), by=manager, at=LATER)
    assert not dossier_of(fresh(one), LATER.date()).can_research


# -- opening -------------------------------------------------------------------------------------------
def test_neither_registration_is_approved_while_a_case_is_open(case, rivals, manager):
    for row in rivals:
        with pytest.raises(InCase):
            decisions.approve(row, by=manager, at=LATER)
    assert not Protection.objects.exists()


def test_a_registration_is_in_one_open_case_only(case, rivals, manager):
    third = build.submitted(**GLOBEX)

    with pytest.raises(InAnotherCase):
        cases.open_case(third, [rivals[0]], by=manager, at=LATER)


def test_a_case_needs_two_that_wait_or_are_protected(rivals, manager, sellers):
    registrations.withdraw(rivals[1], by=sellers[1], at=MONDAY)

    with pytest.raises(NoConflict):
        cases.open_case(rivals[0], [rivals[1]], by=manager, at=LATER)


def test_partners_learn_that_there_is_another_but_not_who(case, rivals, sellers):
    with acting_as(sellers[0].actor):
        assert [party.registration_id for party in CaseParty.objects.all()] == [rivals[0].pk]
        assert not ConflictCase.objects.exists()
        facts = Event.objects.filter(name="deals.conflict.opened")
        assert [event.subject_id for event in facts] == [rivals[0].pk]


def test_a_case_opens_by_itself_where_the_terms_say_so(vendor, sellers):
    publish(terms=Terms(opens_cases=True))
    with acting_as(sellers[0].actor):
        first = build.submitted(by=sellers[0], **GLOBEX)
    with acting_as(sellers[1].actor):
        second = build.submitted(by=sellers[1], **GLOBEX)
    third = build.submitted(**GLOBEX)
    others = build.submitted("mesh", **GLOBEX)

    case = ConflictCase.objects.get()
    assert set(case.parties.values_list("registration_id", flat=True)) == {first.pk, second.pk, third.pk}
    assert not CaseParty.objects.filter(registration=others).exists()
    assert Event.objects.get(name="deals.conflict.opened", subject_id=first.pk).by_id is None


def test_a_case_does_not_open_by_itself_otherwise_nor_within_a_firm(vendor, rivals, sellers):
    assert not ConflictCase.objects.exists()

    publish(terms=Terms(opens_cases=True))
    seller = build.seller()
    build.submitted(by=seller, customer_website="initech.example")
    build.submitted(by=seller, customer_website="initech.example")

    assert not ConflictCase.objects.exists()


def test_rules_leave_to_a_person_what_is_in_a_case(vendor):
    publish(rule("All", decision="approve"), terms=Terms(opens_cases=True))
    first, second = build.submitted(**GLOBEX), build.submitted(**GLOBEX)

    assert (first.review, second.review) == (Review.APPROVED, Review.SUBMITTED)
    assert ConflictCase.objects.get().parties.count() == 2


# -- evidence ------------------------------------------------------------------------------------------
def test_while_evidence_is_awaited_nothing_is_late_and_nobody_is_asked_twice(case, rivals, manager):
    clock = waiting.DECLARED["deals.registration"]
    assert set(clock.rows()) == set(rivals)

    cases.ask_for_evidence(case, "Whom did you meet?", version=case.version, by=manager, at=MONDAY)

    assert not clock.rows().exists()
    with pytest.raises(decisions.EvidenceAwaited):
        decisions.ask(rivals[0], question="Who?", by=manager, at=LATER)


def test_evidence_is_asked_of_all_and_their_clocks_stand_still_until_they_answer(case, rivals, manager, sellers):
    due = rivals[0].decide_by
    case = cases.ask_for_evidence(case, "Whom did you meet?", version=case.version, by=manager, at=MONDAY)
    assert case.status == CaseStatus.EVIDENCE_REQUESTED

    answered = MONDAY + timedelta(days=1)
    with acting_as(sellers[0].actor):
        party = cases.give_evidence(party_of(rivals[0]), "Their CFO.", by=sellers[0], at=answered)

    assert (party.evidence, party.given_at) == ("Their CFO.", answered)
    assert fresh(rivals[0]).decide_by == due + timedelta(days=1)
    assert fresh(case).status == CaseStatus.EVIDENCE_REQUESTED


def test_a_case_goes_on_once_all_have_answered(case, rivals, manager, sellers):
    cases.ask_for_evidence(case, "Whom did you meet?", version=case.version, by=manager, at=MONDAY)
    for row, seller in zip(rivals, sellers, strict=True):
        with acting_as(seller.actor):
            cases.give_evidence(party_of(row), "Their CFO.", by=seller, at=LATER)

    assert fresh(case).status == CaseStatus.OPEN
    with pytest.raises(EvidenceTooLate):
        cases.give_evidence(party_of(rivals[0]), "And their CTO.", by=sellers[0], at=LATER)


def test_nobody_decides_while_evidence_is_waited_for(case, rivals, manager):
    cases.ask_for_evidence(case, "Whom did you meet?", version=case.version, by=manager, at=MONDAY)

    with pytest.raises(CaseChanged):
        decide(case, CaseDecision.AWARD, manager, rivals[0])


def test_the_clock_reminds_once_and_then_goes_on_without(case, rivals, manager, time_machine):
    cases.ask_for_evidence(case, "Whom did you meet?", version=case.version, by=manager, at=MONDAY)
    evidence_by = fresh(case).evidence_by

    time_machine.move_to(evidence_by - timedelta(hours=2), tick=False)
    tasks.remind_of_evidence(), tasks.remind_of_evidence(), tasks.go_on_without_evidence()
    assert Event.objects.filter(name="deals.evidence.reminded").count() == 2
    assert fresh(case).status == CaseStatus.EVIDENCE_REQUESTED

    time_machine.move_to(evidence_by + timedelta(minutes=1), tick=False)
    tasks.go_on_without_evidence(), tasks.go_on_without_evidence()
    assert Event.objects.filter(name="deals.evidence.missed").count() == 2
    assert fresh(case).status == CaseStatus.OPEN


def test_nobody_is_decided_for_by_silence_while_the_case_is_open(vendor, time_machine):
    publish(rule("All", decision="person", deemed="rejected", reason="other"))
    rows = [build.submitted(**GLOBEX) for _ in range(2)]
    cases.open_case(rows[0], rows[1:], by=build.manager(), at=MONDAY)

    time_machine.move_to(MONDAY + timedelta(days=20), tick=False)
    tasks.deem_undecided()

    assert fresh(rows[0]).review == Review.SUBMITTED


# -- facts that change meanwhile -------------------------------------------------------------------------
def answered(registration, content, *, by, asked_by, asked_at=MONDAY, at=LATER):
    """A question about products and value, and the partner's answer to it."""
    if fresh(registration).review != Review.INFO_REQUESTED:
        decisions.ask(registration, question="Is it so?", fields=("products", "value"), by=asked_by, at=asked_at)
    with acting_as(by.actor):
        return registrations.answer(fresh(registration), content, text="Now.", by=by, at=at)


def test_whoever_decides_a_case_looks_again_when_an_answer_changed_facts(case, rivals, manager, sellers):
    seen = fresh(case).version
    only_mesh = Content({}, [Line(build.family("mesh"))])

    answered(rivals[0], only_mesh, by=sellers[0], asked_by=manager)

    with pytest.raises(CaseChanged):
        cases.ask_for_evidence(case, "Whom did you meet?", version=seen, by=manager, at=LATER)
    shared = [build.family("mesh").pk]
    assert [party.families for party in CaseParty.objects.filter(case=case)] == [shared, shared]


def test_an_answer_without_new_facts_leaves_a_case_as_it_is(case, rivals, manager, sellers):
    answered(rivals[0], None, by=sellers[0], asked_by=manager)

    assert fresh(case).version == case.version


def test_an_answer_lets_the_clock_stand_still_while_evidence_is_waited_for(case, rivals, manager, sellers):
    publish(rule("All", decision="person"))
    due = rivals[0].decide_by
    decisions.ask(rivals[0], question="Is it so?", by=manager, at=MONDAY)
    case = cases.ask_for_evidence(case, "Whom did you meet?", version=case.version, by=manager, at=MONDAY)

    answered(rivals[0], None, by=sellers[0], asked_by=manager, at=MONDAY + timedelta(days=1))
    assert party_of(rivals[0]).stands_since == MONDAY + timedelta(days=1)
    with acting_as(sellers[0].actor):
        cases.give_evidence(party_of(rivals[0]), "Their CFO.", by=sellers[0], at=MONDAY + timedelta(days=2))

    assert fresh(rivals[0]).decide_by == due + timedelta(days=2)


def test_an_answer_that_wants_what_another_wants_opens_a_case_where_the_terms_do(vendor, sellers, manager):
    publish(rule("All", decision="person"), terms=Terms(opens_cases=True))
    one, other = (build.submitted(code, by=by, **GLOBEX) for code, by in zip(("edge", "mesh"), sellers, strict=True))
    assert not ConflictCase.objects.exists()

    answered(other, Content({}, [Line(build.family("edge"))]), by=sellers[1], asked_by=manager)

    assert {party.registration for party in CaseParty.objects.all()} == {one, other}


def test_a_letter_brought_as_evidence_asks_those_again_who_look_at_it(sellers, manager):
    step = {"key": "letter", "name": "Letter", "asked": [{"role": "channel_manager"}], "looks_at": ["letter_on"]}
    value = {"key": "value", "name": "Value", "asked": [{"role": "finance"}], "looks_at": ["value"]}
    publish(rule("All", decision="person", steps=["letter", "value"]), steps=[step, value])
    rivals = [build.submitted(by=seller, **GLOBEX) for seller in sellers]
    approval = approvals.current_of(rivals[0])
    agreement.approve(approval, by=manager, at=MONDAY)
    case = cases.open_case(rivals[0], rivals[1:], by=manager, at=MONDAY)
    cases.ask_for_evidence(case, "Whom did you meet?", version=case.version, by=manager, at=MONDAY)

    with acting_as(sellers[0].actor):
        letter_on = (MONDAY - timedelta(days=3)).date()
        cases.give_evidence(party_of(rivals[0]), "See.", letter_on=letter_on, by=sellers[0], at=LATER)

    assert [row.is_stale for row in approvals.decisions_of(fresh(approval))] == [True]
    assert set(fresh(approval).asked) == {"letter", "value"}
    assert Ruling.objects.filter(registration=rivals[0]).count() == 2


# -- deciding ------------------------------------------------------------------------------------------
def test_one_is_awarded_and_the_others_are_refused_with_the_reason(case, rivals, manager):
    decide(case, CaseDecision.AWARD, manager, rivals[1])

    lost, won = fresh(*rivals)
    assert (won.review, won.protection) == (Review.APPROVED, ProtectionState.ACTIVE)
    assert (lost.review, lost.reason_code, lost.decision_note) == (Review.REJECTED, SAID["reason_code"], SAID["note"])
    assert (party_of(won).result, party_of(won).note) == (CaseResult.AWARDED, "")
    assert fresh(case).status == party_of(lost).status == CaseStatus.DECIDED
    assert not CaseParty.objects.filter(is_open=True).exists()


def test_a_protected_one_loses_its_protection_to_whom_it_is_awarded(rivals, manager):
    decisions.approve(rivals[0], by=manager, at=MONDAY)
    case = cases.open_case(rivals[1], [rivals[0]], by=manager, at=MONDAY)

    decide(case, CaseDecision.AWARD, manager, rivals[1])

    lost, won = fresh(*rivals)
    assert (lost.protection, won.protection) == (ProtectionState.REVOKED, ProtectionState.ACTIVE)


def test_a_split_gives_each_product_to_one_and_never_to_two(case, rivals, manager):
    edge, mesh = build.family("edge").pk, build.family("mesh").pk
    parties = [party_of(row).pk for row in rivals]

    decide(case, CaseDecision.SPLIT, manager, split={edge: parties[0], mesh: parties[1]})

    held = dict(Protection.objects.values_list("registration_id", "family_id"))
    assert held == {rivals[0].pk: edge, rivals[1].pk: mesh}
    assert RegistrationLine.objects.filter(registration=rivals[0]).get().family_id == edge
    assert {party_of(row).result for row in rivals} == {CaseResult.PART}


def test_what_a_split_gave_away_stays_away_when_a_lost_deal_is_reopened(rivals, manager, sellers):
    decisions.approve(rivals[0], by=manager, at=MONDAY)
    case = cases.open_case(rivals[1], [rivals[0]], by=manager, at=MONDAY)
    edge, mesh = build.family("edge").pk, build.family("mesh").pk
    decide(case, CaseDecision.SPLIT, manager, split={edge: party_of(rivals[0]).pk, mesh: party_of(rivals[1]).pk})
    outcomes.lose(fresh(rivals[0]), reason_code="price", note="", by=sellers[0], at=LATER)

    outcomes.reopen(fresh(rivals[0]), by=sellers[0], at=LATER + timedelta(days=1))

    assert fresh(rivals[0]).is_protected
    held = Protection.objects.filter(is_in_force=True).values_list("registration_id", "family_id")
    assert set(held) == {(rivals[0].pk, edge), (rivals[1].pk, mesh)}


def test_all_are_refused_at_once(case, rivals, manager):
    decide(case, CaseDecision.REJECT, manager)

    assert {row.review for row in fresh(*rivals)} == {Review.REJECTED}


def test_what_is_one_opportunity_is_merged_into_one_that_waits_on(case, rivals, manager):
    decide(case, CaseDecision.MERGE, manager, rivals[0])

    kept, gone = fresh(*rivals)
    assert (kept.review, gone.review) == (Review.SUBMITTED, Review.WITHDRAWN)
    assert decisions.approve(kept, by=manager, at=LATER).review == Review.APPROVED


def test_a_question_that_is_open_to_a_partner_does_not_stop_the_case(case, rivals, manager):
    decisions.ask(rivals[1], question="Who?", by=manager, at=MONDAY)

    decide(case, CaseDecision.AWARD, manager, rivals[1])

    assert fresh(rivals[1]).review == Review.APPROVED


def test_nothing_is_done_where_somebody_outside_of_the_case_is_protected(case, rivals, manager):
    decisions.approve(build.submitted("mesh", **GLOBEX), by=manager, at=MONDAY)

    with pytest.raises(Contested):
        decide(case, CaseDecision.AWARD, manager, rivals[0])

    assert {row.review for row in fresh(*rivals)} == {Review.SUBMITTED}
    assert fresh(case).status == CaseStatus.OPEN


def test_whoever_decides_about_an_older_case_is_told(case, rivals, manager):
    verdict = Verdict(CaseDecision.AWARD, winner=party_of(rivals[0]).pk)
    case_decisions.decide(case, verdict, **SAID, version=case.version, by=manager, at=LATER)

    with pytest.raises(CaseChanged):
        case_decisions.decide(case, verdict, **SAID, version=case.version, by=manager, at=LATER)


def test_a_split_to_one_alone_is_refused(case, rivals, manager):
    with pytest.raises(DecisionUnfit):
        decide(case, CaseDecision.SPLIT, manager, split={build.family("edge").pk: party_of(rivals[0]).pk})


def test_a_decision_of_a_case_is_not_undone_for_one_of_them_alone(case, rivals, manager):
    decide(case, CaseDecision.AWARD, manager, rivals[0], at=LATER)

    with pytest.raises(TooLateToUndo):
        decisions.undo(fresh(rivals[1]), by=manager, at=LATER)


def alike(manager):
    """Two partners with customers that look alike, in a case."""
    names = ("Veldhaven Maritime Systems GmbH", "Veldhavne Maritime Systems")
    rows = [build.submitted(customer_name=name, customer_website="", customer_city="Bremen") for name in names]
    return rows, cases.open_case(rows[0], rows[1:], by=manager, at=MONDAY)


def test_different_companies_go_on_by_themselves_and_are_told_apart(manager):
    rows, case = alike(manager)
    due = rows[0].decide_by
    cases.ask_for_evidence(case, "Whom did you meet?", version=case.version, by=manager, at=MONDAY)

    decide(case, CaseDecision.APART, manager, at=MONDAY + timedelta(days=1))

    assert fresh(case).status == CaseStatus.FINAL
    assert {(party_of(row).result, party_of(row).is_open) for row in rows} == {(CaseResult.APART, False)}
    assert fresh(*rows)[0].decide_by == due + timedelta(days=1)
    assert CustomerLikeness.objects.get().told_apart_at is not None
    for row in rows:
        assert decisions.approve(row, by=manager, at=LATER).review == Review.APPROVED


def test_whoever_had_left_before_is_told_nothing_of_different_companies(case, rivals, manager, sellers):
    registrations.withdraw(rivals[0], by=sellers[0], at=MONDAY)

    decide(case, CaseDecision.APART, manager)

    assert [party_of(row).result for row in rivals] == [CaseResult.LEFT, CaseResult.APART]
    assert Event.objects.get(name="deals.conflict.decided").subject_id == rivals[1].pk


# -- afterwards ----------------------------------------------------------------------------------------
def test_a_case_is_closed_when_one_side_leaves(case, rivals, sellers):
    registrations.withdraw(rivals[0], by=sellers[0], at=LATER)

    assert cases.follow(fresh(rivals[0]), at=LATER)
    assert not cases.follow(fresh(rivals[0]), at=LATER)

    assert fresh(case).status == CaseStatus.FINAL
    assert party_of(rivals[0]).result == CaseResult.LEFT
    assert decisions.approve(rivals[1], by=build.manager(), at=LATER).review == Review.APPROVED


def test_a_case_is_closed_when_nobody_checked_in_on_one_side(vendor, rivals, manager):
    decisions.approve(rivals[0], by=manager, at=MONDAY)
    case = cases.open_case(rivals[1], [rivals[0]], by=manager, at=MONDAY)
    late = MONDAY + timedelta(days=60)
    missed = CheckIn.objects.get(registration=rivals[0])
    missed.missed_at = MONDAY + timedelta(days=31)
    missed.save()

    with time_machine.travel(late, tick=False):
        protection.forfeit(missed, today=late.date(), at=late)
    outbox.deliver_due(vendor.pk, now=lambda: late + outbox.UNDO_TIME)

    assert fresh(case).status == CaseStatus.FINAL
    assert not party_of(rivals[1]).is_open


def test_an_appeal_that_convinces_turns_the_decision_around_for_good(case, rivals, manager, sellers):
    decide(case, CaseDecision.AWARD, manager, rivals[0])
    raised = {"reason_code": "facts_overlooked", "text": "We met in May.", "by": sellers[1], "at": LATER}
    dispute = disputes.appeal(fresh(rivals[1]), **raised)
    cases.follow_appeal(rivals[1], at=LATER)
    assert fresh(case).status == CaseStatus.APPEALED
    neutral = build.member(Role.ADMIN)

    disputes.overturn(dispute, reason_code="mistake", note="They were first.", by=neutral, at=LATER)

    lost, won = fresh(*rivals)
    assert (lost.protection, won.protection) == (ProtectionState.REVOKED, ProtectionState.ACTIVE)
    assert fresh(case).status == CaseStatus.FINAL
    assert (party_of(won).result, party_of(lost).result) == (CaseResult.AWARDED, CaseResult.REFUSED)
    with pytest.raises(disputes.NothingToAppeal):
        disputes.appeal(lost, **raised | {"by": sellers[0]})


def test_the_clock_makes_nothing_final_that_somebody_just_appealed(case, rivals, manager, sellers):
    decide(case, CaseDecision.AWARD, manager, rivals[0])
    raised = {"reason_code": "facts_overlooked", "text": "We met in May.", "by": sellers[1], "at": LATER}
    dispute = disputes.appeal(fresh(rivals[1]), **raised)

    assert not case_decisions.conclude(case, at=LATER)
    assert not case_decisions.conclude(case, at=LATER + timedelta(days=15))
    said = {"reason_code": "mistake", "note": "They were first."}
    disputes.overturn(dispute, **said, by=build.member(Role.ADMIN), at=LATER + timedelta(days=15))

    assert [row.is_protected for row in fresh(*rivals)] == [False, True]
    assert fresh(case).status == CaseStatus.FINAL


def test_a_case_is_not_final_before_all_who_appeal_are_heard(manager, sellers):
    sellers = [*sellers, build.seller()]
    rows = [build.submitted("edge", by=seller, **GLOBEX) for seller in sellers]
    case = cases.open_case(rows[0], rows[1:], by=manager, at=MONDAY)
    decide(case, CaseDecision.AWARD, manager, rows[0])
    raised = {"reason_code": "facts_overlooked", "text": "We met in May.", "at": LATER}
    raisers = list(zip(rows, sellers, strict=True))[1:]
    appeals = [disputes.appeal(fresh(row), **raised, by=seller) for row, seller in raisers]
    said = {"reason_code": "mistake", "note": "They were first.", "by": build.member(Role.ADMIN), "at": LATER}

    disputes.overturn(appeals[0], **said)
    assert fresh(case).status != CaseStatus.FINAL
    disputes.overturn(appeals[1], **said)

    assert [row.is_protected for row in fresh(*rows)] == [False, False, True]
    assert fresh(case).status == CaseStatus.FINAL


def test_an_appeal_that_does_not_convince_lets_the_decision_stand(case, rivals, manager, sellers):
    decide(case, CaseDecision.AWARD, manager, rivals[0])
    raised = {"reason_code": "facts_overlooked", "text": "We met in May.", "by": sellers[1], "at": LATER}
    dispute = disputes.appeal(fresh(rivals[1]), **raised)
    cases.follow_appeal(rivals[1], at=LATER)

    disputes.uphold(dispute, reason_code="facts_stand", note="No.", by=build.member(Role.ADMIN), at=LATER)
    cases.follow_appeal(rivals[1], at=LATER)
    tasks_at = LATER + timedelta(days=1)

    assert case_decisions.conclude(case, at=tasks_at)
    assert fresh(case).status == CaseStatus.FINAL


def test_a_decision_is_final_once_nobody_can_appeal_it(case, rivals, manager):
    decide(case, CaseDecision.AWARD, manager, rivals[0])

    assert not case_decisions.conclude(case, at=LATER + timedelta(days=14))
    assert case_decisions.conclude(case, at=LATER + timedelta(days=15))
    assert not case_decisions.conclude(case, at=LATER + timedelta(days=15))
    assert party_of(rivals[0]).status == CaseStatus.FINAL
