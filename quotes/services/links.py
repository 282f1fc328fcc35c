"""The customer's way to an offer: a secret address, sent by mail or handed over, closed and made anew."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from prm.accounts.links import absolute_url, letterhead
from prm.accounts.members import digest
from prm.accounts.models import Membership, VendorProfile
from prm.events.outbox import record
from prm.events.service import service
from prm.notifications import mail
from prm.tenancy.models import Vendor
from quotes.enums import Action, Status
from quotes.events import LinkClosed, LinkMade, OfferOpened
from quotes.models import OfferLink, QuoteRevision
from quotes.services.moves import NotPossible, locked


@service
def make(
    revision: QuoteRevision, *, by: Membership, at: datetime, email: str = "", message: str = ""
) -> tuple[OfferLink, str]:
    """Make the customer's link, mail it where an address is given, and return it with its secret.

    An older link of the revision stops working. Raises `NotPossible` unless the revision is issued.
    """
    revision = locked(revision)
    if revision.status != Status.ISSUED:
        raise NotPossible(revision=revision, action=Action.ACCEPT)
    close_all(revision, at=at)
    secret = secrets.token_urlsafe(32)
    link = OfferLink(
        revision=revision,
        partner_path=revision.partner_path,
        secret_digest=digest(secret),
        made_by_id=by.user_id,
        made_at=at,
        sent_to=email,
    )
    link.save(force_insert=True)
    if email:
        _send(link, secret, message, by)
    record(LinkMade(revision.quote_id, revision.number, email=email), on=revision.quote, by=by, at=at)
    return link, secret


@service
def close(revision: QuoteRevision, *, by: Membership, at: datetime) -> QuoteRevision:
    """Let the customer's link no longer open the offer; making a new one is always possible."""
    revision = locked(revision)
    if close_all(revision, at=at):
        record(LinkClosed(revision.quote_id, revision.number), on=revision.quote, by=by, at=at)
    return revision


@service
def note_visit(link: OfferLink, *, at: datetime) -> OfferLink:
    """Remember when the customer looked at the offer for the first time, and tell the partner."""
    if link.opened_at is not None:
        return link
    revision = locked(link.revision)
    if OfferLink.objects.filter(pk=link.pk, opened_at__isnull=True).update(opened_at=at):
        link.opened_at = at
        if revision.opened_at is None:
            revision.opened_at = at
            revision.save(update_fields=["opened_at"])
            record(OfferOpened(revision.quote_id, revision.number), on=revision.quote, by=None, at=at)
    return link


def with_secret(secret: str) -> OfferLink | None:
    """Return the current vendor's link that a secret belongs to, open or not."""
    rows = OfferLink.objects.filter(secret_digest=digest(secret))
    return rows.select_related("revision__quote__partner", "revision__quote__owner", "revision__policy").first()


def close_all(revision: QuoteRevision, *, at: datetime) -> int:
    """Close the open link of a revision and return how many there were. The caller has locked the quote."""
    return OfferLink.objects.filter(revision=revision, closed_at__isnull=True).update(closed_at=at)


def _send(link: OfferLink, secret: str, message: str, by: Membership) -> None:
    """Write to the customer in the language of the offer; the sender is the vendor, and the partner says who it is."""
    revision = link.revision
    vendor = Vendor.objects.get(pk=link.tenant_id)
    with translation.override(revision.language):
        context = {
            "revision": revision,
            "quote": revision.quote,
            "partner": revision.quote.partner,
            "vendor": vendor,
            "sender": by.user,
            "message": message,
            "brand": letterhead(vendor, VendorProfile.objects.get()),
            "action_url": absolute_url("quotes:offer", secret, vendor=vendor),
            "action_label": _("Open the offer"),
        }
        subject = render_to_string("quotes/mail/offer_subject.txt", context).strip()
        mail.write(
            to=link.sent_to,
            subject=subject,
            text=render_to_string("quotes/mail/offer.txt", context).strip(),
            html=render_to_string("quotes/mail/offer.html", {**context, "subject": subject}),
            key=f"quotes.link:{link.pk}",
        )
