"""The inbox's tabs and the list of all applications, as their query strings ask for them."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from partners.enums import ApplicationStatus, PartnerType
from partners.models import Application
from partners.queries import applications, search
from partners.queries.applications import View
from prm.accounts.models import Membership
from prm.inbox.lists import Inbox, InboxFilter
from prm.ui import countries
from prm.ui.lists import FilterForm, Listing

SENT = [(code, label) for code, label in ApplicationStatus.choices if code != ApplicationStatus.DRAFT]


class ApplicationFilter(FilterForm):
    """What applications can be narrowed by."""

    q = forms.CharField(label=_("Search"), max_length=100)
    type = forms.MultipleChoiceField(label=_("Type"), choices=PartnerType.choices)
    country = forms.ChoiceField(label=_("Country"))
    lookups: ClassVar = {"type": "type__in", "country": "country", "status": "status__in"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", _("Any")), *countries.choices()]  # type: ignore[attr-defined]

    def narrow_q(self, rows: QuerySet[Application], words: str) -> QuerySet[Application]:
        return rows.filter(pk__in=search.applications(words))


class AllApplicationsFilter(ApplicationFilter):
    """The same, and where they stand."""

    status = forms.MultipleChoiceField(label=_("Status"), choices=SENT)
    is_mine = forms.BooleanField(label=_("Only mine"))

    def __init__(self, *args: Any, member: Membership | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.member = member

    def narrow_is_mine(self, rows: QuerySet[Application], is_mine: bool) -> QuerySet[Application]:
        return rows.filter(owner=self.member.user_id) if self.member and is_mine else rows


class ApplicationList(Listing):
    """All applications that were sent, the latest first."""

    filters = AllApplicationsFilter
    sorts: ClassVar = {"company": "company_name", "score": "score", "sent": "submitted_at", "due": "decide_by"}
    first_sort = "-sent"

    def __init__(self, params: QueryDict, rows: QuerySet[Application], member: Membership) -> None:
        super().__init__(params, rows)
        self.form = AllApplicationsFilter(self.params, member=member)
        self.matching = self.form.narrow(rows)


class WaitingFilter(InboxFilter, ApplicationFilter):
    """The same, in the inbox."""


class InboxList(Inbox):
    """Applications that wait for a decision."""

    tabs = View
    orders = applications.ORDER
    filters = WaitingFilter

    def rows_of(self, view: View) -> QuerySet[Application]:
        return applications.rows_of(view, self.member, self.at)

    def with_parts(self, rows: QuerySet[Application]) -> QuerySet[Application]:
        return rows.select_related("owner")
