from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdf.rules.apportion import apportion
from prm.money import Money, exponent


def eur(amount):
    return Money(Decimal(amount), "EUR")


def test_less_than_recommended_is_cut_in_proportion():
    parts = apportion(eur(100), [eur(200), eur(100), eur(0)], [eur(200), eur(100), eur(50)])

    assert parts == [eur("66.67"), eur("33.33"), eur(0)]


def test_more_than_recommended_goes_to_what_was_cut():
    parts = apportion(eur(340), [eur(200), eur(100), eur(0)], [eur(220), eur(100), eur(60)])

    assert parts == [eur(210), eur(100), eur(30)]


def test_nobody_gets_more_than_was_asked():
    with pytest.raises(ValueError, match="between"):
        apportion(eur("10.01"), [eur(5)], [eur(10)])


@given(
    currency=st.sampled_from(["JPY", "EUR", "KWD"]),
    lines=st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 10**9)), min_size=1, max_size=8),
    portion=st.fractions(0, 1),
)
def test_the_parts_add_up_and_stay_between_nothing_and_what_was_asked(currency, lines, portion):
    def money(units):
        return Money(Decimal(units).scaleb(-exponent(currency)), currency)

    asked = [money(first + second) for first, second in lines]
    recommended = [money(first) for first, _second in lines]
    total = money(int(sum(first + second for first, second in lines) * portion))

    parts = apportion(total, recommended, asked)

    assert sum((part.amount for part in parts), Decimal(0)) == total.amount
    assert all(0 <= part.amount <= most.amount for part, most in zip(parts, asked, strict=True))
    if total == sum(recommended, money(0)):
        assert parts == recommended
