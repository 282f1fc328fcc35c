import signal
import threading
import time

import pytest
from django.db import connection
from kombu import pools

from prm.events import schedule, wake
from prm.events.outbox import deliver_due, record
from prm.tenancy.context import as_system
from tests import build, services
from tests.prm.events.conftest import leases_run_out, start_worker, told
from tests.prm.notifications.telling import KettleBoiled


@pytest.mark.parametrize(
    "moment",
    [
        "between handler and commit",
        "before sending",
        "between sending and mark",
        "between mark and the end of the turn",
    ],
)
def test_a_worker_killed_at_the_worst_moment_loses_and_repeats_nothing(boiled, moment):
    assert start_worker(boiled, moment).wait(60) == -signal.SIGKILL
    leases_run_out(boiled)

    assert start_worker(boiled).wait(60) == 0

    assert told(boiled) == (1, 1, 2)


def test_while_a_lease_lasts_nobody_else_takes_the_turn(boiled):
    start_worker(boiled, "between handler and commit").wait(60)

    assert deliver_due(boiled.pk) == 0
    assert told(boiled) == (0, 0, 0)


def test_two_workers_at_once_tell_once(boiled):
    with as_system(boiled.pk):
        for _ in range(7):
            member, partner = build.manager(), build.partner()
            record(KettleBoiled(user_ids=[str(member.user_id)]), on=partner, by=None)

    workers = [start_worker(boiled) for _ in range(2)]

    assert [worker.wait(120) for worker in workers] == [0, 0]
    deliver_due(boiled.pk)
    assert told(boiled) == (8, 8, 16)


@pytest.fixture
def with_broker(settings):
    """A running broker that this process's Celery talks to."""
    from prm.celery import app

    with services.broker() as broker:
        settings.REDIS_URL = broker.url
        before = app.conf.broker_url
        connect(app, broker.url)
        yield broker
        connect(app, before)


def connect(app, url):
    """Let Celery forget its connections and use another broker."""
    app.conf.broker_url = url
    pools.reset()
    app._pool = app.amqp._producer_pool = None
    wake._away_until = 0.0


def test_a_broker_that_is_down_at_commit_delays_the_change_little_and_loses_nothing(committed, with_broker, settings):
    vendor = build.vendor()
    with as_system(vendor.pk):
        member, partner = build.manager(), build.partner()
    with_broker.stop()

    started = time.monotonic()
    with as_system(vendor.pk):
        record(KettleBoiled(user_ids=[str(member.user_id)]), on=partner, by=None)
    seconds = time.monotonic() - started
    schedule.sweep()

    assert seconds < 3
    assert told(vendor) == (1, 1, 2)


def test_a_broker_that_comes_back_is_used_again(committed, with_broker):
    vendor = build.vendor()
    assert wake.now(vendor.pk)
    with_broker.stop()
    assert not wake.now(vendor.pk)
    with_broker.start()
    assert not wake.now(vendor.pk)  # nobody waits for it yet

    wake._away_until = 0.0
    assert wake.now(vendor.pk)


def test_no_failure_of_the_broker_makes_a_committed_change_look_failed(committed, settings, monkeypatch):
    from prm.events.tasks import deliver

    settings.REDIS_URL = "redis://nowhere"
    monkeypatch.setattr(deliver, "apply_async", lambda *args, **options: 1 / 0)
    vendor = build.vendor()

    with as_system(vendor.pk):
        member, partner = build.manager(), build.partner()
        record(KettleBoiled(user_ids=[str(member.user_id)]), on=partner, by=None)

    deliver_due(vendor.pk)
    assert told(vendor) == (1, 1, 2)


def test_one_transaction_wakes_the_worker_once(committed, settings, monkeypatch):
    settings.REDIS_URL = "redis://nowhere"
    woken = []
    monkeypatch.setattr(wake, "now", woken.append)
    vendor = build.vendor()

    with as_system(vendor.pk):
        member, partner = build.manager(), build.partner()
        for _ in range(3):
            record(KettleBoiled(user_ids=[str(member.user_id)]), on=partner, by=None)
        assert woken == []

    assert woken == [vendor.pk]


def test_a_handler_that_fails_leaves_no_half_done_work(boiled, monkeypatch):
    from tests.prm.notifications import telling

    tell = telling.notify

    def tell_and_fail(*args, **facts):
        tell(*args, **facts)
        raise RuntimeError("after the effect")

    monkeypatch.setattr(telling, "notify", tell_and_fail)
    deliver_due(boiled.pk)
    assert told(boiled) == (0, 0, 0)

    monkeypatch.undo()
    leases_run_out(boiled)
    _make_due(boiled)
    deliver_due(boiled.pk)
    assert told(boiled) == (1, 1, 2)


def _make_due(vendor):
    from django.utils import timezone

    from prm.events.models import Delivery

    with as_system(vendor.pk):
        Delivery.objects.filter(status="pending").update(due_at=timezone.now())


def test_threads_of_one_process_tell_once(boiled):
    def work():
        deliver_due(boiled.pk)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    deliver_due(boiled.pk)

    assert told(boiled) == (1, 1, 2)
