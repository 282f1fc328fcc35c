"""What rules about registrations can ask and give.

The vendor's own choices (families, tiers, lists …) are filled in by a query. A catalogue without them reads any
version, also one that names what is gone; one with them has the words for it.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from deals.enums import (
    ActivityKind,
    Combined,
    Contested,
    CountsFrom,
    Course,
    EnteredAs,
    Review,
    Source,
    Stage,
)
from deals.rules import lifecycle
from partners.enums import CertifiedRole, PartnerStatus, PartnerType
from prm.choices import TextChoices
from prm.policies import courses
from prm.policies.fields import Catalogue, Choice, Collection, Effect, Field, Kind, Merge

Choices = tuple[Choice, ...]
NO_TIER = "none"
NO_OPPORTUNITY = "none"


@dataclass(frozen=True)
class Offer:
    """The choices that are the vendor's own."""

    types: Choices = ()
    families: Choices = ()
    distributors: Choices = ()
    products: Choices = ()
    tiers: Choices = ()  # the lowest first
    certifications: Choices = ()
    countries: Choices = ()
    customer_lists: Choices = ()
    product_lists: Choices = ()
    reasons: Choices = ()
    steps: Choices = ()
    calendars: Choices = ()


def catalogue(offer: Offer, custom: tuple[Field, ...] = ()) -> Catalogue:
    """Return everything that rules about registrations can be about; `custom` are fields that the vendor added."""
    return Catalogue(
        (*_registration(offer), *custom, *_partner(offer), *_customer(offer), *_rivals(), *_direct()),
        (_lines(offer), _activities(), _certificates(offer), _registrations(offer), _sales(offer)),
        _effects(offer),
    )


def _of(words: type[TextChoices]) -> Choices:
    return tuple(Choice(word.value, word.label) for word in words)  # type: ignore[attr-defined]


def _registration(offer: Offer) -> tuple[Field, ...]:
    return (
        Field("type", _("type of deal"), Kind.CHOICE, choices=offer.types),
        Field("value", _("value"), Kind.MONEY, help=_("What the partner expects, in its currency.")),
        Field("close_on", _("expected close"), Kind.DAY),
        Field("starts_on", _("expected start"), Kind.DAY),
        Field("stage", _("stage"), Kind.CHOICE, choices=_of(Stage)),
        Field("source", _("source"), Kind.CHOICE, choices=_of(Source), help=_("Who brought the opportunity up.")),
        Field("distributor", _("distributor of the deal"), Kind.CHOICE, choices=offer.distributors),
        Field(
            "names_distributor",
            _("the deal goes through a distributor"),
            Kind.BOOLEAN,
            denial=_("the deal goes through no distributor"),
            help=_("As its partner says in the registration."),
        ),
        Field(
            "entered_as",
            _("entered by"),
            Kind.CHOICE,
            choices=_of(EnteredAs),
            help=_("The partner itself, or somebody on its behalf."),
        ),
        Field(
            "is_tender",
            _("it is a tender"),
            Kind.BOOLEAN,
            denial=_("it is no tender"),
            help=_("By its type, or because a day of publication is given."),
        ),
        Field("tender_published_on", _("publication of the tender"), Kind.DAY),
        Field("submitted_on", _("day of submission"), Kind.DAY),
        Field("files", _("files attached"), Kind.NUMBER, is_whole=True),
        Field("last_activity_on", _("last pre-sales activity"), Kind.DAY),
    )


def _partner(offer: Offer) -> tuple[Field, ...]:
    tiers = (Choice(NO_TIER, _("no tier")), *offer.tiers) if offer.tiers else ()
    return (
        Field("partner_type", _("type of partner"), Kind.CHOICE, choices=_of(PartnerType)),
        Field("partner_status", _("status of the partner"), Kind.CHOICE, choices=_of(PartnerStatus)),
        Field("partner_tier", _("tier of the partner"), Kind.CHOICE, choices=tiers),
        Field("partner_country", _("country of the partner"), Kind.CHOICE, choices=offer.countries),
        Field(
            "partner_regions",
            _("countries that the partner serves"),
            Kind.CHOICES,
            choices=offer.countries,
            help=_("Its own, and those that its profile names."),
        ),
        Field(
            "serves_customer",
            _("the partner serves the customer’s country"),
            Kind.BOOLEAN,
            denial=_("the partner does not serve the customer’s country"),
        ),
        Field("partner_since", _("time as a partner"), Kind.DURATION),
        Field(
            "has_distributor",
            _("the partner buys from a distributor"),
            Kind.BOOLEAN,
            denial=_("the partner buys directly"),
        ),
        Field("agreements", _("signed agreements in force"), Kind.NUMBER, is_whole=True),
        Field("certified_people", _("certified people"), Kind.NUMBER, is_whole=True),
        Field(
            "certified_in_territory",
            _("certified people in the customer’s territory"),
            Kind.NUMBER,
            is_whole=True,
            help=_("The partner’s certified people if it serves the customer’s country, otherwise none."),
        ),
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
            help=_("New is whom no partner has sold to before."),
        ),
        Field(
            "partner_is_incumbent",
            _("the partner sold to the customer last"),
            Kind.BOOLEAN,
            denial=_("the partner did not sell to the customer last"),
            help=_("Of the product families of the deal; before anybody has sold, nobody did."),
        ),
        Field(
            "customer_letter",
            _("the customer chose the partner by letter"),
            Kind.BOOLEAN,
            denial=_("the customer did not choose the partner by letter"),
            help=_("The day of a letter is given, and a file is attached."),
        ),
        Field("customer_lists", _("the customer"), Kind.LISTS, choices=offer.customer_lists),
    )


