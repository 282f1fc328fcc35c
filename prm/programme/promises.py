"""When promised decisions warn and whom late ones tell, in the file of a vendor's programme."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy

from prm.policies.values import Path
from prm.programme.sections import Taking, section
from prm.promises import clocks, settings
from prm.promises.forms import TellingForm


def written(on: date) -> dict[str, Any]:
    """Return the shares of a promised time at which people are told, whatever day it is."""
    return asdict(settings.shares_of(clocks.telling()))


def take(wanted: Any, path: Path, taking: Taking) -> None:
    """Change what is named, as the screen does."""
    now = written(taking.effective_on)
    if not taking.is_mapping(wanted, path, tuple(now)) or now == {**now, **wanted}:
        return
    if not taking.fits(wanted, path):
        return
    form = TellingForm({**now, **wanted})
    if not form.is_valid():
        for name, errors in form.errors.items():
            for error in errors:
                taking.refuse((*path, name), error)
        return
    revision = clocks.telling().revision
    taking.attempt(path, lambda: settings.change(form.shares, revision=revision, by=taking.by, at=taking.at))


section("promises", gettext_lazy("Promises"), order=12, written=written, take=take)
