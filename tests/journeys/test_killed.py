"""Whatever process is killed, and whenever: after a restart everybody was told once.

The moments are made exact by a lock: the victim waits for it in the middle of its work, is killed there, and only then
is the lock let go. What one worker does at its worst moments is told in `tests/prm/events/test_crashes.py`.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import closing, contextmanager
from threading import Thread
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import psycopg2
import pytest
from django.test import Client
from django.utils import timezone

from deals.models import Registration
from prm.documents import queries as documents
from prm.events.models import Delivery
from prm.events.outbox import SEAL
from prm.notifications.models import MailMessage, Notification
from prm.operations import processes
from prm.operations.waiting import wait_for
from prm.tenancy.context import as_system
from prm.tenancy.fields import uuid7
from quotes.services import links
from tests import build, services
from tests.journeys.portal import Portal, portal, url_of
from tests.journeys.worlds import World
from tests.quotes import build as quoting

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
TOKEN = "t" * 32


@pytest.fixture(scope="module")
def installation(committed_data: None) -> Iterator[tuple[Portal, services.Broker]]:
    """Web server, worker and scheduler over a broker, each a process of its own."""
    with services.broker() as broker, portal(broker_url=broker.url, with_static_files=False) as running:
        running.worker.start()
        running.scheduler.start()
        yield running, broker


@pytest.fixture
def story(installation: tuple[Portal, services.Broker]) -> Iterator[Story]:
    story = Story(*installation)
    yield story
    story.everything_runs()


class Story:
    """A registration that is submitted while something dies."""

    def __init__(self, portal: Portal, broker: services.Broker) -> None:
        self.portal, self.broker = portal, broker
        self.world = World(portal.url)
        self.pk = uuid7()
        self.customer = f"Globex {self.pk}"
        self.cookie = cookie_of(self.world.seller.user)

    def submit(self) -> None:
        """Send the form as a browser does; a server that dies meanwhile gives no answer."""
        with as_system(self.world.vendor.pk):
            family = str(build.family("edge").pk)
        form = {
            "customer_name": self.customer,
            "customer_website": f"{self.pk}.example",
            "customer_country": "DE",
            "contact_name": "Ida Holm",
            "type": "resale",
            "contact_email": "ida@globex.example",
            "families": family,
            "value_currency": "EUR",
            "value_amount": "46200",
            "close_on": "2031-02-12",
            "reason_to_buy": "Their contract ends.",
            "lines-TOTAL_FORMS": "0",
            "lines-INITIAL_FORMS": "0",
            "activities-TOTAL_FORMS": "0",
            "activities-INITIAL_FORMS": "0",
            "do": "submit",
        }
        headers = {"Cookie": f"{self.cookie}; csrf={TOKEN}", "X-CSRFToken": TOKEN}
        url = f"{self.world.home}/deals/{self.pk}/form/"
        try:
            with urlopen(Request(url, urlencode(form).encode(), headers), timeout=60) as answer:
                assert answer.url.endswith(f"/deals/{self.pk}/"), answer.url
        except HTTPError as refused:
            raise AssertionError(refused.read().decode()) from refused
        except (URLError, OSError):
            return

    @property
    def is_submitted(self) -> bool:
        with as_system(self.world.vendor.pk):
            return Registration.objects.filter(pk=self.pk, review="submitted").exists()

    def is_delivered(self) -> bool:
        with as_system(self.world.vendor.pk):
            return not Delivery.objects.filter(status="pending").exclude(handler=SEAL).exists()

    def everything_runs(self) -> None:
        """Start again whatever was killed, and let the leases of the dead run out."""
        if not self.broker.process:
            self.broker.start()
        for process in (self.portal.worker, self.portal.scheduler):
            if not process.process:
                process.start()
        if not self.portal.web.process:
            self.portal.serve()
        with as_system(self.world.vendor.pk):
            Delivery.objects.filter(leased_until__isnull=False).update(leased_until=timezone.now())

    def told(self) -> tuple[int, int]:
        """Wait until all is delivered; return how often the manager was told in the portal, and by mail."""
        wait_for(self.is_delivered, what="the outbox", seconds=60)
        manager = self.world.manager.user
        with as_system(self.world.vendor.pk):
            listed = Notification.objects.filter(user=manager, event__subject_id=self.pk).count()
        return listed, MailMessage.objects.filter(to=manager.email, subject__contains=self.customer).count()


def test_a_web_server_killed_before_the_commit_did_nothing_and_can_be_asked_again(story):
    with held("prm_event") as is_waited_for:
        asking = Thread(target=story.submit)
        asking.start()
        wait_for(is_waited_for, what="The request", seconds=30)
        story.portal.web.kill()
        asking.join()
    assert not story.is_submitted

    story.everything_runs()
    story.submit()

    assert story.told() == (1, 1)


def test_a_web_server_killed_after_the_commit_can_be_asked_again(story):
    story.submit()
    story.portal.web.kill()

    story.everything_runs()
    story.submit()

    assert story.told() == (1, 1)


@pytest.mark.parametrize("table", ["prm_notification", "prm_mailmessage"])
def test_a_worker_killed_while_it_tells_somebody_tells_them_once(story, table):
    with held(table) as is_waited_for:
        story.submit()
        wait_for(is_waited_for, what="The worker", seconds=30)
        story.portal.worker.kill()

    story.everything_runs()

    assert story.told() == (1, 1)


def test_a_broker_killed_with_all_its_pointers_loses_nothing(story):
    story.portal.worker.kill()
    story.submit()
    kill(story.broker)

    story.everything_runs()

    assert story.told() == (1, 1)


def test_all_killed_at_once_come_back_to_the_same_work(story):
    with held("prm_notification") as is_waited_for:
        story.submit()
        wait_for(is_waited_for, what="The worker", seconds=30)
        for process in (story.broker, story.portal.scheduler, story.portal.worker, story.portal.web):
            kill(process)

    story.everything_runs()

    assert story.told() == (1, 1)


def test_a_worker_killed_over_an_offer_writes_each_paper_once_and_mails_one_link(story):
    now, customer = timezone.now(), f"{story.pk}@nordhavn.example"
    with held("prm_mailmessage") as is_waited_for:
        with as_system(story.world.vendor.pk):
            revision = quoting.issued(by=story.world.seller, at=now)
            links.make(revision, email=customer, by=story.world.seller, at=now)
        wait_for(is_waited_for, what="The worker", seconds=30)
        story.portal.worker.kill()

    story.everything_runs()
    wait_for(story.is_delivered, what="the outbox", seconds=60)

    assert MailMessage.objects.filter(to=customer).count() == 1
    with as_system(story.world.vendor.pk):
        papers = [document for document in documents.of(revision) if document.is_ready]
        assert sorted(document.kind for document in papers) == ["quotes.offer", "quotes.quote"]


def test_a_broker_killed_while_a_paper_is_written_loses_no_paper_and_writes_none_twice(story):
    story.portal.worker.kill()
    with as_system(story.world.vendor.pk):
        revision = quoting.issued(by=story.world.seller, at=timezone.now())
    with held("prm_document") as is_waited_for:
        story.portal.worker.start()
        wait_for(is_waited_for, what="The worker", seconds=60)
        kill(story.broker)

    story.everything_runs()
    wait_for(story.is_delivered, what="the outbox", seconds=60)

    with as_system(story.world.vendor.pk):
        papers = sorted((document.kind, document.is_ready) for document in documents.of(revision))
    assert papers == [("quotes.offer", True), ("quotes.quote", True)]


def kill(server: services.Server) -> None:
    processes.signal_group(server.process.pid, signal.SIGKILL)
    server.process.wait()
    server.stop()


@contextmanager
def held(table: str) -> Iterator[Any]:
    """Let whoever wants to write into a table wait; yields a question whether somebody does."""
    with closing(psycopg2.connect(url_of("owner"))) as connection, connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")

        def is_waited_for() -> bool:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE relation = %s::regclass AND NOT granted", [table])
            return cursor.fetchone()[0] > 0

        yield is_waited_for
        connection.rollback()


def cookie_of(user: Any) -> str:
    """Return the cookie of somebody who has signed in."""
    client = Client()
    client.force_login(user, backend=BACKEND)
    return f"session={client.cookies['session'].value}"
