from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prm.ui import charts


@pytest.mark.parametrize(
    ("highest", "top"),
    [(0, 2), (1, 1), (3, 3), (168_000, 200_000), (200_000, 200_000), (200_001, 300_000), (97, 100), (9_999, 10_000)],
)
def test_the_axis_ends_at_a_round_number(highest, top):
    assert charts.nice_top(highest) == top


def test_bars_stand_on_the_ground_and_keep_their_proportion():
    chart = charts.bars([50, 100, 0])

    assert chart.axis == (Decimal(100), Decimal(50), Decimal(0))
    assert [(bar.y, bar.height) for bar in chart.bars] == [("50.0", "50.0"), ("0.0", "100.0"), ("100.0", "0.0")]
    assert [bar.is_last for bar in chart.bars] == [False, False, True]


def test_bars_are_evenly_spaced():
    assert [bar.x for bar in charts.bars([1, 1, 1]).bars] == ["2", "12", "22"]


def test_a_second_bar_stands_before_the_first_on_the_same_axis():
    first, second = charts.bars([50, 20], [25, 100]).bars

    assert (first.height, first.front_height) == ("50.0", "25.0")
    assert (second.height, second.front_height, second.front_y) == ("20.0", "100.0", "0.0")


def test_nothing_to_show_is_a_flat_chart():
    assert charts.bars([]).bars == ()
    assert {bar.height for bar in charts.bars([0, 0]).bars} == {"0.0"}


@given(st.lists(st.decimals(min_value=-1000, max_value=10**15, places=2), max_size=24))
def test_no_bar_leaves_the_drawing(values):
    for bar in charts.bars(values).bars:
        assert 0 <= float(bar.height) <= 100
        assert round(float(bar.y) + float(bar.height), 1) == 100


@given(st.decimals(min_value="0.01", max_value=10**15, places=2))
def test_the_highest_value_fills_at_least_half_of_the_drawing(highest):
    assert highest <= charts.nice_top(highest) <= 2 * highest


@pytest.mark.parametrize(("highest", "axis"), [(1, (2, 1, 0)), (3, (4, 2, 0)), (5, (6, 3, 0)), (30, (30, 15, 0))])
def test_the_axis_of_counts_is_whole(highest, axis):
    assert charts.bars([highest]).axis == axis
