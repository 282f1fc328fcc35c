"""The list of quote approvals as its query string asks for it."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from prm.inbox import lists as inboxes
from quotes.models import QuoteRevision
from quotes.queries import inbox
from quotes.queries.inbox import View


class InboxFilter(inboxes.InboxFilter):
    """Narrows a tab; partners are offered only if something of theirs is there."""

    q = forms.CharField(label=_("Search"), max_length=100)
    partner = forms.ChoiceField(label=_("Partner"))
    lookups: ClassVar = {"partner": "quote__partner"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("partner", lambda: inbox.partners_of(self.rows))

    def narrow_q(self, rows: QuerySet[QuoteRevision], words: str) -> QuerySet[QuoteRevision]:
        for word in words.split()[:5]:
            rows = rows.filter(
                Q(quote__customer_name__icontains=word)
                | Q(quote__number__icontains=word)
                | Q(quote__partner__name__icontains=word)
            )
        return rows


class InboxList(inboxes.Inbox):
    """Quotes by the step that is asked."""

    tabs = View
    orders = inbox.ORDER
    filters = InboxFilter
    summed = ("quote__currency", "net_total")

    def rows_of(self, view: View) -> QuerySet[QuoteRevision]:
        return inbox.rows_of(view, self.member, self.at)

    def with_parts(self, rows: QuerySet[QuoteRevision]) -> QuerySet[QuoteRevision]:
        return rows.select_related("quote__partner", "policy")

    def place_of(self, row: QuoteRevision) -> inboxes.Place:
        """Remember where a row stands; one that is not in this tab stands at its beginning."""
        found = self.matching.filter(pk=row.pk).first()
        return inboxes.Place(getattr(found, self._column[0], None), row.pk)
