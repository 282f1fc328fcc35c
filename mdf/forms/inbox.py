"""The inbox's list as its query string asks for it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from mdf.models import FundRequest
from mdf.queries import inbox
from mdf.queries.inbox import View
from mdf.queries.requests import WITH
from prm.inbox import lists as inboxes


class InboxFilter(inboxes.InboxFilter):
    """Narrows a tab; partners and funds are offered only if something of theirs is there."""

    q = forms.CharField(label=_("Search"), max_length=100)
    partner = forms.ChoiceField(label=_("Partner"))
    fund = forms.ChoiceField(label=_("Fund"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("partner", lambda: self.rows.order_by().values_list("partner", "partner__name").distinct())
        self.offer("fund", lambda: self.rows.order_by().values_list("fund", "fund__name").distinct())

    def narrow_q(self, rows: QuerySet[FundRequest], words: str) -> QuerySet[FundRequest]:
        for word in words.split()[:5]:
            rows = rows.filter(Q(title__icontains=word) | Q(number__icontains=word) | Q(partner__name__icontains=word))
        return rows


class InboxList(inboxes.Inbox):
    """Fund requests."""

    tabs = View
    orders = inbox.ORDER
    filters = InboxFilter
    summed = ("currency", "asked_amount")

    def rows_of(self, view: View) -> QuerySet[FundRequest]:
        return inbox.rows_of(view, self.member, self.at)

    def with_parts(self, rows: QuerySet[FundRequest]) -> QuerySet[FundRequest]:
        return rows.select_related(*WITH)
