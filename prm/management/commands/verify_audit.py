"""Walks every vendor's chain of events and says where it was tampered with."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from prm.audit import queries
from prm.audit.chain import Finding, Noted, Trouble
from prm.tenancy.context import as_system
from prm.tenancy.models import Vendor

WORDS = {
    Trouble.CHANGED: "position {position}: event {event_id}, its place or the seal before it was changed",
    Trouble.GAP: "position {position}: there is no seal",
    Trouble.EVENT_GONE: "position {position}: event {event_id} was deleted",
    Trouble.UNSEALED: "event {event_id} has no seal after an hour: it was added past the portal, or no worker runs",
    Trouble.CUT_OFF: "position {position}: the chain ends before the noted head",
    Trouble.REWRITTEN: "position {position}: the chain was rewritten, the noted head is another",
}


class Command(BaseCommand):
    help = "Verify the audit chain of every vendor, or of one. Exits with 1 when anything was changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--vendor", help="the vendor's slug (default: all)")
        parser.add_argument("--head", help="a head noted earlier, such as 1204:9f2c51d0a7be; needs --vendor")

    def handle(self, *args: Any, vendor: str | None, head: str | None, **options: Any) -> None:
        noted = _noted(head) if head else None
        if noted and not vendor:
            raise CommandError("A noted head belongs to one vendor: add --vendor.")
        vendors = Vendor.objects.filter(**{"slug": vendor} if vendor else {}).order_by("slug")
        if not vendors:
            raise CommandError(f"There is no vendor {vendor}." if vendor else "There is no vendor yet.")
        broken = [each.slug for each in vendors if not self.verify(each, noted)]
        if broken:
            raise CommandError(f"The chain does not hold: {', '.join(broken)}.", returncode=1)

    def verify(self, vendor: Vendor, noted: Noted | None) -> bool:
        """Print what is wrong with a vendor's chain; say whether nothing is."""
        with as_system(vendor.pk):
            found = 0
            for finding in queries.findings(noted=noted):
                self.stdout.write(f"{vendor.slug}: {_words(finding)}")
                found += 1
            head = queries.head_of_chain()
        if not found:
            self.stdout.write(f"{vendor.slug}: whole, {f'head {head.mark}' if head else 'nothing sealed yet'}")
        return not found


def _words(finding: Finding) -> str:
    return WORDS[finding.trouble].format(position=finding.position, event_id=finding.event_id)


def _noted(text: str) -> Noted:
    try:
        return Noted.read(text)
    except ValueError:
        raise CommandError("A head looks like 1204:9f2c51d0a7be.") from None
