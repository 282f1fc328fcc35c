"""What people wrote on records."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models

from prm.tenancy.models import PartnerModel

TIME_TO_MEND = timedelta(minutes=15)


class Comment(PartnerModel):
    """A message on a record's timeline; without a `partner_path` it is a note of the vendor's own people.

    The words stand here and not in the event, because whoever wrote them may mend or take them back for a while. The
    event keeps their digest. `mentions` are people with the name by which they were mentioned.
    """

    subject_type = models.CharField(max_length=60)
    subject_id = models.UUIDField()
    text = models.TextField(max_length=4000)
    mentions = models.JSONField(default=list)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )
    at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta(PartnerModel.Meta):
        indexes = [models.Index(fields=["tenant", "subject_id", "at"], name="comment_of_subject")]

    @property
    def is_internal(self) -> bool:
        return not self.partner_path

    @property
    def mentioned(self) -> set[str]:
        """Return the ids of who is mentioned."""
        return {mention["user"] for mention in self.mentions}

    def may_be_mended(self, user_id: object, at: datetime) -> bool:
        """Say whether somebody may still change or take it back: only who wrote it, and not for long."""
        return self.by_id == user_id and self.removed_at is None and at <= self.at + TIME_TO_MEND
