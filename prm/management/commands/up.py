from typing import Any

from django.core.management.base import BaseCommand, CommandError

from prm.operations import launcher
from prm.operations.errors import CannotRun


class Command(BaseCommand):
    help = "Run the portal with everything it needs: database, broker, web, worker, scheduler. Ctrl-C stops it."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            launcher.up()
        except CannotRun as reason:
            raise CommandError(str(reason)) from reason
        except PermissionError as problem:
            words = f"{problem.filename} belongs to another account: start the portal as that one, or set PRM_VAR."
            raise CommandError(words) from problem
