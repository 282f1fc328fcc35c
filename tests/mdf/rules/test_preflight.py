from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdf.enums import ProofKind
from mdf.rules import preflight
from mdf.rules.preflight import Check, Claimed, Cut, Level, Line, Plan, Proof, Terms, Use
from prm.money import Money

TODAY = date(2026, 11, 19)


def eur(amount):
    return Money(Decimal(amount), "EUR")


def id_of(number):
    return UUID(int=number)


def plan(number, planned, promised=None, used=0):
    return Plan(id_of(number), f"Plan {number}", eur(planned), eur(promised or Decimal(planned) / 2), eur(used))


def line(number, cost, plan=None, **facts):
    facts = {
        "supplier": "Hafenspeicher Events",
        "invoice_number": f"22-{number}",
        "invoice_on": date(2026, 11, 13),
    } | facts
    return Line(id_of(100 + number), f"Line {number}", eur(cost), id_of(plan) if plan else None, **facts)


TERMS = Terms(
    currency="EUR",
    share_percent=Decimal(50),
    starts_on=date(2026, 11, 12),
    ends_on=date(2026, 11, 12),
    approved_on=date(2026, 10, 1),
    claim_by=date(2026, 12, 27),
    reserved=eur(3750),
    plans=(plan(1, 4000), plan(2, 1500), plan(3, 2000)),
    proofs_all=(ProofKind.INVOICE,),
    proofs_any=(ProofKind.PHOTO, ProofKind.ATTENDEE_LIST),
)
PROOFS = (
    Proof(id_of(201), "invoice.pdf", ProofKind.INVOICE, "a" * 64),
    Proof(id_of(202), "photo.png", ProofKind.PHOTO, "b" * 64),
)
LINES = (line(1, 4000, 1), line(2, 1500, 2), line(3, 1240, 3))
CLAIMED = Claimed(LINES, PROOFS, stated=eur(6740), settled_on=date(2026, 11, 16))


def assess(claimed=CLAIMED, terms=TERMS, today=TODAY, **facts):
    return preflight.assess(claimed, terms, today=today, **facts)


def levels(assessment, check):
    return [finding.level for finding in assessment.findings if finding.check == check]


def test_a_claim_as_planned_passes_every_check():
    assessment = assess()

    assert assessment.is_clean
    assert assessment.recommended == eur(3370)


def test_the_example_of_the_design_is_cut_to_what_was_planned():
    lines = (
        line(1, 4180, 1, note="The hall was dearer"),
        line(2, 1500, 2),
        line(3, 1240, 3),
        line(4, 350, note="Booked late"),
    )

    assessment = assess(replace(CLAIMED, lines=lines, stated=eur(7270)))

    assert [(row.cost.amount, row.cut) for row in assessment.lines] == [
        (4000, Cut.OVER_PLAN),
        (1500, None),
        (1240, None),
        (0, Cut.NOT_PLANNED),
    ]
    assert [row.over.amount for row in assessment.lines] == [180, 0, 0, 350]
    assert assessment.recommended == eur(3370)
    assert sum(row.asked.amount for row in assessment.lines) == 3635
    assert levels(assessment, Check.PLAN) == [Level.WARN, Level.WARN]
    assert not assessment.blocks


