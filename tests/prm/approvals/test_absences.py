"""Stand-ins hand on, and never in a circle."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from prm.approvals.absences import Absence, absent_for, circle, stand_ins_of

FIRST = date(2026, 12, 1)


def away(user, stand_in, start, end):
    return Absence(user, stand_in, FIRST + timedelta(days=start), FIRST + timedelta(days=end))


def test_a_stand_in_stands_in_from_the_first_day_to_the_last():
    rows = [away("ada", "ben", 1, 3)]

    assert [stand_ins_of("ada", rows, FIRST + timedelta(days=day)) for day in range(5)] == [
        [],
        ["ben"],
        ["ben"],
        ["ben"],
        [],
    ]


def test_whoever_is_away_too_hands_on():
    rows = [away("ada", "ben", 0, 5), away("ben", "cleo", 2, 3)]

    assert stand_ins_of("ada", rows, FIRST + timedelta(days=2)) == ["ben", "cleo"]
    assert absent_for("cleo", rows, FIRST + timedelta(days=2)) == ["ada", "ben"]
    assert absent_for("cleo", rows, FIRST) == []


def test_a_circle_is_one_only_on_days_that_they_share():
    rows = [away("ben", "cleo", 2, 4), away("cleo", "ada", 4, 8)]

    assert circle(away("ada", "ben", 0, 3), rows) == []
    assert circle(away("ada", "ben", 0, 4), rows) == ["ada", "ben", "cleo"]


people = st.sampled_from("abcde")
absences = st.tuples(people, people, st.integers(0, 9), st.integers(0, 5)).filter(lambda one: one[0] != one[1])


@given(st.lists(absences, max_size=12))
@settings(max_examples=300, deadline=None)
def test_no_day_has_a_circle_if_none_was_let_in(tries):
    rows = []
    for user, stand_in, start, length in tries:
        new = away(user, stand_in, start, start + length)
        days = [new.starts_on + timedelta(days=number) for number in range(length + 1)]
        if any(row.user == user and row.on(day) for row in rows for day in days):
            continue
        would_meet = any(user in stand_ins_of(stand_in, rows, day) for day in days)
        assert bool(circle(new, rows)) == would_meet
        if not would_meet:
            rows.append(new)