def _rivals() -> tuple[Field, ...]:
    """These are shown to the vendor only: a partner could tell from them who else is after a customer."""
    return (
        Field(
            "rivals",
            _("other registrations of the customer"),
            Kind.NUMBER,
            is_whole=True,
            help=_("Within the look-back of the terms; those of customers that look alike count, too."),
        ),
        Field("rivals_protected", _("protected registrations of the customer and product"), Kind.NUMBER, is_whole=True),
        Field("rivals_pending", _("undecided registrations of the customer"), Kind.NUMBER, is_whole=True),
        Field("rivals_won", _("won deals with the customer"), Kind.NUMBER, is_whole=True),
    )


def _direct() -> tuple[Field, ...]:
    """What the vendor's own people logged before the registration was sent; shown to the vendor only."""
    return (
        Field(
            "vendor_engaged",
            _("you work at the customer yourself"),
            Kind.BOOLEAN,
            denial=_("you do not work at the customer yourself"),
            help=_("An open opportunity or a touch of your own, logged before the registration was sent."),
        ),
        Field(
            "direct_touches",
            _("touches of your own with the customer"),
            Kind.NUMBER,
            is_whole=True,
            help=_("Within the look-back of the terms, and logged before."),
        ),
        Field(
            "direct_stage",
            _("how far your own opportunity is"),
            Kind.CHOICE,
            choices=(
                Choice(NO_OPPORTUNITY, _("you have none")),
                *(Choice(stage.value, stage.label) for stage in lifecycle.open_stages()),
            ),
            help=_("The furthest of those that are open and were logged before; unknown if nobody logged how far."),
        ),
    )


RIVALS = frozenset({"rivals", "rivals_protected", "rivals_pending", "rivals_won"})
DIRECT = frozenset({"vendor_engaged", "direct_touches", "direct_stage"})
FOR_VENDOR = RIVALS | DIRECT | {"customer_is_new", "customer_lists", "partner_is_incumbent", "distributor"}


def _lines(offer: Offer) -> Collection:
    return Collection(
        "lines",
        _("lines"),
        (
            Field("family", _("product family"), Kind.CHOICE, choices=offer.families),
            Field("product", _("product"), Kind.CHOICE, choices=offer.products),
            Field("quantity", _("quantity"), Kind.NUMBER, is_whole=True),
            Field("product_lists", _("product"), Kind.LISTS, choices=offer.product_lists),
            Field("title", _("name"), Kind.TEXT),
        ),
        named_by="title",
    )


def _activities() -> Collection:
    return Collection(
        "activities",
        _("pre-sales activities"),
        (Field("kind", _("kind"), Kind.CHOICE, choices=_of(ActivityKind)), Field("on", _("day"), Kind.DAY)),
        dated_by="on",
    )


def _certificates(offer: Offer) -> Collection:
    return Collection(
        "certificates",
        _("certificates of the partner"),
        (
            Field("certification", _("certification"), Kind.CHOICE, choices=offer.certifications),
            Field("role", _("role"), Kind.CHOICE, choices=_of(CertifiedRole)),
            Field("holder", _("person"), Kind.TEXT),
            Field("expires_on", _("last valid day"), Kind.DAY),
        ),
        named_by="holder",
    )


def _registrations(offer: Offer) -> Collection:
    return Collection(
        "registrations",
        _("earlier registrations of the partner"),
        (
            Field("on", _("day"), Kind.DAY),
            Field("type", _("type of deal"), Kind.CHOICE, choices=offer.types),
            Field("review", _("review"), Kind.CHOICE, choices=_of(Review)),
            Field("stage", _("stage"), Kind.CHOICE, choices=_of(Stage)),
            Field("is_protected", _("protected"), Kind.BOOLEAN, denial=_("not protected")),
            Field(
                "idle",
                _("time without progress"),
                Kind.DURATION,
                help=_("Since the approval, the last check-in, or the last change of stage."),
            ),
            Field("value", _("value"), Kind.MONEY),
            Field("country", _("country of the customer"), Kind.CHOICE, choices=offer.countries),
        ),
        dated_by="on",
    )


