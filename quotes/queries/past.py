"""Past quotes under two versions of the rules, each as it was on the day when the vendor first saw it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from prm.accounts.roles import Role
from prm.choices import TextChoices
from prm.money import Money
from prm.policies import courses, following, looking_back
from prm.policies.courses import Because, Course
from prm.policies.evaluation import Facts
from prm.policies.fields import Effect, Field, Kind
from prm.policies.models import CourseTaken
from prm.policies.past import Outcome
from prm.policies.rulesets import RuleSet
from quotes.models import QuoteLine, QuoteRevision
from quotes.queries import approvals as queries
from quotes.queries import facts, pricing
from quotes.queries import terms as quote_terms
from quotes.rules import approvals
from quotes.rules.catalogue import AREA, Ladder
from quotes.rules.terms import Terms


def _outcome(row: QuoteRevision, rules: RuleSet | None, known: Facts) -> Outcome:
    """Return what rules make of a quote; where none of them says anything, the ladder may ask for nobody."""
    ruled = courses.judge(rules, known) if rules else courses.unreadable()
    if ruled.course == Course.PERSON and ruled.because != Because.UNCERTAIN and not ruled.rules:
        terms, lines = quote_terms.pinned(row.policy), pricing.lines_of(row.pk)
        if not approvals.steps(queries.ladder_lines(row, lines), terms):
            return Outcome({"decision": Course.APPROVE.value}, given=row.list_price - row.net)
    usual = quote_terms.pinned(row.policy).decision_business_days
    return courses.outcome(rules, known, usual_days=usual, at_stake=row.list_price - row.net)


def _told(row: QuoteRevision) -> dict[str, Any]:
    return {"title": str(row.quote), "detail": row.quote.partner.name, "value": row.net}


def _rows() -> QuerySet:
    """Return the last that was sent of each quote: what an earlier revision gave, nobody gave."""
    later = QuoteRevision.objects.filter(quote=OuterRef("quote"), sent_at__gt=OuterRef("sent_at"))
    return QuoteRevision.objects.filter(~Exists(later)).select_related(
        "quote__partner", "quote__registration", "policy"
    )


QUOTES = looking_back.past(
    AREA,
    page="quotes:inbox-item",
    rows=_rows,
    dated_by="sent_at",
    known=lambda row, at, asked: facts.facts_of(row, at=at, asked=asked),
    outcome=_outcome,
    told=_told,
)


# -- the same under other terms ----------------------------------------------------------------------------
class Agreeing(TextChoices):
    """Whose agreement a quote needs, the highest that is asked."""

    NOBODY = "nobody", _("Nobody")
    CHANNEL_MANAGER = "channel_manager", Role.CHANNEL_MANAGER.label
    ADMIN = "admin", Role.ADMIN.label
    EXECUTIVE = "executive", Role.EXECUTIVE.label
    RULES = "rules", _("Those whom the rules name")
    TOO_MUCH = "too_much", _("Not possible: the special discount is too large")


def _effects() -> tuple[Effect, ...]:
    agreeing = Field("agreeing", _("who has to agree"), Kind.CHOICE, choices=courses.choices_of(Agreeing))
    held = Field("validity_days", _("prices are held"), Kind.NUMBER, unit=_("days"), is_whole=True)
    net = Field("net", _("net price"), Kind.MONEY)
    return Effect(agreeing), Effect(net), courses.promised_days(), Effect(held)


def _under(row: QuoteRevision, terms: Terms) -> Outcome:
    """Return what terms make of a past quote: its prices, and who has to agree to them."""
    lines = _priced(row, pricing.lines_of(row.pk), terms)
    taken = following.latest(row)
    said = taken.effects if taken else {}
    net = sum((line.net_total for line in lines), Decimal(0))
    found: dict[str, Any] = {
        "agreeing": _agreeing(row, lines, terms, taken),
        "net": {"amount": f"{net:.4f}", "currency": row.quote.currency},
        "validity_days": str(terms.validity_days),
    }
    if found["agreeing"] != Agreeing.NOBODY and not {"promise_days", "promise_hours"} & said.keys():
        found["promise_days"] = str(terms.decision_business_days)
    listed = sum((line.list_unit * line.quantity for line in lines), Decimal(0))
    return Outcome(found, given=Money(listed - net, row.quote.currency).rounded())


def _priced(row: QuoteRevision, lines: list[QuoteLine], terms: Terms) -> list[QuoteLine]:
    """Give the lines the prices they would have had under some terms; nothing is saved."""
    footing = pricing.pinned(row)
    footing = replace(footing, basis=replace(footing.basis, terms=terms))
    wanted = [pricing.Wanted(line.product, line.quantity, line.special_percent) for line in lines]
    for line, priced in zip(lines, pricing.price(wanted, footing), strict=True):
        if priced is not None:
            line.net_unit, line.net_total = priced.unit.amount, priced.total.amount
    return lines


def _agreeing(row: QuoteRevision, lines: list[QuoteLine], terms: Terms, taken: CourseTaken | None) -> str:
    if any(line.special_percent > terms.largest_special for line in lines):
        return Agreeing.TOO_MUCH.value
    if taken and taken.course != Course.PERSON:
        return Agreeing.NOBODY.value
    ladder = approvals.steps(queries.ladder_lines(row, lines), terms)
    if taken and taken.effects.get("steps") and (not ladder or taken.effects.get("ladder") == Ladder.INSTEAD):
        return Agreeing.RULES.value
    return ladder[-1].role if ladder else Agreeing.NOBODY.value


TERMS = looking_back.of_terms(
    page="quotes:inbox-item",
    rows=_rows,
    dated_by="sent_at",
    terms=Terms.from_body,
    outcome=_under,
    told=_told,
    effects=_effects,
    without=_(
        "Taxes, reminders and the time to answer change no price and no decision. Quotes are looked at once "
        "they went out, with the list prices, the tier and the registration that they were made with."
    ),
)
