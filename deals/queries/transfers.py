"""Deals that go from one partner to another: what is asked for, and what went."""

from __future__ import annotations

from django.db.models import QuerySet

from deals.enums import Review, TransferStatus
from deals.models import Registration, Transfer
from partners.enums import PartnerStatus
from partners.models import Partner
from prm.accounts.models import Membership
from prm.files import queries as files
from prm.files.models import File


def asked() -> QuerySet[Transfer]:
    """Return the transfers that partners ask for, the longest first."""
    open_ones = Registration.objects.open().exclude(review=Review.DRAFT)  # of what ended, nobody gives anything
    rows = Transfer.objects.filter(status=TransferStatus.ASKED, registration__in=open_ones).select_related(
        "registration__partner", "asked_by"
    )
    return rows.order_by("asked_at", "id")


def asked_of(registration: Registration) -> Transfer | None:
    """Return the transfer that the partner of a registration asks for."""
    return asked().filter(registration=registration).first()


def gone(member: Membership) -> QuerySet[Transfer]:
    """Return the deals that went to other partners from the firm of this person, the latest first."""
    rows = Transfer.objects.visible_to(member).filter(status=TransferStatus.DONE)
    return rows.order_by("-decided_at", "-id")


def receivers(registration: Registration) -> QuerySet[Partner]:
    """Return the partners that a deal can go to, by name."""
    rows = Partner.objects.filter(status=PartnerStatus.ACTIVE).exclude(pk=registration.partner_id)
    return rows.order_by("name", "id")


def files_of(registration: Registration) -> QuerySet[File]:
    """Return the files that its partner brought or reads, which can go along with a deal; never the vendor's own."""
    rows: QuerySet[File] = files.of(registration)
    return rows.filter(status=File.Status.CLEAN, partner_path=registration.partner_path)
