"""The files of a record, as far as the current actor may see them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from prm.files.models import File
from prm.tenancy import context
from prm.tenancy.models import TenantModel


def of(subject: TenantModel) -> QuerySet:
    """The files on a record, oldest first."""
    return File.objects.filter(subject_id=subject.pk, removed_at__isnull=True).order_by("added_at", "id")


def entry(file: File) -> dict[str, Any]:
    """Return a file as the list of files shows it; who added it can remove it there."""
    is_clean, is_own = file.status == File.Status.CLEAN, file.added_by_id == context.current().user_id
    return {
        "id": file.pk,
        "name": file.name,
        "size": file.size,
        "note": _note(file),
        "url": reverse("file", args=[file.pk]) if is_clean else "",
        "remove_url": reverse("file-removal", args=[file.pk]) if is_own else "",
    }


def _note(file: File) -> str:
    if file.status == File.Status.REFUSED:
        return render_to_string(f"files/refusals/{file.refusal}.txt", {"name": file.name}).strip()
    if file.status == File.Status.QUARANTINED:
        return _("being checked")
    return "" if file.partner_path else _("internal")
