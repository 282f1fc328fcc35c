"""Rules in the file of a programme: of each area the version that applies on a day."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prm.accounts.models import VendorProfile
from prm.policies import explanations, versions
from prm.policies.areas import Area, all_areas
from prm.policies.models import PolicyVersion
from prm.policies.values import Path
from prm.programme.references import PEOPLE, names_by_id, replaced, unknown_names
from prm.programme.sections import Taking, section

NAME = "rules"


def written(on: date) -> dict[str, Any]:
    """Return the rules of each area that has some."""
    names = names_by_id()
    found = {area.key: _newest(area, on) for area in _areas()}
    return {key: replaced(version.body, names) for key, version in found.items() if version}


def take(wanted: Any, path: Path, taking: Taking) -> None:
    """Publish the next version of each area whose rules differ."""
    if not taking.is_mapping(wanted, path, tuple(area.key for area in _areas())):
        return
    ids = {name: pk for pk, name in names_by_id().items()}
    for area in _areas():
        if area.key in wanted:
            body = replaced(wanted[area.key], ids)
            _take_area(area, body, (*path, area.key), taking)


def _areas() -> list[Area]:
    """Return the areas that have no part of their own in the file."""
    return [area for area in all_areas() if not area.is_apart]


def _take_area(area: Area, body: Any, path: Path, taking: Taking) -> None:
    if not taking.is_mapping(body, path):
        return
    version = _newest(area, taking.effective_on)
    if version is not None:
        body = {**version.body, **body}
        if version.body == body:
            return
    before = len(taking.problems)
    for place, name in unknown_names(body, path):
        kind, _colon, who = name.partition(":")
        nobody = _("Nobody with the address %(name)s works here.") % {"name": who}
        taking.refuse(place, nobody if kind == PEOPLE else _("There is no “%(name)s”.") % {"name": name})
    if len(taking.problems) == before:
        for found in area.problems(body):
            taking.refuse((*path, *found.path), explanations.problem(found))
    if taking.by.role not in area.permission.roles:
        taking.refuse(path, _("You may not change these rules."))
    if len(taking.problems) > before:
        return
    body = area.normal(body) if area.normal else body
    if version is not None and version.body == body:
        return
    taking.attempt(path, lambda: _publish(area, body, taking))


def _publish(area: Area, body: dict[str, Any], taking: Taking) -> None:
    made = versions.schedule(area.key, body, effective_on=taking.effective_on, at=taking.at, by=taking.by)
    if area.follow and taking.effective_on <= VendorProfile.objects.get().day_of(taking.at):
        area.follow(made)


def _newest(area: Area, on: date) -> PolicyVersion | None:
    rows = PolicyVersion.objects.filter(area=area.key, effective_on__lte=on)
    return rows.order_by("-effective_on", "-number").first()


section(NAME, gettext_lazy("Rules"), order=900, written=written, take=take)
