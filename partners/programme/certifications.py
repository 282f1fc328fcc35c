"""What certifications are in the file of a vendor's programme."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from partners.forms.certifications import CertificationForm
from partners.models import Certification
from partners.services import certifications
from prm.programme.sections import Taking, rows


def _save(kept: Certification | None, form: CertificationForm, taking: Taking) -> None:
    if kept is None:
        certifications.keep(form.course, by=taking.by, at=taking.at)
    else:
        certifications.change(kept, form.course, seen=kept.revision, by=taking.by, at=taking.at)


rows(
    "certifications",
    gettext_lazy("Certifications"),
    order=35,
    keys=("name",),
    values=("name", "role", "valid_months", "description", "is_active"),
    kept=lambda: list(Certification.objects.order_by("name")),
    form=CertificationForm,
    save=_save,
    ids=lambda: dict(Certification.objects.values_list("pk", "name")),
)
