from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from prm.demo import filling, logins
from prm.tenancy.models import Vendor


class Command(BaseCommand):
    help = "Fill an empty installation with two vendors, their partners and a year of work to look at."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="do nothing where there are vendors already")

    def handle(self, *args: Any, if_empty: bool, **options: Any) -> None:
        filling.discover()
        if not Vendor.objects.exists():
            filling.fill(timezone.now())
        elif not if_empty:
            raise CommandError("There are vendors here already; the demo is only for an empty installation.")
        if logins.are_there():
            logins.write()
