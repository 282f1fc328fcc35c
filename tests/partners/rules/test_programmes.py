"""Programmes that vendors have published, set up by configuration, with their worked cases.

Edition and sources are in the comments; the figures are the vendors', the cases are derived from their rules.
"""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from partners.enums import Counting, Junction, Metric, WindowKind
from partners.rules import tiers
from partners.rules.programs import ProgramTerms
from partners.rules.records import Certificate, Confirmation, Entry, Record
from partners.rules.tiers import Move, Standing
from partners.rules.windows import Window
from tests.partners.programs import asks, need, terms, tier

TODAY = date(2026, 11, 25)
JOINED = date(2023, 1, 1)


def figure(label, amount, days=10, on=None):
    return Entry(Metric.FIGURE, on or TODAY - timedelta(days=days), Decimal(amount), label=label)


def people(number, role="", certification="pro", until=None):
    return tuple(Certificate(f"{role}{n}", certification, role, JOINED, until) for n in range(number))


def earned(program, *, on=TODAY, tier_id=None, **known):
    results = tiers.evaluate(program, Record(JOINED, **known), on=on)
    found = tiers.earned(program, results, program.tier(tier_id))
    return (found.name if found else ""), results


# -- Odoo, agreement version 11 (2023): net new users, certified employees, retention; reviewed every quarter --------
def odoo() -> ProgramTerms:
    def level(name, rank, users, certified, retention):
        parts = [need(Metric.FIGURE, users, label="Net new users"), need(Metric.CERTIFIED, certified)]
        if retention:
            parts.append(need(Metric.FIGURE, retention, label="Retention", counting=Counting.LATEST))
        return tier(name, rank, *parts)

    return terms(
        tier("Learning", 1),
        level("Ready", 2, 10, 1, 0),
        level("Silver", 3, 75, 3, 70),
        level("Gold", 4, 300, 6, 80),
        review_months=3,
        grace_days=0,
    )


def test_odoo_net_users_are_new_and_upsold_less_downsold_and_lost():
    users = [figure("Net new users", amount) for amount in (90, 30, -20, -15)]

    program = odoo()
    name, results = earned(program, entries=(*users, figure("Retention", 72)), certificates=people(3))

    assert name == "Silver"
    assert next(results[program.ranked[2].id].needs()).value == 85


def test_odoo_the_gap_to_gold_is_one_point_of_retention():
    program = odoo()

    name, results = earned(
        program, entries=(figure("Net new users", 320), figure("Retention", 79)), certificates=people(6)
    )

    assert name == "Silver"
    (gap,) = results[program.ranked[3].id].shortfalls()
    assert (gap.node.label, gap.gap) == ("Retention", 1)


def test_odoo_somebody_who_leaves_counts_until_then_and_the_level_falls_at_the_quarterly_review():
    program = odoo()
    gold = program.ranked[3]
    left = date(2026, 11, 10)
    known = Record(
        JOINED,
        entries=(figure("Net new users", 320, days=60), figure("Retention", 85, days=60)),
        certificates=(*people(5), Certificate("leaver", "pro", "", JOINED, left - timedelta(days=1))),
    )

    def on(day, standing):
        return tiers.decide(program, standing, tiers.evaluate(program, known, on=day), on=day)

    assert on(left - timedelta(days=1), Standing(gold.id)).move == Move.KEEP
    warned = on(left, Standing(gold.id))
    assert (warned.move, warned.demotes_on) == (Move.WARN, date(2027, 1, 1))
    review = on(date(2027, 1, 1), Standing(gold.id, warned_on=left))
    assert (review.move, program.tier(review.tier_id).name) == (Move.DEMOTE, "Silver")


# -- GitLab channel programme (2024 to 2026): head-counts per accreditation, alternatives, by invitation ------------
def gitlab() -> ProgramTerms:
    engagements = need(
        Metric.REGISTRATIONS, 8, window=Window(WindowKind.ROLLING_MONTHS, 12), family="services-attached"
    )
    services = asks(need(Metric.CERTIFIED, 3, role="support"), engagements)
    bookings = need(Metric.REVENUE, 300_000, window=Window(WindowKind.FISCAL_YEAR_OR_LAST, starts=(2, 1)))
    return terms(
        tier("Open", 1, need(Metric.CERTIFIED, 2, role="sales"), need(Metric.CERTIFIED, 1, role="technical")),
        tier(
            "Select",
            2,
            need(Metric.CERTIFIED, 4, role="sales"),
            need(Metric.CERTIFIED, 2, role="technical"),
            need(Metric.CONFIRMED, label="Joint business plan with an executive sponsor"),
            asks(bookings, services, junction=Junction.ANY),
            is_by_invitation=True,
        ),
        review_months=12,
        review_from=2,
        grace_days=30,
    )


