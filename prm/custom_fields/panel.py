"""The custom fields of a record as its page shows them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from prm.custom_fields import queries
from prm.custom_fields.kinds import KINDS


def of(kind: str, record: Any, request: HttpRequest) -> dict[str, Any]:
    """Return what a person may know of a record, under the vendor's headings, and where they may change it."""
    if kind not in request.profile.asks_more_of:
        return {"sections": [], "change_url": ""}
    declared, member, at = KINDS[kind], request.member, timezone.now()
    schema = queries.schema_of(declared)
    known = queries.values_of(declared, [record], for_vendor=member.is_vendor, at=at, schema=schema)[record.pk]
    is_asked = any(not definition.is_retired for definition in schema.definitions)
    can_change = is_asked and member.is_vendor and member.has(declared.permission)
    return {
        "sections": queries.sections(known),
        "change_url": reverse("custom-field-answers", args=[kind, record.pk]) if can_change else "",
    }
