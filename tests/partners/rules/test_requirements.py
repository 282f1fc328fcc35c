from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partners.enums import Counting, Junction, Metric, RequirementState, WindowKind
from partners.rules import requirements
from partners.rules.records import Certificate, Confirmation, Entry, Record, Waiver
from partners.rules.requirements import Group, Measure, Need, Rate, Result
from partners.rules.windows import Window

TODAY = date(2026, 11, 25)
JOINED = date(2024, 2, 29)
EURO = Measure("EUR")


def ago(days):
    return TODAY - timedelta(days=days)


def sold(amount, days=10, currency="EUR", family=""):
    return Entry(Metric.REVENUE, ago(days), Decimal(amount), currency, (family,) if family else ())


def revenue(target, **facts):
    return Need("n", Metric.REVENUE, Decimal(target), **facts)


def evaluate(node, *entries, on=TODAY, measure=EURO, **facts):
    return requirements.evaluate(node, Record(JOINED, entries=entries, **facts), on=on, measure=measure)


def test_what_was_achieved_within_the_window_counts_to_the_day():
    need = revenue(100, window=Window(WindowKind.ROLLING_DAYS, 30))

    assert evaluate(need, sold(100, days=29)).holds
    assert not evaluate(need, sold(100, days=30)).holds
    assert not evaluate(need, sold(100, days=-1)).holds


def test_it_says_what_is_missing():
    result = evaluate(revenue(100), sold(30), sold(20))

    assert (result.value, result.gap, result.state) == (50, 50, RequirementState.UNMET)


def test_a_reversal_takes_back_what_was_credited():
    assert evaluate(revenue(100), sold(120), sold(-40)).value == 80


def test_money_in_another_currency_is_shown_and_does_not_count():
    result = evaluate(revenue(100), sold(90), sold(500, currency="USD"), sold(7, currency="CHF"))

    assert result.value == 90
    assert result.uncounted == (("CHF", 7), ("USD", 500))
    assert not result.holds


def test_with_a_dated_rate_it_counts_at_the_rate_of_its_day():
    rates = (Rate("USD", ago(1000), Decimal("0.5")), Rate("USD", ago(20), Decimal("0.8")))

    result = evaluate(revenue(100), sold(100, 30, "USD"), sold(100, 20, "USD"), measure=Measure("EUR", rates))

    assert result.value == 130
    assert result.uncounted == ()


def test_only_the_family_asked_for_counts():
    assert evaluate(revenue(100, family="mesh"), sold(70, family="mesh"), sold(70, family="edge")).value == 70


def test_people_are_counted_once_and_only_while_certified():
    held = (
        Certificate("Maja", "pro", "sales", ago(400), ago(1)),
        Certificate("Oskar", "pro", "sales", ago(400), TODAY),
        Certificate("Oskar", "expert", "technical", ago(400)),
        Certificate("Freja", "expert", "technical", ago(-1)),
    )

    def count(**facts):
        return evaluate(Need("n", Metric.CERTIFIED, Decimal(1), **facts), certificates=held).value

    assert count() == 1
    assert count(role="sales") == 1
    assert count(certification="expert") == 1
    assert count(role="support") == 0


@pytest.mark.parametrize(
    ("on", "months"),
    [
        ("2024-02-29", 0),
        ("2024-03-28", 0),
        ("2024-03-29", 1),
        ("2025-02-27", 11),
        ("2025-02-28", 12),
        ("2023-01-01", 0),
    ],
)
def test_months_in_the_programme_are_whole_ones(on, months):
    assert evaluate(Need("n", Metric.MONTHS), on=date.fromisoformat(on)).value == months


def test_something_confirmed_holds_until_its_last_day():
    need = Need("n", Metric.CONFIRMED, label="Business plan")
    said = (Confirmation("business  PLAN", ago(10), TODAY),)

    assert evaluate(need, confirmations=said).holds
    assert not evaluate(need, confirmations=said, on=ago(-1)).holds
    assert evaluate(need).state == RequirementState.MISSING


@pytest.mark.parametrize(("counting", "value"), [(Counting.SUM, 153), (Counting.LATEST, 71), (Counting.HIGHEST, 82)])
def test_figures_are_added_up_or_the_latest_or_the_highest(counting, value):
    figures = [
        Entry(Metric.FIGURE, ago(days), Decimal(amount), label="Score") for days, amount in ((9, 82), (5, 0), (2, 71))
    ]

    assert evaluate(Need("n", Metric.FIGURE, Decimal(1), label="score", counting=counting), *figures).value == value


def test_what_will_lapse_soon_is_at_risk_and_says_when():
    need = revenue(100, window=Window(WindowKind.ROLLING_DAYS, 60))

    result = evaluate(need, sold(60, days=50), sold(60, days=1))

    assert result.state == RequirementState.AT_RISK
    assert result.lapses_on == TODAY + timedelta(days=10)


def test_a_waived_requirement_holds_until_its_last_day():
    waived = (Waiver("n", ago(5), TODAY + timedelta(days=3)),)

    result = evaluate(revenue(100), waivers=waived)

    assert (result.state, result.waived_until) == (RequirementState.WAIVED, TODAY + timedelta(days=3))
    assert evaluate(revenue(100), waivers=waived, on=TODAY + timedelta(days=4)).state == RequirementState.UNMET


def test_a_group_says_which_of_its_parts_are_missing():
    group = Group("g", Junction.ALL, parts=(revenue(100), Need("w", Metric.WON_DEALS, Decimal(1))))

    result = evaluate(group, sold(200))

    assert [need.node.id for need in result.shortfalls()] == ["w"]
    assert (result.met, result.target) == (1, 2)


