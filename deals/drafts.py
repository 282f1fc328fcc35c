"""Registrations that were never sent can be thrown away and put back."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from deals import permissions
from deals.enums import Review
from deals.models import Registration
from deals.services import queue
from prm.accounts.models import Membership
from prm.drafts.kinds import Kind, drafts_of


def own(member: Membership) -> QuerySet[Registration]:
    """Return what somebody fills in: their firm's, and what they enter on behalf of others."""
    own = Q(partner_id=member.partner_id) | Q(entered_by=member.user_id)
    return Registration.objects.visible_to(member).filter(own)


drafts_of(
    Kind(
        Registration,
        _("Registration"),
        permissions.can_enter,
        own=own,
        is_draft=lambda row: row.review == Review.DRAFT,
        form="deals:registration-form",
        beside=lambda row: reverse("deals:registrations"),
        refuse_unfit=lambda row, at: queue.refuse_second(row),
    )
)
