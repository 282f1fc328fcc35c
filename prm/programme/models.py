"""Files of a programme that were brought here: looked at first, then taken over or put aside."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from prm.tenancy.models import VendorModel

PERSON = {
    "to": settings.AUTH_USER_MODEL,
    "on_delete": models.PROTECT,
    "db_constraint": False,
    "db_index": False,
    "related_name": "+",
}


class ProgrammeFile(VendorModel):
    """A file as it was brought; once it is taken over, `changes` says in how many places it changed something."""

    name = models.CharField(max_length=120)
    text = models.TextField()
    brought_by = models.ForeignKey(**PERSON)
    brought_at = models.DateTimeField()
    effective_on = models.DateField(null=True, blank=True)
    taken_by = models.ForeignKey(**PERSON, null=True, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)
    changes = models.PositiveIntegerField(null=True, blank=True)

    class Meta(VendorModel.Meta):
        indexes = [models.Index(fields=["tenant", "brought_at"], name="programme_files_by_time")]

    def __str__(self) -> str:
        return self.name
