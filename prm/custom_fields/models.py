"""The custom fields that a vendor defined."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from prm.custom_fields.definitions import Definition, FieldType, options_from
from prm.tenancy.models import TenantModel


class CustomField(TenantModel):
    """Something that a vendor asks of every record of a kind. It is never deleted: what was answered keeps its name."""

    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=40)
    label = models.CharField(_("label"), max_length=120)
    help = models.CharField(_("help"), max_length=300, blank=True)
    type = models.CharField(_("type"), max_length=12, choices=FieldType.choices)
    options = models.JSONField(default=list, blank=True)
    section = models.CharField(_("section"), max_length=80, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_internal = models.BooleanField(default=False)
    is_required = models.BooleanField(default=False)
    required_when = models.JSONField(null=True, blank=True)
    shown_when = models.JSONField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "kind", "key"], name="custom_field_keys_differ"),
            models.CheckConstraint(condition=Q(type__in=FieldType.values), name="custom_field_type_is_known"),
            models.CheckConstraint(condition=Q(key__regex=r"^[a-z][a-z0-9_]{0,39}$"), name="custom_field_key_is_plain"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def definition(self) -> Definition:
        """Return what is asked, as rules know it."""
        return Definition(
            key=self.key,
            label=self.label,
            type=FieldType(self.type),
            help=self.help,
            options=options_from(self.options),
            section=self.section,
            is_internal=self.is_internal,
            is_required=self.is_required,
            required_when=self.required_when,
            shown_when=self.shown_when,
            is_retired=self.retired_at is not None,
        )
