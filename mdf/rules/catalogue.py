"""What rules about requests for marketing funds can ask and give. The vendor's own choices are filled in by a query."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from deals.rules import known as known_sales
from mdf.enums import RequestStatus
from partners.rules import known
from prm.policies import courses
from prm.policies.courses import choices_of
from prm.policies.fields import Catalogue, Choice, Collection, Field, Kind

AREA, CLAIM = "mdf.request", "mdf.claim"
Choices = tuple[Choice, ...]


@dataclass(frozen=True)
class Offer:
    """The choices that are the vendor's own."""

    funds: Choices = ()
    activity_types: Choices = ()
    tiers: Choices = ()  # the lowest first
    countries: Choices = ()
    reasons: Choices = ()
    steps: Choices = ()


def catalogue(offer: Offer, custom: tuple[Field, ...] = ()) -> Catalogue:
    """Return everything that rules about requests can be about; `custom` are fields that the vendor added."""
    collections = (_lines(), _requests(offer), _claims(), known_sales.sales(offer.countries))
    fields = (*_request(offer), *custom, *known.fields(offer.tiers, offer.countries))
    return Catalogue(fields, collections, courses.effects(offer.reasons, offer.steps))


def of_claims(offer: Offer) -> Catalogue:
    """Return what custom fields of claims can depend on."""
    found = {field.name: field for field in (*_request(offer), *known.fields(offer.tiers, offer.countries))}
    return Catalogue(
        (
            Field("asked", _("amount asked for"), Kind.MONEY, help=_("The vendor’s share, in the fund’s currency.")),
            Field("cost", _("costs claimed"), Kind.MONEY),
            *(found[name] for name in ("fund", "activity_type")),
            Field("settled_on", _("day by which all invoices were paid"), Kind.DAY),
            Field("is_final", _("it is the last claim"), Kind.BOOLEAN, denial=_("it is not the last claim")),
            *(found[name] for name in ("partner_type", "partner_country")),
        )
    )


def _request(offer: Offer) -> tuple[Field, ...]:
    return (
        Field("asked", _("amount asked for"), Kind.MONEY, help=_("The vendor’s share, in the fund’s currency.")),
        Field("planned", _("planned costs"), Kind.MONEY),
        Field("share", _("share of the costs"), Kind.PERCENT),
        Field("available", _("available to the partner"), Kind.MONEY, help=_("Of its share of the fund.")),
        Field("fund", _("fund"), Kind.CHOICE, choices=offer.funds),
        Field("activity_type", _("kind of activity"), Kind.CHOICE, choices=offer.activity_types),
        Field("title", _("title"), Kind.TEXT),
        Field("starts_on", _("first day of the activity"), Kind.DAY),
        Field("ends_on", _("last day of the activity"), Kind.DAY),
        Field("submitted_on", _("day of submission"), Kind.DAY),
        Field("notice", _("notice before the activity"), Kind.DURATION),
        Field("expected_leads", _("expected leads"), Kind.NUMBER, is_whole=True),
        Field("expected_revenue", _("expected revenue"), Kind.MONEY),
        Field("has_deal", _("it belongs to a deal"), Kind.BOOLEAN, denial=_("it belongs to no deal")),
        Field("files", _("files attached"), Kind.NUMBER, is_whole=True),
    )


def _lines() -> Collection:
    return Collection(
        "lines",
        _("costs"),
        (
            Field("what", _("name"), Kind.TEXT),
            Field("planned", _("planned cost"), Kind.MONEY),
            Field("asked", _("amount asked for"), Kind.MONEY),
        ),
        named_by="what",
    )


def _requests(offer: Offer) -> Collection:
    return Collection(
        "requests",
        _("earlier requests of the partner"),
        (
            Field("on", _("day"), Kind.DAY),
            Field("activity_type", _("kind of activity"), Kind.CHOICE, choices=offer.activity_types),
            Field("status", _("state"), Kind.CHOICE, choices=choices_of(RequestStatus)),
            Field("asked", _("amount asked for"), Kind.MONEY),
            Field("approved", _("amount approved"), Kind.MONEY),
        ),
        dated_by="on",
    )


def _claims() -> Collection:
    return Collection(
        "claims",
        _("earlier claims of the partner"),
        (
            Field("on", _("day"), Kind.DAY),
            Field("asked", _("amount asked for"), Kind.MONEY),
            Field("approved", _("amount approved"), Kind.MONEY),
        ),
        dated_by="on",
    )


ANYTHING = catalogue(Offer())
