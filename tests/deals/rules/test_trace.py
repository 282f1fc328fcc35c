from datetime import date
from uuid import UUID

import pytest

from deals.enums import KeyKind
from deals.rules import trace
from deals.rules.conflicts import Conflict, Contender, Standing
from deals.rules.trace import Condition

TODAY, UNTIL = date(2026, 11, 23), date(2027, 2, 21)
EDGE = frozenset({UUID(int=9)})


def rival(standing, families=EDGE):
    contender = Contender(UUID(int=1), UUID(int=2), {KeyKind.NAME: "DE:globex"}, families)
    return Conflict(contender, (KeyKind.NAME,), families, standing)


def outcome(**facts):
    given = {"conflicts": [], "missing": (), "activity_days": [TODAY], "close_on": TODAY, **facts}
    return trace.follow(**given, today=TODAY, until=UNTIL)


def failing(**facts):
    return [finding.condition for finding in outcome(**facts) if not finding.holds]


def test_a_complete_registration_of_a_free_customer_holds_in_every_point():
    assert failing() == []
    assert {finding.tone for finding in outcome()} == {"ok"}


@pytest.mark.parametrize(
    ("facts", "condition"),
    [
        ({"conflicts": [rival(Standing.PROTECTED)]}, Condition.UNPROTECTED),
        ({"conflicts": [rival(Standing.PENDING)]}, Condition.UNCONTESTED),
        ({"conflicts": [rival(Standing.WON)]}, Condition.UNCONTESTED),
        ({"missing": ("contact_name",)}, Condition.COMPLETE),
        ({"activity_days": []}, Condition.ACTIVE),
        ({"close_on": date(2026, 11, 22)}, Condition.TIMELY),
        ({"close_on": date(2027, 2, 22)}, Condition.TIMELY),
        ({"close_on": None}, Condition.TIMELY),
    ],
)
def test_each_condition_fails_for_its_own_reason(facts, condition):
    assert failing(**facts) == [condition]


def test_the_last_protected_day_is_in_time():
    assert failing(close_on=UNTIL) == []


def test_a_rival_protected_for_other_products_blocks_nothing():
    assert failing(conflicts=[rival(Standing.PROTECTED, frozenset())]) == []


def test_what_blocks_comes_first_and_what_holds_last():
    found = outcome(conflicts=[rival(Standing.PROTECTED)], activity_days=[])

    assert [finding.tone for finding in found] == ["bad", "warn", "ok", "ok", "ok"]
