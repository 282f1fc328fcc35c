"""The list of claims to decide as its query string asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from mdf.models import Claim
from mdf.queries import claim_inbox as inbox
from mdf.queries.claim_inbox import View
from mdf.queries.claims import Known, with_parts
from prm.inbox.lists import Inbox, InboxFilter


class ClaimInboxFilter(InboxFilter):
    """Narrows a tab; partners and funds are offered only if something of theirs is there."""

    q = forms.CharField(label=_("Search"), max_length=100)
    partner = forms.ChoiceField(label=_("Partner"))
    fund = forms.ChoiceField(label=_("Fund"))
    lookups: ClassVar = {"partner": "partner", "fund": "fund"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("partner", lambda: inbox.partners_of(self.rows))
        self.offer("fund", lambda: inbox.funds_of(self.rows))

    def narrow_q(self, rows: QuerySet[Claim], words: str) -> QuerySet[Claim]:
        for word in words.split()[:5]:
            rows = rows.filter(
                Q(number__icontains=word)
                | Q(request__title__icontains=word)
                | Q(request__number__icontains=word)
                | Q(partner__name__icontains=word)
            )
        return rows


class ClaimInboxList(Inbox):
    """Claims."""

    tabs = View
    orders = inbox.ORDER
    filters = ClaimInboxFilter
    summed = ("currency", "asked_amount")
    known: Mapping[UUID, Known] = MappingProxyType({})  # of the rows on this page, once they were shown

    def rows_of(self, view: View) -> QuerySet[Claim]:
        return inbox.rows_of(view, self.member, self.at)

    def with_parts(self, rows: QuerySet[Claim]) -> QuerySet[Claim]:
        return with_parts(rows)
