"""A quote once more: as the next revision under its number, or as a new quote."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from deals.models import Registration
from deals.queries.terms import today_of_vendor
from prm.accounts.models import Membership
from prm.events.outbox import record
from prm.events.service import service
from prm.money import Money
from prm.tenancy.fields import uuid7
from quotes.enums import Action, Status
from quotes.events import QuoteCopied, QuoteRevised
from quotes.models import QuoteRevision
from quotes.queries import pricing
from quotes.services import quotes
from quotes.services.moves import NotPossible, locked

REVISABLE = (Status.ISSUED, Status.DECLINED, Status.EXPIRED)


@service
def revise(revision: QuoteRevision, *, by: Membership, at: datetime) -> QuoteRevision:
    """Begin the next revision as a draft, with the same lines at today's prices; the issued one stands until then.

    Raises `NotPossible` for a draft, and once the quote is accepted or withdrawn, or a newer revision is under way;
    `CurrencyNotOffered` if the partner has no prices any more.
    """
    revision = locked(revision)
    if revision.status not in REVISABLE or not revision.is_current:
        raise NotPossible(revision=revision, action=Action.SUPERSEDE)
    QuoteRevision.objects.filter(pk=revision.pk).update(is_current=False)
    draft = QuoteRevision(
        quote=revision.quote,
        partner_path=revision.partner_path,
        number=revision.number + 1,
        language=revision.language,
        introduction=revision.introduction,
        tax_name=revision.tax_name,
        tax_percent=revision.tax_percent,
        started_at=at,
        saved_at=at,
    )
    _fill(draft, revision, at)
    fact = QuoteRevised(revision.quote_id, draft.number, of_revision=revision.number)
    record(fact, on=revision.quote, by=by, at=at)
    return draft


@service
def copy(revision: QuoteRevision, *, by: Membership, at: datetime) -> QuoteRevision:
    """Begin a new quote with the same customer and lines at today's prices, if possible on the same registration."""
    quote = revision.quote
    names = (
        "customer_name",
        "customer_street",
        "customer_postcode",
        "customer_city",
        "customer_country",
        "contact_name",
        "contact_email",
    )
    made = quotes.start(
        currency=quote.currency,
        by=by,
        at=at,
        registration=_still_quotable(revision, by),
        customer={name: getattr(quote, name) for name in names},
        language=revision.language,
    )
    for name in names:
        setattr(made.quote, name, getattr(quote, name))
    made.quote.save()
    made.introduction, made.tax_name, made.tax_percent = (
        revision.introduction,
        revision.tax_name,
        revision.tax_percent,
    )
    _fill(made, revision, at)
    record(QuoteCopied(made.quote_id, made.number, number=quote.number), on=made.quote, by=by, at=at)
    return made


@dataclass(frozen=True)
class Difference:
    """A line whose price for one unit is another than in the revision before."""

    name: str
    was: Money | None
    now: Money | None


def differences(before: QuoteRevision, after: QuoteRevision) -> list[Difference]:
    """Return the lines that a newer revision prices otherwise, those that came and those that went."""
    old = {line.sku: line for line in pricing.lines_of(before.pk)}
    new = {line.sku: line for line in pricing.lines_of(after.pk)}
    found = []
    for sku in dict.fromkeys([*old, *new]):
        was, now = old.get(sku), new.get(sku)
        if was is None or now is None or was.net_unit != now.net_unit:
            name = (now or was).name  # type: ignore[union-attr]
            currency = after.quote.currency
            prices = [Money(line.net_unit, currency) if line else None for line in (was, now)]
            found.append(Difference(name, *prices))
    return found


def _fill(draft: QuoteRevision, source: QuoteRevision, at: datetime) -> None:
    """Price the lines of another revision anew, with keys of their own, and save the draft."""
    footing = quotes.footing_of(draft.quote, today_of_vendor(at))
    lines = [
        quotes.Line(line.product, line.quantity, line.special_percent, line.special_reason, line.resale, uuid7())
        for line in quotes.lines_as_kept(source)
        if line.product.is_active and line.product.is_available
    ]
    draft.valid_until = quotes.last_day(draft.quote, footing, today_of_vendor(at))
    quotes.pin(draft, footing, at)
    draft.save()
    quotes.write_lines(draft, lines, footing)
    draft.save()


def _still_quotable(revision: QuoteRevision, by: Membership) -> Registration | None:
    registration = revision.quote.registration
    return registration if registration is not None and quotes.may_quote(registration, by) else None
