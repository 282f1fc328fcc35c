"""Files that people attach to records."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from prm.choices import TextChoices
from prm.tenancy.models import PartnerModel


class File(PartnerModel):
    """An uploaded file: who added it to which record, what it really is, and whether it may be opened.

    `partner_path` says which partner may see it; empty keeps it to the vendor's own people. The content is in the
    storage under `key`, which nobody chose; once removed for good, `content_gone_at` says since when. `pages` is how
    many a document has.
    """

    class Status(TextChoices):
        QUARANTINED = "quarantined", _("Being checked")
        CLEAN = "clean", _("Checked")
        REFUSED = "refused", _("Refused")

    subject_type = models.CharField(max_length=60)
    subject_id = models.UUIDField()
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=120)
    size = models.BigIntegerField()
    pages = models.PositiveIntegerField(null=True, blank=True)
    sha256 = models.CharField(max_length=64)
    key = models.CharField(max_length=200)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.QUARANTINED)
    refusal = models.CharField(max_length=200, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)
    content_gone_at = models.DateTimeField(null=True, blank=True)

    class Meta(PartnerModel.Meta):
        indexes = [
            models.Index(fields=["tenant", "subject_id"], name="file_of_subject"),
            models.Index(
                fields=["tenant", "removed_at"],
                condition=models.Q(removed_at__isnull=False, content_gone_at__isnull=True),
                name="file_to_forget",
            ),
        ]
