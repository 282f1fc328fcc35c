"""What rules of other areas can ask about the sales of a partner."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from prm.policies.fields import Choice, Collection, Field, Kind


def sales(countries: tuple[Choice, ...]) -> Collection:
    """Return the sales of the partner as a collection."""
    return Collection(
        "sales",
        _("sales of the partner"),
        (
            Field("on", _("day"), Kind.DAY),
            Field("value", _("value"), Kind.MONEY),
            Field("country", _("country of the customer"), Kind.CHOICE, choices=countries),
        ),
        dated_by="on",
    )
