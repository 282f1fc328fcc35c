"""Filling an empty installation: all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from random import Random

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.module_loading import autodiscover_modules

from prm.accounts.vendors import open_portal
from prm.demo import clock
from prm.demo.clock import Story
from prm.demo.people import OPERATOR, meet
from prm.demo.scenes import Scene
from prm.demo.vendors import VENDORS
from prm.documents import rendering
from prm.events import outbox
from prm.events.models import Delivery, Event
from prm.files import inspection
from prm.notifications.models import Notification, OutgoingMail
from prm.tenancy.context import as_system

Chapter = Callable[[Scene], Iterable[Story]]
CHAPTERS: list[Chapter] = []
OPENED = timedelta(days=461)
TOLD = timedelta(days=14)
READ = timedelta(days=3)
LEFT = (outbox.SEAL, outbox.name_of(rendering.write))


def chapter(tells: Chapter) -> Chapter:
    """Register an app's part of the demo: the stories it tells of a vendor. Apps come in order of dependency."""
    CHAPTERS.append(tells)
    return tells


def discover() -> None:
    """Load the `demo` package of every app that has one."""
    autodiscover_modules("demo")


def fill(now: datetime) -> None:
    """Make both vendors with their year up to now, in one transaction: interrupted, it leaves nothing behind."""
    with transaction.atomic(), inspection.of_our_own_making():
        meet(OPERATOR, "Noor Haddad", is_operator=True)
        for slug, (name, profile) in VENDORS.items():
            vendor = open_portal(slug, name, at=now - OPENED, **profile)
            scene = Scene(vendor, profile["time_zone"], now, Random(slug))
            with as_system(vendor.pk):
                stories = [story for tells in CHAPTERS for story in tells(scene)]
                clock.play(stories, until=now)
                _tell(scene)


def _tell(scene: Scene) -> None:
    """Let people find the last weeks in their notifications, and nobody get mail about a past that never was.

    What is recent is handed to its handlers here, before the transaction commits and a worker could see it.
    What is older is told to nobody, and what the handlers queued for the network is called off. Documents are left to
    the worker, which writes them once the portal runs.
    """
    waiting = Delivery.objects.filter(status=Delivery.Status.PENDING).exclude(handler__in=LEFT)
    recent = Event.objects.filter(pk=OuterRef("subject_id"), at__gte=scene.now - TOLD)
    told = list(waiting.filter(Exists(recent)).order_by("id"))
    for delivery in told:
        outbox.HANDLERS[delivery.handler].run(delivery.subject_id, delivery)
    done = Delivery.objects.filter(pk__in=[delivery.pk for delivery in told])
    done.update(status=Delivery.Status.DONE, finished_at=scene.now)
    waiting.update(status=Delivery.Status.CANCELLED, finished_at=scene.now)
    OutgoingMail.objects.all().delete()
    Notification.objects.update(is_for_digest=False)
    Notification.objects.filter(at__lt=scene.now - READ).update(read_at=scene.now - READ)
