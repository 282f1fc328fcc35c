"""The types of registrations that a vendor offers its partners."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from deals.enums import DealType
from prm.tenancy.models import TenantModel

SUMMARIES = {
    DealType.RESALE: _("You sell our products"),
    DealType.REFERRAL: _("You introduce, we sell"),
    DealType.SERVICES: _("Your services with our products"),
    DealType.MANAGED: _("You run it for the customer"),
    DealType.RENEWAL: _("The customer stays"),
    DealType.TENDER: _("The customer asks several"),
}


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
        return _in_the_readers_words(self.name, dict(DealType.choices).get(self.code))

    @property
    def hint(self) -> str:
        """Return what it is, likewise."""
        return _in_the_readers_words(self.summary, dict(SUMMARIES).get(self.code))


def _in_the_readers_words(kept: str, came_with: Any) -> str:
    """Return words that the product came with in the reader's language, and what the vendor typed as it is."""
    if came_with is None:
        return kept
    with override(None):
        is_unchanged = kept == str(came_with)
    return str(came_with) if is_unchanged else kept
