"""Opens a portal for a vendor: profile, registration terms, reasons, and an invitation to its first administrator."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils import timezone

from deals.services import vendors
from prm.accounts import members
from prm.accounts.models import is_time_zone
from prm.accounts.roles import Role
from prm.accounts.vendors import open_portal
from prm.money import UnknownCurrency, exponent
from prm.tenancy.context import as_system


class Command(BaseCommand):
    help = "Open a portal for a vendor and invite its first administrator."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("slug", help="the first part of its addresses, such as halyard")
        parser.add_argument("name")
        parser.add_argument("--admin", required=True, metavar="EMAIL", help="who is invited as administrator")
        parser.add_argument("--admin-name", default="", help="the name of that person")
        parser.add_argument("--time-zone", default="UTC", help="such as Europe/Berlin; days are the vendor's")
        parser.add_argument("--currency", default="EUR")
        parser.add_argument("--language", default="en", choices=["en", "de"])

    def handle(self, *args: Any, slug: str, name: str, admin: str, **options: Any) -> None:
        try:
            validate_email(admin)
            is_time_zone(options["time_zone"])
            exponent(options["currency"])
            facts = {key: options[key] for key in ("time_zone", "currency", "language")}
            with transaction.atomic():
                vendor = open_portal(slug, name, **facts)
                with as_system(vendor.pk):
                    vendors.prepare(at=timezone.now())
                    person = options["admin_name"] or admin
                    members.invite(admin, person, Role.ADMIN, place={}, by=None, at=timezone.now())
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except UnknownCurrency as error:
            raise CommandError(f"{error} is no currency in use.") from error
        except (ValueError, IntegrityError) as error:
            raise CommandError(f"No portal can be opened as {slug}: the name is taken, reserved or no slug.") from error
        self.stdout.write(f"Opened /{slug}/. The invitation to {admin} is on its way; it works for 14 days.")
