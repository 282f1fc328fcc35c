"""Carries a vendor's whole programme out as a file, and in: `programme export|check|import VENDOR [FILE]`."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from prm.accounts.models import Membership, VendorProfile
from prm.accounts.roles import Role
from prm.programme import exchange, wording, yaml
from prm.programme.exchange import ProgrammeUnfit, Trial
from prm.tenancy.context import as_system
from prm.tenancy.models import Vendor


class Command(BaseCommand):
    help = "Export a vendor's programme as a YAML file, check a file against it, or import one: all of it or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("do", choices=["export", "check", "import"])
        parser.add_argument("vendor", help="the vendor's slug")
        parser.add_argument("path", nargs="?", type=Path, help="the file (export: default is the screen)")
        parser.add_argument("--from", dest="day", type=date.fromisoformat, help="the first day of its rules")
        parser.add_argument("--as", dest="who", help="the e-mail address of the administrator who imports")

    def handle(self, *args: Any, do: str, vendor: str, path: Path | None, day: date | None, **options: Any) -> None:
        found = Vendor.objects.filter(slug=vendor).first()
        if found is None:
            raise CommandError(f"There is no vendor {vendor}.")
        with as_system(found.pk):
            now = timezone.now()
            on = day or VendorProfile.objects.get().day_of(now)
            if do == "export":
                self._export(path, on)
                return
            wanted, lines = _read(path)
            by = _administrator(options["who"], is_needed=do == "import")
            trial = exchange.try_out(wanted, by=by, at=now, effective_on=on)
            self._say(trial, lines)
            if do == "import":
                self._take(wanted, trial, by=by, at=now, effective_on=on)

    def _export(self, path: Path | None, on: date) -> None:
        text = exchange.text_of(exchange.written(on))
        if path is None:
            self.stdout.write(text, ending="")
        else:
            path.write_text(text, encoding="utf-8")

    def _say(self, trial: Trial, lines: yaml.Lines) -> None:
        for problem in trial.problems:
            line = wording.line_of(problem.path, lines)
            self.stderr.write(f"line {line or '?'}: {wording.place_of(problem.path)}: {problem.sentence}")
        if trial.problems:
            raise CommandError("Nothing was changed.")
        for change in trial.changes:
            self.stdout.write(f"{' › '.join((change.section, *change.steps))}: {change.what}")
        if not trial.changes:
            self.stdout.write("Everything is as the file says.")

    def _take(self, wanted: Any, trial: Trial, **facts: Any) -> None:
        try:
            changes = exchange.take_over(wanted, mark=trial.mark, **facts)
        except (ProgrammeUnfit, exchange.ProgrammeChangedMeanwhile) as refusal:
            raise CommandError(refusal.sentence) from None
        self.stdout.write(f"{len(changes)} changes taken over.")


def _read(path: Path | None) -> tuple[Any, yaml.Lines]:
    if path is None:
        raise CommandError("Name the file.")
    try:
        return yaml.read(path.read_text(encoding="utf-8-sig"))
    except yaml.Unreadable as error:
        raise CommandError(f"{path}: {wording.unreadable(error)}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path} cannot be read: {error}") from None


def _administrator(email: str | None, *, is_needed: bool) -> Membership:
    """Return who does it; a check is done in the name of any administrator."""
    rows = Membership.objects.filter(role=Role.ADMIN, status=Membership.Status.ACTIVE).order_by("id")
    if is_needed or email:
        rows = rows.filter(user__email=email or "")
    found = rows.first()
    if found is None:
        raise CommandError(f"There is no administrator {email or ''}: name one with --as.")
    return found
