"""Periodic jobs: each when its time has come, by one scheduler, and whatever became of the others."""

from __future__ import annotations

from datetime import timedelta

import pytest

from prm.events import schedule
from prm.events.schedule import Periodic
from tests.build import MONDAY
from tests.races import at_once

SECOND = timedelta(seconds=1)


@pytest.fixture
def ran(monkeypatch):
    """What ran, of two jobs: one each ten seconds, and one each hour."""
    ran: list[str] = []
    jobs = [
        Periodic("often", lambda: ran.append("often"), 10 * SECOND),
        Periodic("seldom", lambda: ran.append("seldom"), 3600 * SECOND),
    ]
    monkeypatch.setattr(schedule, "JOBS", {job.name: job for job in jobs})
    return ran


def test_a_job_is_started_at_once_and_then_each_time_its_interval_is_over(db, ran):
    assert schedule.start_due(MONDAY) == ["often", "seldom"]
    assert schedule.start_due(MONDAY + 9 * SECOND) == []
    assert schedule.start_due(MONDAY + 10 * SECOND) == ["often"]
    assert schedule.start_due(MONDAY + 3600 * SECOND) == ["often", "seldom"]
    assert ran == ["often", "seldom", "often", "often", "seldom"]


def test_what_was_missed_while_no_scheduler_ran_is_made_up_for_once(db, ran):
    schedule.start_due(MONDAY)

    assert schedule.start_due(MONDAY + timedelta(days=3)) == ["often", "seldom"]
    assert schedule.start_due(MONDAY + timedelta(days=3) + SECOND) == []


def test_a_job_that_fails_stops_no_other(db, ran, monkeypatch):
    broken = Periodic("broken", lambda: 1 / 0, SECOND)
    monkeypatch.setattr(schedule, "JOBS", {"broken": broken, **schedule.JOBS})

    assert schedule.start_due(MONDAY) == ["broken", "often", "seldom"]
    assert ran == ["often", "seldom"]


def test_while_nothing_is_due_it_asks_once(db, ran, django_assert_num_queries):
    schedule.start_due(MONDAY)

    with django_assert_num_queries(1):
        schedule.start_due(MONDAY + SECOND)


def test_of_several_schedulers_one_starts_a_job(committed, ran):
    at_once([lambda: schedule.start_due(MONDAY)] * 8)

    assert sorted(ran) == ["often", "seldom"]
