from datetime import UTC, datetime, timedelta

import pytest

from prm.demo import clock

START = datetime(2026, 1, 1, tzinfo=UTC)


def story(name, told, *days):
    for day in days:
        at = START + timedelta(days=day)
        yield at
        told.append((day, name))


def test_stories_are_told_side_by_side_in_the_order_of_time():
    told = []

    clock.play([story("a", told, 1, 4, 5), story("b", told, 2, 3)], until=START + timedelta(days=9))

    assert told == [(1, "a"), (2, "b"), (3, "b"), (4, "a"), (5, "a")]


def test_the_present_cuts_a_story_off():
    told = []

    clock.play([story("a", told, 1, 4)], until=START + timedelta(days=3))

    assert told == [(1, "a")]


def test_a_story_that_goes_back_in_time_is_a_mistake():
    with pytest.raises(ValueError, match="back"):
        clock.play([story("a", [], 4, 1)], until=START + timedelta(days=9))


def test_a_story_without_a_step_is_told_to_its_end():
    clock.play([iter(())], until=START)
