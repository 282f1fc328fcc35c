from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from prm.operations import administration, backup
from prm.operations.errors import CannotRun


class Command(BaseCommand):
    help = "Save database and files of one moment in one file."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", nargs="?", type=Path, help="default: a dated file in var/backups")

    def handle(self, *args: Any, path: Path | None, **options: Any) -> None:
        target = path or backup.default_target(settings.VAR_DIR / "backups")
        media, versions = Path(settings.MEDIA_ROOT), {"django": django.__version__}
        try:
            manifest = backup.back_up(target, url=administration.backup_url(), media=media, versions=versions)
        except CannotRun as reason:
            raise CommandError(str(reason)) from reason
        size = target.stat().st_size / 1_000_000
        rows = sum(manifest.rows.values())
        self.stdout.write(f"{target}: {rows} rows, {len(manifest.sha256) - 1} files, {size:.1f} MB.")
        self.stdout.write("Keep SECRET_KEY too, in another place: it is not in the backup.")
