"""The types of registrations that a vendor offers its partners."""

from django.db import models
from django.utils.translation import gettext

from prm.tenancy.models import TenantModel


class RegistrationType(TenantModel):
    """A kind of deal that can be registered; rules and custom fields ask for it by its code.

    Until a vendor changes something, it has no rows, and those that the product comes with.
    """

    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=60)
    summary = models.CharField(max_length=120, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)  # can be chosen; what was registered keeps it

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="registration_type_codes_differ")]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Return the name; one that the product came with, in the reader's language."""
        return gettext(self.name) if self.name else ""

    @property
    def hint(self) -> str:
        """Return what it is, likewise."""
        return gettext(self.summary) if self.summary else ""
