from datetime import timedelta

import pytest
from django.utils import timezone

from prm.events import outbox
from prm.events.models import Delivery
from prm.events.outbox import ATTEMPTS, LEASE, deliver_due, enqueue, sends
from prm.tenancy.fields import uuid7

sent = []


@sends
def send(subject_id, delivery):
    sent.append(subject_id)


@pytest.fixture(autouse=True)
def nothing_sent():
    sent.clear()


def test_a_row_is_queued_once_however_often_it_is_asked_for(vendor):
    row = uuid7()
    for _ in range(3):
        enqueue(send, row)
    deliver_due(vendor.pk)
    enqueue(send, row)
    deliver_due(vendor.pk)

    assert sent == [row]


def test_work_that_ends_every_worker_is_put_aside_after_a_few_attempts(vendor):
    enqueue(send, uuid7())
    now = timezone.now()
    for _ in range(ATTEMPTS):  # claimed, and the worker never came back
        assert outbox._claim(vendor.pk, now)
        now += LEASE + timedelta(seconds=1)

    assert outbox._claim(vendor.pk, now) == []
    dead = Delivery.objects.get()
    assert (dead.status, dead.last_error) == ("dead", "The worker ended at every attempt.")
    assert sent == []


def test_a_worker_leaves_what_it_cannot_finish_in_its_shift(vendor):
    for _ in range(3):
        enqueue(send, uuid7())
    start, clock = timezone.now(), iter(range(100))

    tried = deliver_due(vendor.pk, now=lambda: start + timedelta(minutes=next(clock)))

    assert 0 < tried < 3
    left = Delivery.objects.filter(status="pending")
    assert left.count() == 3 - tried
    assert not left.exclude(attempts=0, leased_until=None).exists()
    deliver_due(vendor.pk)
    assert len(sent) == 3


def test_backoff_grows_to_half_an_hour():
    waits = [outbox.backoff(attempts).total_seconds() for attempts in range(1, 20)]

    assert 4 <= waits[0] <= 6
    assert max(waits) <= 1800 * 1.2
