"""What rules about applications can ask and give, and what custom fields of partners and applications can depend on.

Fields depend on what the firm itself knows only.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from partners.enums import PartnerStatus, PartnerType
from prm.policies import courses
from prm.policies.courses import choices_of
from prm.policies.fields import Catalogue, Choice, Collection, Field, Kind

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


@dataclass(frozen=True)
class Offer:
    """The choices that are the vendor's own."""

    countries: Choices = ()
    tiers: Choices = ()  # the lowest first
    questions: Choices = ()
    reasons: Choices = ()
    steps: Choices = ()
    calendars: Choices = ()


def for_applications(offer: Offer, custom: tuple[Field, ...] = ()) -> Catalogue:
    """Return everything that rules about applications can be about."""
    fields = (*_company(offer.countries), *_applicant(offer), *custom)
    effects = (*courses.effects(offer.reasons, offer.steps, offer.calendars), courses.deemed())
    return Catalogue(fields, (_answers(offer),), effects)


def _applicant(offer: Offer) -> tuple[Field, ...]:
    return (
        Field("company_name", _("name of the company"), Kind.TEXT),
        Field("website", _("domain of the website"), Kind.TEXT),
        Field("score", _("points of the answers"), Kind.NUMBER, is_whole=True, is_internal=True),
        Field(
            "score_percent",
            _("share of the points"),
            Kind.PERCENT,
            help=_("Of all that can be reached."),
            is_internal=True,
        ),
        Field("tier", _("tier that its points suggest"), Kind.CHOICE, choices=offer.tiers, is_internal=True),
        Field(
            "type_by_answers",
            _("type that its answers suggest"),
            Kind.CHOICE,
            choices=choices_of(PartnerType),
            is_internal=True,
        ),
        Field(
            "has_free_mail",
            _("the address is one that anybody can have"),
            Kind.BOOLEAN,
            denial=_("the address belongs to a company"),
        ),
        Field(
            "mail_fits",
            _("the address belongs to the website"),
            Kind.BOOLEAN,
            denial=_("the address does not belong to the website"),
        ),
        Field("is_rival", _("it is a competitor"), Kind.BOOLEAN, denial=_("it is no competitor"), is_internal=True),
        Field(
            "tax_id_is_valid",
            _("the tax number can exist"),
            Kind.BOOLEAN,
            denial=_("the tax number cannot exist"),
            help=_("Known where it was given and can be checked."),
        ),
        Field(
            "duplicates",
            _("partners and applications that may be the same"),
            Kind.NUMBER,
            is_whole=True,
            is_internal=True,
        ),
        Field(
            "is_known",
            _("it surely is a partner already"),
            Kind.BOOLEAN,
            denial=_("it is not surely a partner already"),
            is_internal=True,
        ),
    )


def _answers(offer: Offer) -> Collection:
    return Collection(
        "answers",
        _("answers"),
        (
            Field("question", _("question"), Kind.CHOICE, choices=offer.questions),
            Field("text", _("answer"), Kind.TEXT, help=_("Of a choice, its key.")),
            Field("number", _("figure"), Kind.NUMBER),
            Field("is_yes", _("the answer is yes"), Kind.BOOLEAN, denial=_("the answer is no")),
        ),
        named_by="question",
    )


def _company(countries: Choices) -> tuple[Field, ...]:
    return (
        Field("type", _("type of partner"), Kind.CHOICE, choices=choices_of(PartnerType)),
        Field("country", _("country"), Kind.CHOICE, choices=countries),
    )


ANY_APPLICATION = for_applications(Offer())
