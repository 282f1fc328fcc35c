"""Bringing the file of a programme and taking it over."""

from __future__ import annotations

from datetime import date, datetime

from prm.accounts.models import Membership
from prm.events.refusals import DomainError
from prm.events.service import service
from prm.programme import exchange, yaml
from prm.programme.models import ProgrammeFile


class FileTakenAlready(DomainError):
    """The file was taken over before."""


@service
def bring(name: str, text: str, *, by: Membership, at: datetime) -> ProgrammeFile:
    """Keep a file to look at; nothing changes. Raises `yaml.Unreadable`."""
    yaml.read(text)
    file = ProgrammeFile(name=name[:120], text=text, brought_by_id=by.user_id, brought_at=at)
    file.save(force_insert=True)
    return file


@service
def take(file: ProgrammeFile, *, mark: str, effective_on: date, by: Membership, at: datetime) -> ProgrammeFile:
    """Take a file over, all or nothing; `mark` is of the trial that the person saw.

    Raises `FileTakenAlready`, `ProgrammeUnfit` and `ProgrammeChangedMeanwhile`.
    """
    file = ProgrammeFile.objects.locked(file.pk)
    if file.taken_at is not None:
        raise FileTakenAlready
    wanted, _lines = yaml.read(file.text)
    found = exchange.take_over(wanted, mark=mark, by=by, at=at, effective_on=effective_on)
    file.effective_on, file.taken_by_id, file.taken_at, file.changes = effective_on, by.user_id, at, len(found)
    file.save(update_fields=["effective_on", "taken_by", "taken_at", "changes"])
    return file
