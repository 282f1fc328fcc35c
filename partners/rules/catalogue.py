"""What custom fields of partners and of applications can depend on: only what the firm itself knows."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from partners.enums import PartnerStatus, PartnerType
from prm.policies.courses import choices_of
from prm.policies.fields import Catalogue, Choice, Field, Kind

APPLICATION, PARTNER = "partners.application", "partners.partner"
NO_TIER = "none"
Choices = tuple[Choice, ...]


def of_applicants(countries: Choices = ()) -> Catalogue:
    """Return what fields of applications can depend on."""
    return Catalogue(_company(countries))


def of_partners(countries: Choices = (), tiers: Choices = ()) -> Catalogue:
    """Return what fields of partners can depend on; the lowest tier comes first."""
    levels = (Choice(NO_TIER, _("no tier")), *tiers) if tiers else ()
    return Catalogue(
        (
            *_company(countries),
            Field("status", _("status of the partner"), Kind.CHOICE, choices=choices_of(PartnerStatus)),
            Field("tier", _("tier of the partner"), Kind.CHOICE, choices=levels),
            Field("joined_on", _("day of joining"), Kind.DAY),
            Field(
                "has_distributor",
                _("the partner buys from a distributor"),
                Kind.BOOLEAN,
                denial=_("the partner buys directly"),
            ),
        )
    )


def _company(countries: Choices) -> tuple[Field, ...]:
    return (
        Field("type", _("type of partner"), Kind.CHOICE, choices=choices_of(PartnerType)),
        Field("country", _("country"), Kind.CHOICE, choices=countries),
    )