PLAN = (Confirmation("Joint business plan with an executive sponsor", JOINED),)


def test_gitlab_meeting_the_numbers_of_select_promotes_nobody():
    known = {
        "entries": (Entry(Metric.REVENUE, date(2026, 3, 1), Decimal(350_000), "EUR"),),
        "certificates": (*people(4, "sales"), *people(2, "technical")),
        "confirmations": PLAN,
    }
    program = gitlab()

    name, results = earned(program, **known)

    assert name == "Open"
    assert results[program.ranked[1].id].holds
    assert earned(program, tier_id=program.ranked[1].id, **known)[0] == "Select"


def test_gitlab_the_services_designation_stands_in_for_the_bookings():
    services = tuple(
        Entry(Metric.REGISTRATIONS, TODAY - timedelta(days=30 * n), Decimal(1), families=("services-attached",))
        for n in range(8)
    )
    certified = (*people(4, "sales"), *people(2, "technical"), *people(3, "support"))
    program = gitlab()
    select = program.ranked[1].id

    def holds(entries):
        return earned(program, entries=entries, certificates=certified, confirmations=PLAN)[1][select].holds

    assert holds(services)
    assert not holds(services[:7])


@pytest.mark.parametrize(("on", "holds"), [("2027-01-31", True), ("2028-01-31", True), ("2028-02-01", False)])
def test_gitlab_bookings_count_in_their_fiscal_year_and_the_one_after(on, holds):
    program = gitlab()

    _name, results = earned(
        program,
        on=date.fromisoformat(on),
        entries=(Entry(Metric.REVENUE, date(2026, 2, 1), Decimal(300_000), "EUR"),),
        certificates=(*people(4, "sales"), *people(2, "technical")),
        confirmations=PLAN,
    )

    assert results[program.ranked[1].id].holds == holds


# -- NAKIVO (2025-26): three levels whose base discounts differ ------------------------------------------------------
def test_nakivo_each_level_has_its_discount():
    program = terms(
        *(
            tier(name, rank, gives={"discount_percent": Decimal(percent)})
            for rank, (name, percent) in enumerate((("Bronze", 15), ("Silver", 20), ("Gold", 25)), 1)
        )
    )

    assert ProgramTerms.from_body(program.body()) == program
    assert [tier.benefits.discount_percent for tier in program.ranked] == [15, 20, 25]


# -- Microsoft (2020 to 2025): a score with every metric above zero, on any day of the window ------------------------
CATEGORIES = ("Performance", "Skilling", "Customer success")


def microsoft() -> ProgramTerms:
    window = Window(WindowKind.ROLLING_MONTHS, 6)  # "this month and the five full months before"
    score = need(Metric.FIGURE, 70, label="Partner capability score", counting=Counting.HIGHEST, window=window)
    above_zero = (
        need(Metric.FIGURE, "0.01", label=label, counting=Counting.HIGHEST, window=window) for label in CATEGORIES
    )
    return terms(tier("Registered", 1), tier("Solutions partner", 2, score, *above_zero))


def scored(total, *parts, days=10, on=None):
    return (
        figure("Partner capability score", total, days, on),
        *(figure(label, part, days, on) for label, part in zip(CATEGORIES, parts, strict=True)),
    )


def test_microsoft_a_score_with_zero_in_one_metric_does_not_qualify():
    assert earned(microsoft(), entries=scored(82, 42, 40, 0))[0] == "Registered"
    assert earned(microsoft(), entries=scored(82, 41, 40, 1))[0] == "Solutions partner"


def test_microsoft_having_qualified_on_one_day_of_the_window_is_enough():
    reached = scored(71, 30, 30, 11, on=date(2026, 3, 3)) + scored(65, 30, 30, 5, on=date(2026, 3, 20))

    assert earned(microsoft(), on=date(2026, 8, 15), entries=reached)[0] == "Solutions partner"
    assert earned(microsoft(), on=date(2026, 9, 15), entries=reached)[0] == "Registered"
