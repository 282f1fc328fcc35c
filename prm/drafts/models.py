"""Records that begin as drafts."""

from __future__ import annotations

from django.db import models

from prm.tenancy.models import PartnerModel


class DraftModel(PartnerModel):
    """A record that begins as a draft of its partner; thrown away, nobody finds it until it is put back.

    Subclasses have a constraint that only drafts are thrown away.
    """

    can_be_thrown_away = True

    thrown_away_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta(PartnerModel.Meta):
        abstract = True
