"""The catalogue, the terms a vendor made for itself later, all deals, and the clock that watches over them.

Columns of the deals' tables: customer, website, country, city, tax number, contact, products, value in
thousands, and the plot with its days (see `plots.py`). The line in brackets names who registers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path

from django.db.models import Q

from deals.demo import catalog, custom, customers, direct, plots, rules
from deals.demo.deals import Deal
from deals.demo.words import WORDS
from deals.enums import Review, Stage
from deals.models import CheckIn, Registration
from deals.models.registrations import PROTECTED
from deals.rules.terms import AREA, Terms
from deals.services import check_ins, protection, registrations
from prm.accounts.models import Membership
from prm.accounts.roles import Role
from prm.demo.clock import Story
from prm.demo.filling import chapter
from prm.demo.scenes import Scene
from prm.demo.vendors import VENDORS
from prm.policies import versions

TABLES = Path(__file__).with_name("tables")
OPENED, FIRST_DEAL, RENEWED, ASKING_MORE, RULED = 459, 400, 200, 120, 45  # days ago
SILENT = 3  # days whose check-ins nobody has made yet
WITH_RULES = "halyard"
RENEWED_TERMS = Terms(look_back_days=270, reminder_days=(30, 14, 7, 3, 1), distributors_register=True)


@chapter
def stories(scene: Scene) -> Iterable[Story]:
    slug = scene.vendor.slug
    yield opening(scene, (TABLES / f"{slug}_catalog.txt").read_text(encoding="utf-8"))
    yield renewing_terms(scene)
    if slug == WITH_RULES:
        yield asking_more(scene)
        yield making_rules(scene)
        yield direct.own_business(scene)
        yield direct.conflict(scene)
        yield customers.written_twice(scene)
    yield nights(scene)
    for deal in _read(scene, (TABLES / f"{slug}_deals.txt").read_text(encoding="utf-8")):
        yield plots.story_of(deal)


def opening(scene: Scene, table: str) -> Story:
    at = scene.at(scene.ago(OPENED), 9)
    yield at
    catalog.stock(table)


def renewing_terms(scene: Scene) -> Story:
    at = scene.at(scene.ago(RENEWED + 14), 14)
    yield at
    versions.publish(AREA, RENEWED_TERMS.body(), effective_on=scene.ago(RENEWED), at=at)


def asking_more(scene: Scene) -> Story:
    """Partners are asked more about their projects, and later channel managers add what they expect of them."""
    at = scene.at(scene.ago(ASKING_MORE), 11)
    yield at
    custom.define(at)
    at = scene.at(scene.workday(scene.ago(9)), 13)
    yield at
    custom.forecast(at)


def making_rules(scene: Scene) -> Story:
    """Rules are published, and a week ago the administrator began to think about the next ones."""
    at = scene.at(scene.ago(RULED + 7), 15)
    yield at
    slug = scene.vendor.slug
    body = RENEWED_TERMS.body() | {"rules": rules.in_force(slug)}
    versions.publish(AREA, body, effective_on=scene.ago(RULED), at=at)
    at = scene.at(scene.ago(7), 16)
    yield at
    administrator = Membership.objects.filter(role=Role.ADMIN).order_by("pk")[0]
    body = RENEWED_TERMS.body() | {"rules": rules.drafted(slug), "steps": rules.STEPS}
    versions.save_draft(AREA, body, revision=None, by=administrator, at=at)


def nights(scene: Scene) -> Story:
    """Each night and morning the clock does what is due, as it does in a portal that runs.

    It looks once a day at everything that waits, which takes a fifth of the time of asking as the clock does;
    the services decide for themselves what is due.
    """
    waits = Q(protection__in=PROTECTED) | Q(review=Review.INFO_REQUESTED)
    for days in range(FIRST_DEAL, -1, -1):
        today, at = scene.ago(days), scene.at(scene.ago(days), 0, 5)
        yield at
        rows = Registration.objects.filter(waits).only("protected_until", "review").order_by("protected_until", "id")
        near = []
        for row in rows:
            if row.review == Review.INFO_REQUESTED:
                registrations.lapse(row, at=at)
            elif row.protected_until < today:
                protection.expire(row, today=today, at=at)
            elif (row.protected_until - today).days in RENEWED_TERMS.reminder_days:
                near.append(row)
        if near:
            yield scene.at(today, 7, 5)
        for row in near:
            protection.remind(row, today=today, at=scene.at(today, 7, 5))
        if days > SILENT:
            yield from check_ins_of(scene, today)


def check_ins_of(scene: Scene, today: date) -> Story:
    """Partners check in on the day on which they should; those of the last days are still to be made."""
    due = list(CheckIn.objects.filter(is_open=True, due_on=today).select_related("registration").order_by("id"))
    told = WORDS[VENDORS[scene.vendor.slug][1]["language"]].progress
    for number, row in enumerate(due):
        at = scene.at(today, 9, 10 + number % 40)
        yield at
        deal = Registration.objects.get(pk=row.registration_id)
        if not deal.is_protected:
            continue
        assert deal.close_on is not None
        assert deal.protected_until is not None
        soon = min(today + timedelta(days=30), deal.protected_until)
        check_ins.confirm(
            deal,
            stage=Stage(deal.stage),
            close_on=max(deal.close_on, soon),
            note=told[deal.pk.int % len(told)],
            by=Membership.objects.get(user_id=deal.owner_id),
            at=at,
        )


def _read(scene: Scene, table: str) -> Iterator[Deal]:
    seller = ""
    for line in filter(None, table.strip().splitlines()):
        if line.startswith("["):
            seller = line.strip("[]")
        else:
            yield Deal(scene, seller, *(cell.strip() for cell in line.split("|")))
