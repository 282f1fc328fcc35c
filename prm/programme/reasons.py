"""The vendor's lists of reasons in the file of its programme."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prm.policies.models import ReasonCode
from prm.policies.values import Path
from prm.programme.sections import Taking, section
from prm.reasons import lists

NAMES = ("code", "label", "is_active")


def written(on: date) -> dict[str, list[dict[str, Any]]]:
    """Return the reasons by what they are for; one that the product came with has no label of its own."""
    found: dict[str, list[dict[str, Any]]] = {}
    for reason in ReasonCode.objects.order_by("area", "position", "code"):
        found.setdefault(reason.area, []).append({name: getattr(reason, name) for name in NAMES})
    return found


def take(wanted: Any, path: Path, taking: Taking) -> None:
    """Add and rename reasons, and say which can be chosen; the order is the file's."""
    known = {**lists.LISTS, **written(taking.effective_on)}  # also those that the product has come with since
    if not taking.is_mapping(wanted, path, tuple(known)):
        return
    for area, listed in wanted.items():
        if taking.is_list(listed, (*path, area)):
            kept = {reason.code: reason for reason in ReasonCode.objects.filter(area=area)}
            seen: set[str] = set()
            for number, body in enumerate(listed):
                place = (*path, area, number)
                if not taking.is_mapping(body, place, NAMES) or not taking.fits(body, place, flags=("is_active",)):
                    continue
                code = str(body.get("code", ""))
                if code in seen:
                    taking.refuse((*place, "code"), _("“%(key)s” is here twice.") % {"key": code})
                    continue
                seen.add(code)
                _take_one(kept.get(code) or ReasonCode(area=area), number, body, place, taking)


def _take_one(reason: ReasonCode, position: int, body: Mapping[str, Any], path: Path, taking: Taking) -> None:
    for name, value in body.items():
        setattr(reason, name, "" if value is None else value)
    reason.position = position
    if not reason.label and reason.code not in ReasonCode.LABELS:
        taking.refuse((*path, "label"), _("A reason of your own needs a label."))
        return
    unchecked = ["tenant", *([] if reason.label else ["label"])]
    try:
        reason.full_clean(exclude=unchecked, validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            for message in messages:
                taking.refuse((*path, name), message)
        return
    reason.save()


section("reasons", gettext_lazy("Reasons for decisions"), order=50, written=written, take=take, keys=("code",))
