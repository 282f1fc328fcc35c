"""When the vendor's own people spoke with a customer, brought by its CRM."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from deals import permissions
from deals.api.customers import CustomerRefBody
from deals.api.directs import CUSTOMER
from deals.enums import TouchKind
from deals.forms.directs import LONGEST_ID, PLAIN, TouchForm, TouchList
from deals.models import DirectTouch
from deals.queries.terms import today_of_vendor
from deals.services import directs
from prm.accounts.models import Membership
from prm.api.bodies import Body
from prm.api.resources import Resource, resource


class TouchBody(Body):
    """A touch. `happened_on` is the CRM's; `logged_at`, by which it counts, is ours."""

    customer = CustomerRefBody()

    class Meta:
        model = DirectTouch
        fields = ["id", "external_id", "customer", "kind", "happened_on", "note", "logged_at"]


class TouchInput(TouchForm):
    external_id = forms.CharField(
        label=_("Id in your CRM"),
        max_length=LONGEST_ID,
        required=False,
        validators=PLAIN,
        help_text=_("Sent again under it, a touch stays as it was logged."),
    )


@resource
class Touches(Resource):
    name, area, label = "touches", "deals", _("Touches")
    about = _("When the vendor's own people met, called or wrote to a customer. One stays as it was logged.")
    permission, write_permission = permissions.can_see_direct, permissions.can_keep_direct
    listing, body = TouchList, TouchBody
    new, parts = TouchInput, CUSTOMER

    def rows(self, member: Membership) -> QuerySet[DirectTouch]:
        return DirectTouch.objects.select_related("customer")

    def form(self, asked: type[forms.Form], typed: Any, *, by: Membership, at: datetime) -> forms.Form:
        return asked(typed, today=today_of_vendor(at))  # type: ignore[call-arg]

    def make(self, form: Any, *, custom: Any, by: Membership, at: datetime) -> tuple[DirectTouch, bool]:
        said = form.cleaned_data
        facts: dict[str, Any] = {"note": said["note"], "external_id": said["external_id"], "by": by, "at": at}
        row = directs.log_touch(form.customer, TouchKind(said["kind"]), said["happened_on"], **facts)
        return row, row.logged_at == at
