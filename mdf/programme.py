"""What the kinds of activity are in the file of a vendor's programme."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from mdf.forms.funds import ActivityTypeForm
from mdf.models import ActivityType
from mdf.services import activity_types
from prm.programme.sections import Taking, rows


def _save(kind: ActivityType | None, form: ActivityTypeForm, taking: Taking) -> None:
    if kind is None:
        activity_types.add(form.values, by=taking.by, at=taking.at)
    else:
        activity_types.change(kind, form.values, version=kind.version, by=taking.by, at=taking.at)


rows(
    "activity_types",
    gettext_lazy("Kinds of marketing activity"),
    order=40,
    keys=("code",),
    values=("code", "name", "help", "proofs_all", "proofs_any", "is_active"),
    kept=lambda: list(ActivityType.objects.order_by("position", "code")),
    form=ActivityTypeForm,
    save=_save,
    ids=lambda: dict(ActivityType.objects.values_list("pk", "code")),
)
