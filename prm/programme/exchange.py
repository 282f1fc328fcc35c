"""A vendor's whole programme as one file: written, tried out, and taken over all or not at all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from prm.accounts.models import Membership, VendorProfile
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service
from prm.programme import changes, yaml
from prm.programme.changes import Change
from prm.programme.events import ProgrammeTaken
from prm.programme.sections import Problem, Taking, all_sections

FORMAT = 1


class ProgrammeUnfit(DomainError):
    """Something in the file cannot be taken over; `problems` says what and where."""


class ProgrammeChangedMeanwhile(DomainError):
    """Somebody changed the programme after the person saw what the file would change."""


@dataclass(frozen=True)
class Trial:
    """What would come of taking a file over. `mark` changes whenever the programme it was tried on does."""

    problems: tuple[Problem, ...]
    changes: tuple[Change, ...]
    mark: str


def written(on: date) -> dict[str, Any]:
    """Return the vendor's programme as it is kept now, with the rules that apply on a day."""
    return {"format": FORMAT} | {section.name: section.written(on) for section in all_sections()}


def text_of(programme: Mapping[str, Any]) -> str:
    """Return a programme as the text of a file."""
    return yaml.write(dict(programme))


def try_out(wanted: Any, *, by: Membership, at: datetime, effective_on: date) -> Trial:
    """Take a programme over and everything back again, and say what that would have changed."""
    taking = Taking(by, at, effective_on)
    before = written(effective_on)
    after = before
    with transaction.atomic():
        _take(wanted, taking)
        if not taking.problems:
            after = written(effective_on)
        transaction.set_rollback(True)
    return Trial(tuple(taking.problems), tuple(_changes(before, after)), _mark_of(before))


@service
def take_over(wanted: Any, *, mark: str, by: Membership, at: datetime, effective_on: date) -> list[Change]:
    """Make the programme what a file says and return what that changed; what the file does not name stays.

    Rules apply from `effective_on`, everything else at once. Raises `ProgrammeUnfit`, or `ProgrammeChangedMeanwhile`
    if `mark` is not that of the trial which the person saw; then nothing has changed.
    """
    VendorProfile.objects.select_for_update().get()  # one at a time
    before = written(effective_on)
    if _mark_of(before) != mark:
        raise ProgrammeChangedMeanwhile
    taking = Taking(by, at, effective_on)
    _take(wanted, taking)
    if taking.problems:
        raise ProgrammeUnfit(problems=taking.problems)
    found = _changes(before, written(effective_on))
    if found:
        fact = ProgrammeTaken(len(found), tuple(dict.fromkeys(change.section for change in found)))
        record(fact, on=VendorProfile.objects.get(), by=by, at=at)
    return found


def _take(wanted: Any, taking: Taking) -> None:
    sections = all_sections()
    if not taking.is_mapping(wanted, (), ("format", *(section.name for section in sections))):
        return
    if wanted.get("format") != FORMAT:
        taking.refuse(("format",), _("The file has to begin with “format: 1”."))
        return
    for section in sections:
        if wanted.get(section.name) is not None:
            section.take(wanted[section.name], (section.name,), taking)


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    return changes.between(before, after, {section.name: section.keys for section in all_sections()})


def _mark_of(programme: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(programme, sort_keys=True).encode()).hexdigest()[:32]
