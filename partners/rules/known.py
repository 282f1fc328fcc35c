"""What rules of any area can ask about the partner."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from partners.enums import PartnerStatus, PartnerType
from prm.policies.courses import choices_of
from prm.policies.fields import Choice, Field, Kind

NO_TIER = "none"


def fields(tiers: tuple[Choice, ...], countries: tuple[Choice, ...]) -> tuple[Field, ...]:
    """Return the fields about the partner; the tiers are the vendor's own, the lowest first."""
    ranked = (Choice(NO_TIER, _("no tier")), *tiers) if tiers else ()
    return (
        Field("partner_type", _("type of partner"), Kind.CHOICE, choices=choices_of(PartnerType)),
        Field("partner_status", _("status of the partner"), Kind.CHOICE, choices=choices_of(PartnerStatus)),
        Field("partner_tier", _("tier of the partner"), Kind.CHOICE, choices=ranked),
        Field("partner_country", _("country of the partner"), Kind.CHOICE, choices=countries),
        Field(
            "has_distributor",
            _("the partner buys from a distributor"),
            Kind.BOOLEAN,
            denial=_("the partner buys directly"),
        ),
        Field("partner_since", _("time as a partner"), Kind.DURATION),
    )