def test_an_empty_group_asks_nothing():
    assert evaluate(Group("g", Junction.ANY)).state == RequirementState.MET


# -- whatever the tree, it says the same as somebody who counts by hand ----------------------------------
windows = st.builds(
    Window,
    st.sampled_from(list(WindowKind)),
    st.integers(1, 24),
    st.tuples(st.integers(1, 12), st.integers(1, 31)),
)
needs = st.builds(
    Need,
    st.uuids().map(str),
    st.sampled_from([Metric.REVENUE, Metric.WON_DEALS, Metric.CERTIFIED, Metric.MONTHS, Metric.CONFIRMED]),
    st.integers(0, 300).map(Decimal),
    windows,
    family=st.sampled_from(["", "edge"]),
    role=st.sampled_from(["", "sales"]),
    label=st.just("Plan"),
)
trees = st.recursive(
    needs,
    lambda parts: st.builds(
        lambda id, junction, least, parts: Group(id, junction, min(least, len(parts)) or 1, tuple(parts)),
        st.uuids().map(str),
        st.sampled_from(list(Junction)),
        st.integers(1, 3),
        st.lists(parts, max_size=3),
    ),
    max_leaves=6,
)
days = st.integers(-60, 900).map(ago)
entries = st.builds(
    Entry,
    st.sampled_from([Metric.REVENUE, Metric.WON_DEALS]),
    days,
    st.integers(-50, 200).map(Decimal),
    st.sampled_from(["EUR", "EUR", "USD", "JPY"]),
    st.sampled_from([(), ("edge",), ("mesh", "edge")]),
)
certificates = st.builds(
    Certificate, st.sampled_from("abc"), st.just("pro"), st.sampled_from(["sales", "technical"]), days, st.none() | days
)
recorded = st.builds(
    Record,
    days,
    entries=st.lists(entries, max_size=8).map(tuple),
    certificates=st.lists(certificates, max_size=4).map(tuple),
    confirmations=st.lists(st.builds(Confirmation, st.just("plan"), days, st.none() | days), max_size=2).map(tuple),
)
MEASURE = Measure("EUR", (Rate("USD", ago(300), Decimal("0.5")),))


def by_hand(node, record, on):
    if isinstance(node, Group):
        met = [part for part in node.parts if by_hand(part, record, on)]
        wanted = {Junction.ALL: len(node.parts), Junction.ANY: min(1, len(node.parts)), Junction.LEAST: node.least}
        return not node.parts or len(met) >= wanted[node.junction]
    return counted_by_hand(node, record, on) >= node.target


def counted_by_hand(need, record, on):
    if need.metric == Metric.MONTHS:
        return sum(1 for number in range(1, 60) if months_on(record.joined_on, number) <= on)
    if need.metric == Metric.CONFIRMED:
        return int(any(c.starts_on <= on and (c.ends_on is None or c.ends_on >= on) for c in record.confirmations))
    if need.metric == Metric.CERTIFIED:
        held = [c for c in record.certificates if c.starts_on <= on and (c.ends_on is None or c.ends_on >= on)]
        return len({c.person for c in held if need.role in ("", c.role)})
    sums = []
    for period in need.window.periods(on):
        total = Decimal(0)
        for entry in record.entries:
            is_wanted = entry.metric == need.metric and (not need.family or need.family in entry.families)
            if is_wanted and period.first <= entry.on <= period.last and entry.on <= on:
                total += entry.amount * factor(entry, need)
        sums.append(total)
    return max(sums)


def factor(entry, need):
    if need.metric != Metric.REVENUE or entry.currency == "EUR":
        return 1
    return Decimal("0.5") if entry.currency == "USD" and entry.on >= ago(300) else 0


def months_on(joined, number):
    year, month = divmod(joined.month - 1 + number, 12)
    last = (date(joined.year + year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(joined.year + year, month + 1, min(joined.day, last))


@settings(max_examples=300, deadline=None)
@given(node=trees, record=recorded)
def test_evaluation_equals_counting_by_hand(node, record):
    assert requirements.evaluate(node, record, on=TODAY, measure=MEASURE).holds == by_hand(node, record, TODAY)


@settings(max_examples=200, deadline=None)
@given(node=trees, record=recorded)
def test_the_trace_always_justifies_the_result(node, record):
    result = requirements.evaluate(node, record, on=TODAY, measure=MEASURE)

    def justified(part: Result) -> bool:
        if part.is_group:
            met = sum(inner.holds for inner in part.parts)
            return part.holds == (met >= part.target) and all(map(justified, part.parts))
        return part.holds == (part.value >= part.target)

    assert justified(result)
    assert bool(result.shortfalls()) == (not result.holds)
    assert all(not need.holds and need.gap > 0 for need in result.shortfalls())


@settings(max_examples=150, deadline=None)
@given(need=needs, record=recorded)
def test_it_names_the_very_first_day_on_which_a_requirement_lapses(need, record):
    result = requirements.evaluate(need, record, on=TODAY, measure=MEASURE)
    past = Record(
        record.joined_on,
        tuple(entry for entry in record.entries if entry.on <= TODAY),
        record.certificates,
        record.confirmations,
    )
    ahead = (TODAY + timedelta(days=number) for number in range(1, requirements.FORESIGHT + 1))
    first = next((day for day in ahead if not by_hand(need, past, day)), None) if result.holds else None

    assert result.lapses_on == first


@given(node=trees, record=recorded)
def test_a_stored_trace_reads_as_the_result_it_was(node, record):
    result = requirements.evaluate(node, record, on=TODAY, measure=MEASURE)

    assert requirements.result_from(requirements.trace_of(result)) == result
    assert requirements.node_from(requirements.body_of(node)) == node
