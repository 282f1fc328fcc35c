"""The terms of registrations as an administrator reads and changes them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from deals.enums import Criterion
from deals.rules.terms import LIMITS, Terms
from prm.policies.fields import Choice, Field, Kind, Label
from prm.policies.terms import Term

MOST_DAYS_BEFORE = 366


def _number(name: str, label: Label, unit: Label = "", help: Label = "") -> Term:
    field = Field(name, label, Kind.NUMBER, unit=unit, help=help, is_whole=True)
    return Term(field, getattr(Terms(), name), *LIMITS[name])


def _yes_or_no(name: str, label: Label) -> Term:
    return Term(Field(name, label, Kind.BOOLEAN), getattr(Terms(), name))


TERMS = (
    _number(
        "decision_business_days",
        _("decision within"),
        _("business days"),
        _("What partners are promised unless a rule says otherwise."),
    ),
    _number("answer_days", _("time to answer a question"), _("days"), _("After it the registration lapses.")),
    _number(
        "appeal_days",
        _("time to appeal a rejection"),
        _("days"),
        _("Somebody who had no part in it then decides for good. With 0 days nobody can appeal."),
    ),
    _number("appeal_business_days", _("an appeal is decided within"), _("business days")),
    _number(
        "protection_days",
        _("protection"),
        _("days"),
        _("From the approval on, unless a rule or the partner’s tier gives another time."),
    ),
    _number("extension_days", _("extension"), _("days")),
    _number("extension_limit", _("extensions at most")),
    Term(
        Field(
            "reminder_days",
            _("reminders before the end"),
            Kind.NUMBER,
            unit=_("days"),
            help=_("How many days before protection ends, with commas in between."),
            is_whole=True,
        ),
        Terms().reminder_days,
        1,
        MOST_DAYS_BEFORE,
    ),
    _number(
        "check_in_days",
        _("check-in every"),
        _("days"),
        _("The partner confirms that a protected deal is alive. With 0 days nobody is asked."),
    ),
    _number("check_in_reminder_days", _("reminder before a check-in"), _("days")),
    _number("check_in_grace_days", _("grace after a missed check-in"), _("days"), _("Counted from the warning.")),
    _yes_or_no("releases_unconfirmed", _("after the grace the protection is released")),
    _number(
        "idle_limit",
        _("protected deals without movement that a partner may have"),
        "",
        _("Whoever has as many reads a warning when registering another. With 0 nobody does. A rule can refuse."),
    ),
    _number(
        "idle_days",
        _("a deal is without movement after"),
        _("days"),
        _("Without a check-in or a change of stage since the approval."),
    ),
    _number(
        "reopen_days",
        _("time to reopen a won or lost deal"),
        _("days"),
        _("The sale is taken back then. With 0 days nobody can reopen one."),
    ),
    _yes_or_no("win_needs_proof", _("a won deal needs a file that proves it")),
    _number(
        "win_after_hours",
        _("earliest win after the registration"),
        _("hours"),
        _("A win before it is marked, and the manager is told. With 0 hours none is."),
    ),
    _yes_or_no("refuses_early_win", _("a win before it is not possible")),
    _number(
        "look_back_days",
        _("look-back"),
        _("days"),
        _("Older registrations of the same customer count only while they are protected."),
    ),
    _number(
        "direct_opportunity_days",
        _("look-back among opportunities of your own"),
        _("days"),
        _("Counts from the day it was opened, and only for what was logged before the registration was sent."),
    ),
    _number(
        "direct_touch_days",
        _("look-back among touches of your own"),
        _("days"),
        _("Counts from the day of the touch, and only for what was logged before the registration was sent."),
    ),
    _number(
        "existing_customer_days",
        _("who bought is an existing customer for"),
        _("days"),
        _("Counts from the last sale. Whoever decides is told; it stops nobody by itself."),
    ),
    _yes_or_no("distributors_register", _("distributors register deals on behalf of their resellers")),
    Term(
        Field(
            "precedence",
            _("who comes first of those who want the same customer and product"),
            Kind.CHOICES,
            choices=tuple(Choice(criterion.value, criterion.label) for criterion in Criterion),
            help=_(
                "The first criterion decides; the next one where that leaves them equal. What is not known of all "
                "decides nothing. The earlier submission decides last in any case."
            ),
        ),
        tuple(criterion.value for criterion in Terms().precedence),
    ),
    _yes_or_no("ends_others", _("a won deal ends those of other partners that were approved beside it")),
    _yes_or_no("opens_cases", _("a conflict case opens where two partners are surely after one customer and product")),
    _number(
        "evidence_business_days",
        _("time to bring evidence in a conflict case"),
        _("business days"),
        _("After it the case goes on without."),
    ),
    _number(
        "amendment_value_percent",
        _("value of an approved deal that a partner may add by itself"),
        _("%"),
        _("Counted from the value that was agreed to last. More needs a decision, and so does another product family."),
    ),
    _yes_or_no("amendment_type_decided", _("another type of an approved deal needs a decision")),
    _yes_or_no("amendment_close_decided", _("a close date after the protection has ended needs a decision")),
    _yes_or_no("amendment_all_decided", _("every change of an approved deal needs a decision")),
    _yes_or_no("discloses_direct", _("partners see that you work at a customer yourself")),
    _yes_or_no("offers_next", _("when a customer is free again, the manager is told who is next in line")),
    _yes_or_no("tells_next", _("a refused partner that is next in line is told that it may ask again")),
    _yes_or_no("discloses_products", _("partners see which product somebody else has protected")),
    _yes_or_no("discloses_end", _("partners see until when it is protected")),
    _yes_or_no("discloses_rules", _("partners see which rule decided, and why")),
    _number("checks_per_minute", _("checks of a customer per person and minute")),
)