CASES = {
    "late": (CLAIMED, TERMS, date(2026, 12, 28), Check.DEADLINE, Level.BLOCK),
    "last day": (CLAIMED, TERMS, date(2026, 12, 27), Check.DEADLINE, Level.OK),
    "not begun": (CLAIMED, replace(TERMS, starts_on=TODAY + timedelta(days=1)), TODAY, Check.BEGUN, Level.BLOCK),
    "no costs": (replace(CLAIMED, lines=()), TERMS, TODAY, Check.COSTS, Level.BLOCK),
    "other total": (replace(CLAIMED, stated=eur("6740.01")), TERMS, TODAY, Check.TOTAL, Level.BLOCK),
    "same total": (CLAIMED, TERMS, TODAY, Check.TOTAL, Level.OK),
    "over plan without a reason": (
        replace(CLAIMED, lines=(line(1, "4000.50", 1),), stated=None),
        TERMS,
        TODAY,
        Check.PLAN,
        Level.BLOCK,
    ),
    "over plan with a reason": (
        replace(CLAIMED, lines=(line(1, "4000.50", 1, note="dearer"),), stated=None),
        TERMS,
        TODAY,
        Check.PLAN,
        Level.WARN,
    ),
    "more than is reserved": (CLAIMED, replace(TERMS, reserved=eur(3000)), TODAY, Check.RESERVED, Level.WARN),
    "no invoice number": (
        replace(CLAIMED, lines=(line(1, 100, 1, invoice_number=""),), stated=None),
        TERMS,
        TODAY,
        Check.INVOICE,
        Level.BLOCK,
    ),
    "no invoice date": (
        replace(CLAIMED, lines=(line(1, 100, 1, invoice_on=None),), stated=None),
        TERMS,
        TODAY,
        Check.INVOICE,
        Level.BLOCK,
    ),
    "invoice of tomorrow": (
        replace(CLAIMED, lines=(line(1, 100, 1, invoice_on=TODAY + timedelta(days=1)),), stated=None),
        TERMS,
        TODAY,
        Check.INVOICE_DATE,
        Level.BLOCK,
    ),
    "invoice from before the approval": (
        replace(CLAIMED, lines=(line(1, 100, 1, invoice_on=date(2026, 9, 30)),), stated=None),
        TERMS,
        TODAY,
        Check.INVOICE_DATE,
        Level.WARN,
    ),
    "no invoice file": (replace(CLAIMED, proofs=PROOFS[1:]), TERMS, TODAY, Check.PROOF, Level.BLOCK),
    "neither photo nor list": (replace(CLAIMED, proofs=PROOFS[:1]), TERMS, TODAY, Check.ANY_PROOF, Level.BLOCK),
    "a returned invoice": (
        replace(CLAIMED, proofs=(replace(PROOFS[0], is_returned=True), PROOFS[1])),
        TERMS,
        TODAY,
        Check.PROOF,
        Level.BLOCK,
    ),
    "a file that is being checked": (
        replace(CLAIMED, proofs=(*PROOFS, Proof(id_of(9), "x.pdf", ProofKind.OTHER, "c" * 64, is_clean=False))),
        TERMS,
        TODAY,
        Check.FILE,
        Level.BLOCK,
    ),
    "not said to be paid": (replace(CLAIMED, settled_on=None), TERMS, TODAY, Check.PAID, Level.WARN),
    "paid tomorrow": (
        replace(CLAIMED, settled_on=TODAY + timedelta(days=1)),
        TERMS,
        TODAY,
        Check.PAID,
        Level.WARN,
    ),
    "proof of payment": (
        replace(CLAIMED, settled_on=None, proofs=(*PROOFS, Proof(id_of(9), "x", ProofKind.PAYMENT_PROOF, "c" * 64))),
        TERMS,
        TODAY,
        Check.PAID,
        Level.OK,
    ),
}


@pytest.mark.parametrize(("claimed", "terms", "today", "check", "level"), CASES.values(), ids=CASES)
def test_each_check_finds_what_it_is_for(claimed, terms, today, check, level):
    assert levels(assess(claimed, terms, today), check)[0] == level


def test_a_cost_as_planned_that_was_approved_in_part_needs_no_reason():
    terms = replace(TERMS, plans=(plan(1, 4000, 1500), *TERMS.plans[1:]))

    assessment = assess(terms=terms)

    assert assessment.is_clean
    assert (assessment.lines[0].cut, assessment.lines[0].cost) == (Cut.PARTLY, eur(3000))
    assert assessment.recommended == eur(2870)


