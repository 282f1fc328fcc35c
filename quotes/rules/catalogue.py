"""What rules about quotes can ask and give. The vendor's own choices are filled in by a query."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from deals.rules import known as known_sales
from partners.rules import known
from prm.choices import TextChoices
from prm.policies import courses
from prm.policies.courses import choices_of
from prm.policies.fields import Catalogue, Choice, Collection, Effect, Field, Kind, Merge
from quotes.enums import Status

AREA = "quotes.quote"
Choices = tuple[Choice, ...]


class Ladder(TextChoices):
    """What becomes of the discount ladder of the terms where rules name steps, the strictest last."""

    INSTEAD = "instead", _("asks nobody: these steps stand in its place")
    TOO = "too", _("asks, too")


@dataclass(frozen=True)
class Offer:
    """The choices that are the vendor's own."""

    families: Choices = ()
    products: Choices = ()
    tiers: Choices = ()  # the lowest first
    countries: Choices = ()
    currencies: Choices = ()
    customer_lists: Choices = ()
    product_lists: Choices = ()
    reasons: Choices = ()
    steps: Choices = ()
    calendars: Choices = ()


def catalogue(offer: Offer, custom: tuple[Field, ...] = ()) -> Catalogue:
    """Return everything that rules about quotes can be about; `custom` are fields that the vendor added to partners."""
    fields = (*_quote(offer), *custom, *known.fields(offer.tiers, offer.countries), *_customer(offer))
    collections = (_lines(offer), _quotes(), known_sales.sales(offer.countries))
    return Catalogue(fields, collections, (*courses.effects(offer.reasons, offer.steps, offer.calendars), LADDER))


LADDER = Effect(
    Field(
        "ladder",
        _("the discount ladder"),
        Kind.CHOICE,
        choices=choices_of(Ladder),
        help=_("Where a rule names approval steps. It asks, too, unless a rule says otherwise."),
    ),
    Merge.HIGHEST,
)


def _quote(offer: Offer) -> tuple[Field, ...]:
    return (
        Field("value", _("net value"), Kind.MONEY),
        Field("list_value", _("value at list prices"), Kind.MONEY),
        Field("currency", _("currency"), Kind.CHOICE, choices=offer.currencies),
        Field("discount", _("discount on the whole"), Kind.PERCENT, help=_("Everything off the list price.")),
        Field("special", _("highest special discount"), Kind.PERCENT, help=_("Of all lines.")),
        Field(
            "margin",
            _("margin of the whole"),
            Kind.PERCENT,
            help=_("Of the net value, where the cost of every product is known."),
            is_internal=True,
        ),
        Field(
            "below_floor",
            _("a line is below the margin floor of the terms"),
            Kind.BOOLEAN,
            denial=_("no line is below the margin floor of the terms"),
            is_internal=True,
        ),
        Field("valid_until", _("last valid day"), Kind.DAY),
        Field("validity", _("validity"), Kind.DURATION, help=_("From today to its last day.")),
        Field("revision", _("number of the revision"), Kind.NUMBER, is_whole=True),
        Field(
            "has_registration",
            _("it belongs to a registration"),
            Kind.BOOLEAN,
            denial=_("it belongs to no registration"),
        ),
        Field(
            "is_protected",
            _("the customer is protected for the partner"),
            Kind.BOOLEAN,
            denial=_("the customer is not protected for the partner"),
            help=_("By the registration that it belongs to."),
        ),
        Field("certified_people", _("certified people"), Kind.NUMBER, is_whole=True),
    )


def _customer(offer: Offer) -> tuple[Field, ...]:
    return (
        Field("customer_name", _("name of the customer"), Kind.TEXT),
        Field("customer_country", _("country of the customer"), Kind.CHOICE, choices=offer.countries),
        Field(
            "customer_is_new",
            _("the customer is new"),
            Kind.BOOLEAN,
            denial=_("the customer has bought before"),
            help=_("New is whom no partner has sold to before. Known where it belongs to a registration."),
        ),
        Field("customer_lists", _("the customer"), Kind.LISTS, choices=offer.customer_lists),
    )


def _lines(offer: Offer) -> Collection:
    return Collection(
        "lines",
        _("lines"),
        (
            Field("family", _("product family"), Kind.CHOICE, choices=offer.families),
            Field("product", _("product"), Kind.CHOICE, choices=offer.products),
            Field("product_lists", _("product"), Kind.LISTS, choices=offer.product_lists),
            Field("quantity", _("quantity"), Kind.NUMBER, is_whole=True),
            Field("list_value", _("value at list prices"), Kind.MONEY),
            Field("value", _("net value"), Kind.MONEY),
            Field("discount", _("discount off the list price"), Kind.PERCENT),
            Field("special", _("special discount"), Kind.PERCENT),
            Field("margin", _("margin"), Kind.PERCENT, is_internal=True),
            Field("title", _("name"), Kind.TEXT),
        ),
        named_by="title",
    )


def _quotes() -> Collection:
    return Collection(
        "quotes",
        _("earlier quotes of the partner"),
        (
            Field("on", _("day"), Kind.DAY),
            Field("status", _("state"), Kind.CHOICE, choices=choices_of(Status)),
            Field("value", _("net value"), Kind.MONEY),
            Field("discount", _("discount on the whole"), Kind.PERCENT),
        ),
        dated_by="on",
    )


ANYTHING = catalogue(Offer())
