"""Registrations that were never sent can be thrown away and put back."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from deals import permissions
from deals.enums import Review
from deals.models import Registration
from deals.services import queue
from prm.accounts.models import Membership
from prm.drafts.kinds import Kind, drafts_of


def own(member: Membership) -> QuerySet[Registration]:
    return Registration.objects.visible_to(member).filter(partner_id=member.partner_id)


drafts_of(
    Kind(
        Registration,
        _("Registration"),
        permissions.can_register,
        own=own,
        is_draft=lambda row: row.review == Review.DRAFT,
        form="deals:registration-form",
        beside=lambda row: reverse("deals:registrations"),
        refuse_unfit=lambda row, at: queue.refuse_second(row),
    )
)
