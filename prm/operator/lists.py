"""The operator's lists."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from prm.events.models import Delivery
from prm.ui.lists import FilterForm, Listing

STATUSES = [("", "—"), (Delivery.Status.DEAD.value, _("Gave up")), (Delivery.Status.PENDING.value, _("Waiting"))]


class DeliveryFilter(FilterForm):
    status = forms.ChoiceField(label=_("State"), choices=STATUSES)
    vendor = forms.CharField(label=_("Vendor's address"), max_length=40)
    handler = forms.CharField(label=_("Handler"), max_length=120)
    lookups = {"vendor": "tenant__slug", "handler": "handler__icontains"}


class DeliveryList(Listing):
    filters = DeliveryFilter
    sorts = {"due": "due_at", "attempts": "attempts"}
    first_sort = "-due"


class MailFilter(FilterForm):
    to = forms.CharField(label=_("To"), max_length=200)
    subject = forms.CharField(label=_("Subject"), max_length=200)
    lookups = {"to": "to__icontains", "subject": "subject__icontains"}


class MailList(Listing):
    filters = MailFilter
    sorts = {"at": "at"}
    first_sort = "-at"