def _sales(offer: Offer) -> Collection:
    return Collection(
        "sales",
        _("sales of the partner"),
        (
            Field("on", _("day"), Kind.DAY),
            Field("value", _("value"), Kind.MONEY),
            Field("country", _("country of the customer"), Kind.CHOICE, choices=offer.countries),
        ),
        dated_by="on",
    )


def _effects(offer: Offer) -> tuple[Effect, ...]:
    return (
        Effect(Field("decision", _("decision"), Kind.CHOICE, choices=_of(Course)), Merge.HIGHEST, is_required=True),
        Effect(
            Field("reason", _("reason for refusing"), Kind.CHOICE, choices=offer.reasons, help=_("Partners see it."))
        ),
        Effect(Field("steps", _("approval steps"), Kind.CHOICES, choices=offer.steps), Merge.UNION),
        Effect(
            Field("guidance", _("what to check"), Kind.TEXT, help=_("Whoever decides reads it beside the decision."))
        ),
        Effect(
            Field("promise_days", _("decision within"), Kind.NUMBER, unit=_("business days"), is_whole=True),
            Merge.LOWEST,
        ),
        Effect(
            Field(
                "promise_hours",
                _("decision within business hours"),
                Kind.NUMBER,
                unit=_("hours"),
                help=_("Counts in place of business days."),
                is_whole=True,
            ),
            Merge.LOWEST,
        ),
        Effect(
            Field(
                "research_days",
                _("more time for research, once"),
                Kind.NUMBER,
                unit=_("business days"),
                help=_("Whoever decides may take it; the partner is told until when."),
                is_whole=True,
            ),
            Merge.LOWEST,
        ),
        courses.calendar(offer.calendars),
        courses.deemed(),
        Effect(
            Field(
                "contested",
                _("if others are after the customer"),
                Kind.CHOICE,
                choices=_of(Contested),
                help=_(
                    "Counts where the rules would approve at once; co-sellers and second partners are approved without "
                    "a protection, and a person may do so, too. Who comes first, the terms say."
                ),
            )
        ),
        Effect(
            Field(
                "discount",
                _("discount on quotes"),
                Kind.NUMBER,
                unit="%",
                help=_("For a protected deal, in place of the usual discount for registrations."),
            ),
            Merge.HIGHEST,
        ),
        Effect(
            Field(
                "points",
                _("points"),
                Kind.NUMBER,
                help=_("What an approval earns the partner; it sees them, and lists have them."),
                is_whole=True,
            ),
            Merge.HIGHEST,
        ),
        Effect(
            Field("entitlement", _("besides, the partner gets"), Kind.TEXT, help=_("In words; the partner reads it.")),
        ),
        Effect(
            Field(
                "second_discount",
                _("discount of a second partner"),
                Kind.NUMBER,
                unit="%",
                help=_("For a deal that is approved beside a protected one, without a protection of its own."),
            ),
            Merge.HIGHEST,
        ),
        Effect(
            Field(
                "second_share",
                _("discount of a second partner, as a share of the first one’s"),
                Kind.NUMBER,
                unit="%",
                help=_("Of the discount on quotes that a rule gives the first partner."),
            ),
            Merge.HIGHEST,
        ),
        Effect(
            Field(
                "second_combined",
                _("of both discounts of a second partner"),
                Kind.CHOICE,
                choices=_of(Combined),
                help=_("Without an answer the higher one counts."),
            )
        ),
        Effect(
            Field("second_points", _("points of a second partner"), Kind.NUMBER, is_whole=True),
            Merge.HIGHEST,
        ),
        Effect(Field("protection", _("protection"), Kind.DURATION), Merge.HIGHEST),
        Effect(Field("protection_from", _("protection counts from"), Kind.CHOICE, choices=_of(CountsFrom))),
        Effect(Field("extension", _("extension"), Kind.DURATION), Merge.HIGHEST),
        Effect(Field("extension_limit", _("extensions at most"), Kind.NUMBER, is_whole=True), Merge.HIGHEST),
        Effect(
            Field(
                "check_in_days",
                _("check-in every"),
                Kind.NUMBER,
                unit=_("days"),
                help=_("The partner confirms that the deal is alive; 0 asks for none."),
                is_whole=True,
            ),
            Merge.LOWEST,
        ),
    )


ANYTHING = catalogue(Offer())
