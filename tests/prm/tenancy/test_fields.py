"""Keys that sort by the time a row was written."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import time_machine

from prm.tenancy.fields import uuid7

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_keys_made_in_one_instant_sort_in_the_order_they_were_made_in():
    with time_machine.travel(NOON, tick=False):
        made = [uuid7() for _ in range(10_000)]

    assert made == sorted(made)
    assert {(key.version, key.variant) for key in made} == {(7, made[0].variant)}
    assert made[0].int >> 80 == NOON.timestamp() * 1000


def test_a_clock_set_back_a_little_does_not_turn_the_order_round():
    with time_machine.travel(NOON, tick=False):
        before = uuid7()
    with time_machine.travel(NOON - timedelta(milliseconds=400), tick=False):
        after = uuid7()

    assert before < after


def test_a_clock_set_back_a_lot_is_believed():
    with time_machine.travel(NOON, tick=False):
        uuid7()
    an_hour_earlier = NOON - timedelta(hours=1)
    with time_machine.travel(an_hour_earlier, tick=False):
        assert uuid7().int >> 80 == an_hour_earlier.timestamp() * 1000


def test_threads_never_get_the_same_key():
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: uuid7(), range(4_000)))

    assert len({key.int >> 64 for key in made}) == len(made)
