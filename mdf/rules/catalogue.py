"""What rules about requests for funds and about claims can ask and give; a query fills in the vendor's own choices."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from deals.rules import known as known_sales
from mdf.enums import ProofKind, RequestStatus
from mdf.rules.preflight import Check
from partners.rules import known
from prm.policies import courses
from prm.policies.courses import choices_of
from prm.policies.fields import Catalogue, Choice, Collection, Effect, Field, Kind

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
    calendars: Choices = ()


def catalogue(offer: Offer, custom: tuple[Field, ...] = ()) -> Catalogue:
    """Return everything that rules about requests can be about; `custom` are fields that the vendor added."""
    collections = (_lines(), _requests(offer), _claims(), known_sales.sales(offer.countries))
    fields = (*_request(offer), *custom, *known.fields(offer.tiers, offer.countries))
    return Catalogue(fields, collections, (*_decided(offer), courses.deemed()))


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


def _decided(offer: Offer) -> tuple[Effect, ...]:
    return courses.effects(offer.reasons, offer.steps, offer.calendars)


def for_claims(offer: Offer, custom: tuple[Field, ...] = ()) -> Catalogue:
    """Return everything that rules about claims can be about."""
    fields = (*of_claims(offer).fields[:-2], *_claim(), *custom, *known.fields(offer.tiers, offer.countries))
    collections = (_claim_lines(), _claims(), known_sales.sales(offer.countries))
    return Catalogue(fields, collections, (*_decided(offer), courses.deemed()))


def _claim() -> tuple[Field, ...]:
    return (
        Field("recommended", _("amount that is covered"), Kind.MONEY, help=_("What the plan and the checks allow.")),
        Field("promised", _("amount approved for the activity"), Kind.MONEY),
        Field("over_plan", _("costs over the plan"), Kind.MONEY, help=_("Claimed, but not covered.")),
        Field("since_end", _("time since the activity ended"), Kind.DURATION),
        Field("left", _("time left until the deadline"), Kind.DURATION),
        Field("findings", _("what stands out"), Kind.CHOICES, choices=FLAGS),
        Field("flags", _("number of things that stand out"), Kind.NUMBER, is_whole=True),
        Field("proofs", _("kinds of proof attached"), Kind.CHOICES, choices=choices_of(ProofKind)),
        Field(
            "proof_is_whole", _("every proof of the activity is there"), Kind.BOOLEAN, denial=_("a proof is missing")
        ),
        Field("files", _("files attached"), Kind.NUMBER, is_whole=True),
        Field("leads_won", _("leads won"), Kind.NUMBER, is_whole=True),
        Field(
            "is_first", _("it is the partner’s first claim"), Kind.BOOLEAN, denial=_("the partner has claimed before")
        ),
    )


# Of what is checked, what may stand out of a claim that was sent.
FLAGS = (
    Choice(Check.SAME_FILE, _("a file was used before")),
    Choice(Check.SAME_INVOICE, _("an invoice was used before")),
    Choice(Check.PLAN, _("a cost is not covered by the plan")),
    Choice(Check.RESERVED, _("more than is reserved")),
    Choice(Check.INVOICE_DATE, _("an invoice is from another time")),
    Choice(Check.PAID, _("not shown to be paid")),
)


def _claim_lines() -> Collection:
    return Collection(
        "lines",
        _("costs"),
        (
            Field("what", _("name"), Kind.TEXT),
            Field("cost", _("cost"), Kind.MONEY),
            Field("asked", _("amount asked for"), Kind.MONEY),
            Field("covered", _("amount that is covered"), Kind.MONEY),
            Field("planned", _("planned cost"), Kind.MONEY),
            Field("is_planned", _("it was planned"), Kind.BOOLEAN, denial=_("it was not planned")),
            Field("invoice_on", _("day of the invoice"), Kind.DAY),
        ),
        named_by="what",
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
ANY_CLAIM = for_claims(Offer())
