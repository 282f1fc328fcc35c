"""Documents, and private ones that a partner keeps to itself."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from prm.choices import TextChoices
from prm.documents.kinds import KINDS, Kind
from prm.tenancy.models import FirmModel, PartnerModel


class Status(TextChoices):
    WAITING = "waiting", _("Waiting")
    RENDERING = "rendering", _("Being written")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Failed")


class AnyDocument(models.Model):
    """A document about a record: the facts it states, and once it is ready, the file.

    `facts` and `letterhead` are what was true when it was asked for; nothing else goes into the file, which is why the
    same bytes come out of them again. `code` is printed on it: whoever holds it may check that it is genuine.
    """

    kind = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=60)
    subject_id = models.UUIDField()
    number = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=200)
    language = models.CharField(max_length=8)
    facts = models.JSONField()
    letterhead = models.JSONField()
    code = models.CharField(max_length=24)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    problem = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.BigIntegerField(null=True, blank=True)
    key = models.CharField(max_length=200, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    requested_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title

    @property
    def kind_of_document(self) -> Kind:
        return KINDS[self.kind]

    @property
    def is_ready(self) -> bool:
        return self.status == Status.READY

    @property
    def is_awaited(self) -> bool:
        """Say whether the worker will still write it."""
        return self.status in (Status.WAITING, Status.RENDERING)

    @property
    def file_name(self) -> str:
        """Return how the file is called when saved: what it is and its number."""
        return "-".join(filter(None, [self.kind_of_document.file_name, self.number])) + ".pdf"

    @property
    def spoken_code(self) -> str:
        """Return the code in groups of four, as it is printed."""
        return "-".join(self.code[at : at + 4] for at in range(0, len(self.code), 4))


def _kept_straight(name: str) -> list[models.BaseConstraint]:
    return [
        models.UniqueConstraint(fields=["tenant", "code"], name=f"{name}_has_its_own_code"),
        models.CheckConstraint(condition=Q(status__in=Status.values), name=f"{name}_status_is_known"),
        models.CheckConstraint(
            condition=~Q(status=Status.READY) | Q(ready_at__isnull=False, size__gt=0) & ~Q(sha256="") & ~Q(key=""),
            name=f"ready_{name}_has_a_file",
        ),
    ]


class Document(AnyDocument, PartnerModel):
    """A document that the vendor sees and the partner whose path it carries; empty is the vendor's own."""

    class Meta(PartnerModel.Meta):
        constraints = _kept_straight("document")
        indexes = [
            models.Index(fields=["tenant", "subject_id", "requested_at"], name="document_of_subject"),
            models.Index(fields=["tenant", "requested_at"], condition=~Q(status="ready"), name="document_not_ready"),
        ]


class PrivateDocument(AnyDocument, FirmModel):
    """A document of a partner's own, out of the vendor's sight."""

    class Meta(FirmModel.Meta):
        constraints = _kept_straight("private_document")
        indexes = [
            models.Index(fields=["tenant", "subject_id", "requested_at"], name="private_document_of_subject"),
            models.Index(
                fields=["tenant", "requested_at"], condition=~Q(status="ready"), name="private_document_not_ready"
            ),
        ]


BOTH: tuple[type[Document | PrivateDocument], ...] = (Document, PrivateDocument)
