import os
import subprocess
import sys
from urllib.parse import quote

import pytest
from django.db import connections
from django.db.models import Q

from prm.events import wake
from prm.events.models import Delivery
from prm.events.outbox import deliver_due, record
from prm.notifications.models import MailMessage, Notification
from prm.tenancy.context import as_system
from tests import build
from tests.prm.notifications.telling import KettleBoiled

ALIASES = {"default": "DATABASE_URL", "owner": "DATABASE_OWNER_URL", "system": "DATABASE_SYSTEM_URL"}


def environment(**more):
    """What another process needs to work on the database of this test process."""
    urls = {}
    for alias, setting in ALIASES.items():
        at = connections[alias].settings_dict
        urls[setting] = (
            f"postgres://{at['USER']}:{quote(at['PASSWORD'], safe='')}@{at['HOST']}:{at['PORT']}/{at['NAME']}"
        )
    return {**os.environ, **urls, "SECRET_KEY": "only-for-tests", "EMAIL_URL": "", "REDIS_URL": "", **more}


def start_worker(vendor, moment=""):
    command = [sys.executable, "-m", "tests.prm.events.worker", str(vendor.pk), moment]
    return subprocess.Popen(command, env=environment(), stderr=subprocess.DEVNULL)


def leases_run_out(vendor):
    """As if the time of a lease had passed since the worker was killed."""
    with as_system(vendor.pk):
        Delivery.objects.filter(status=Delivery.Status.PENDING).update(leased_until=None)


def told(vendor):
    """How many notifications and mails there are, and how many turns were taken."""
    with as_system(vendor.pk):
        ours = Q(handler__startswith="tests.") | Q(handler="prm.notifications.mail.send")
        done = Delivery.objects.filter(ours, status=Delivery.Status.DONE).count()
        return Notification.objects.count(), MailMessage.objects.count(), done


@pytest.fixture(autouse=True)
def as_without_a_mail_server(settings, monkeypatch):
    """Mail is kept in the operator's mailbox, and no broker was found away yet."""
    settings.EMAIL_BACKEND = "prm.notifications.mailbox.MailboxBackend"
    monkeypatch.setattr(wake, "_away_until", 0.0)


@pytest.fixture
def boiled(committed):
    """A vendor where an event waits for its handler, which tells one person."""
    vendor = build.vendor()
    with as_system(vendor.pk):
        member, partner = build.manager(), build.partner()
    deliver_due(vendor.pk)  # what enrolling a partner led to
    with as_system(vendor.pk):
        record(KettleBoiled(user_ids=[str(member.user_id)]), on=partner, by=None)
    return vendor
