"""The sealed chain over a tenant's events."""

from django.db import models

from prm.events.models import Event
from prm.tenancy.fields import TenantForeignKey
from prm.tenancy.models import TenantModel


class Seal(TenantModel):
    """An event's place in the tenant's chain: each seal's hash covers its event and the seal before it.

    Only ever added. Seals are made in order by a background job, so writers never wait for each other.
    """

    is_append_only = True

    position = models.BigIntegerField()
    event = TenantForeignKey(Event, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    sealed_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "position"], name="seals_do_not_fork"),
            models.UniqueConstraint(fields=["tenant", "event"], name="an_event_is_sealed_once"),
        ]

    @property
    def short_digest(self) -> str:
        """The beginning of the digest: enough to note and to compare by eye."""
        return self.digest[:12]

    @property
    def mark(self) -> str:
        """What to note elsewhere, and what `verify_audit --head` takes."""
        return f"{self.position}:{self.digest}"