def test_a_second_claim_for_a_planned_cost_is_over_plan_together_with_the_first():
    terms = replace(TERMS, plans=(plan(1, 4000, 2000, used=1900), *TERMS.plans[1:]))

    assert assess(terms=terms).lines[0].cut == Cut.OVER_PLAN


def test_an_invoice_in_another_currency_is_refused_and_not_added():
    lines = (*LINES[:1], replace(line(2, 1500, 2), cost=Money(Decimal(1500), "USD")))

    assessment = assess(replace(CLAIMED, lines=lines, stated=eur(4000)))

    assert levels(assessment, Check.CURRENCY) == [Level.BLOCK]
    assert levels(assessment, Check.TOTAL) == [Level.BLOCK]
    assert assessment.lines[1].cut == Cut.OTHER_CURRENCY
    assert assessment.recommended == eur(2000)


def test_an_invoice_used_before_is_covered_by_nothing_whatever_way_it_is_written():
    used = [Use(preflight.invoice_key("HAFENSPEICHER  Events", "22/1"), "MC-7", "Orbis")]

    assessment = assess(used_invoices=used)

    [finding] = [finding for finding in assessment.findings if finding.check == Check.SAME_INVOICE]
    assert (finding.level, finding.facts["claim"], finding.facts["partner"]) == (Level.WARN, "MC-7", "Orbis")
    assert assessment.lines[0].cut == Cut.USED_BEFORE
    assert assessment.recommended == eur(1370)


def test_lines_of_one_invoice_are_no_repetition():
    lines = tuple(replace(row, invoice_number="1") for row in LINES)

    assert assess(replace(CLAIMED, lines=lines)).is_clean


def test_a_file_used_before_is_found_by_its_content():
    [finding] = assess(used_files=[Use("a" * 64, "MC-7")]).flags

    assert (finding.check, finding.facts["name"], finding.facts["claim"]) == (Check.SAME_FILE, "invoice.pdf", "MC-7")


def test_an_invoice_without_supplier_or_number_is_the_same_as_no_other():
    assert preflight.invoice_key("", "12") == ""
    assert preflight.invoice_key("Ltd.", "--") == ""


def test_what_blocks_comes_first():
    assessment = assess(replace(CLAIMED, settled_on=None, proofs=()))

    order = list(Level)
    found = [order.index(finding.level) for finding in assessment.findings]
    assert found == sorted(found)
    assert assessment.findings[0].level == Level.BLOCK


amounts = st.integers(1, 10_000_000).map(lambda cents: Decimal(cents) / 100)


@given(
    costs=st.lists(st.tuples(amounts, st.sampled_from([None, 1, 2, 3])), min_size=1, max_size=6),
    planned=st.tuples(amounts, amounts, amounts),
    part=st.integers(0, 100),
    reserved=amounts,
    percent=st.sampled_from(["50", "33.33", "100", "12.5"]),
)
def test_what_is_recommended_never_passes_what_was_promised_reserved_or_asked(costs, planned, part, reserved, percent):
    share = Decimal(percent)
    plans = tuple(
        Plan(id_of(n), "x", eur(cost), preflight.share_of(eur(cost * part / 100), share), eur(0))
        for n, cost in enumerate(planned, 1)
    )
    terms = replace(TERMS, plans=plans, reserved=eur(reserved), share_percent=share)
    lines = tuple(line(n, cost, plan_id) for n, (cost, plan_id) in enumerate(costs))

    assessment = assess(Claimed(lines), terms)

    assert assessment.recommended.amount == sum(row.share.amount for row in assessment.lines)
    assert assessment.recommended <= eur(reserved)
    for row in assessment.lines:
        assert 0 <= row.share.amount <= row.asked.amount
        assert 0 <= row.cost.amount <= row.line.cost.amount
    for promised in plans:
        covered = [row.share.amount for row in assessment.lines if row.plan == promised and row.share.amount]
        assert sum(covered) <= promised.promised.amount
