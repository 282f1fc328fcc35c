import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from prm.operations import administration, restore
from prm.operations.archive import Manifest
from prm.operations.errors import CannotRun


class Command(BaseCommand):
    help = "Prove that a backup can be restored (--verify), or restore it where nobody is yet (--into-empty)."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path)
        way = parser.add_mutually_exclusive_group(required=True)
        way.add_argument("--verify", action="store_true", help="restore into a database of its own and compare")
        way.add_argument("--into-empty", action="store_true", help="restore into the database of DATABASE_URL")

    def handle(self, *args: Any, path: Path, verify: bool, **options: Any) -> None:
        try:
            manifest = self.verify(path) if verify else self.restore(path)
        except CannotRun as reason:
            raise CommandError(str(reason)) from reason
        what = "can be restored" if verify else "is restored"
        rows, files = sum(manifest.rows.values()), len(manifest.sha256) - 1
        self.stdout.write(f"The backup of {manifest.created_at} {what}: {rows} rows, {files} files.")

    def verify(self, path: Path) -> Manifest:
        return restore.verify(path, admin_url=administration.admin_url(), passwords=administration.passwords())

    def restore(self, path: Path) -> Manifest:
        return restore.into_empty(
            path,
            admin_url=administration.admin_url(),
            name=unquote(urlsplit(os.environ["DATABASE_URL"]).path.lstrip("/")),
            passwords=administration.passwords(),
            media=Path(settings.MEDIA_ROOT),
        )
