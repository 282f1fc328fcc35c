import os
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from prm.operations import databases, roles
from prm.operations.errors import CannotRun


class Command(BaseCommand):
    help = "Create the portal's roles, database and extensions on a PostgreSQL server. Safe to repeat."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--name", default="prm", help="the database (default: prm)")

    def handle(self, *args: Any, name: str, **options: Any) -> None:
        admin_url = os.environ.get("DATABASE_ADMIN_URL")
        if not admin_url:
            raise CommandError("Set DATABASE_ADMIN_URL to a login that may create roles and databases.")
        try:
            urls = databases.prepare_database(admin_url, name, roles.configured_passwords(os.environ))
        except CannotRun as reason:
            raise CommandError(str(reason)) from reason
        for setting, url in urls.items():
            if not os.environ.get(setting):
                self.stdout.write(f"{setting}={url}")
