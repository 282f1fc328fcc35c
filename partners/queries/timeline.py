"""What happened to a partner: to itself, its agreements, its tasks and its people's certificates."""

from __future__ import annotations

from django.db.models import QuerySet

from partners.models import Agreement, Certificate, ChecklistTask, Partner
from prm.events.models import Event

LATEST = 100


def of_partner(partner: Partner) -> list[Event]:
    """Return the latest events about a partner, oldest first, as far as the current actor may see them."""
    subjects = [partner.pk, *_ids(Agreement, partner), *_ids(ChecklistTask, partner), *_ids(Certificate, partner)]
    events: QuerySet[Event] = Event.objects.filter(subject_id__in=subjects).select_related("by")
    return list(reversed(events.order_by("-at", "-id")[:LATEST]))


def _ids(model: type[Agreement] | type[ChecklistTask] | type[Certificate], partner: Partner) -> list[object]:
    return list(model.objects.filter(partner=partner).values_list("pk", flat=True))
