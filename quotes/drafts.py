"""Quotes that were never sent can be thrown away and put back."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from prm.accounts.models import Membership
from prm.drafts.kinds import Kind, drafts_of
from quotes import permissions
from quotes.models import Quote, QuoteRevision


def own(member: Membership) -> QuerySet[Quote]:
    rows = QuoteRevision.objects.visible_to(member).filter(quote__partner_id=member.partner_id)
    return Quote.objects.filter(pk__in=rows.values("quote_id"))


def is_draft(quote: Quote) -> bool:
    return all(row.number == 1 and row.is_draft and row.sent_at is None for row in quote.revisions.all())


drafts_of(
    Kind(
        Quote,
        _("Quote"),
        permissions.can_quote,
        own=own,
        is_draft=is_draft,
        form="quotes:quote-form",
        beside=lambda row: reverse("quotes:quotes"),
        parts=lambda row: row.revisions.all(),
    )
)
