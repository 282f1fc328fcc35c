"""What waits for somebody who makes quotes."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from prm import together
from prm.ui import formats, navigation
from prm.ui.navigation import Visit
from quotes import permissions
from quotes.models import Order, QuoteRevision
from quotes.queries import home as queries
from quotes.views.home import rows
from quotes.views.home.rows import Row


@navigation.attention
def partner_quotes(visit: Visit) -> list[Row]:
    """Return what waits for somebody who makes quotes."""
    member = visit.member
    if not (member.is_partner and member.has(permissions.can_quote)):
        return []
    ordered, asked, ready, rejected, ending, accepted, forgotten = together.fetch(
        queries.ordered(member, visit.at),
        queries.asked(member),
        queries.ready(member),
        queries.rejected(member),
        queries.ending(member, visit.today),
        queries.accepted_lately(member, visit.at),
        queries.forgotten(member, visit.at),
    )
    return [
        *rows.few(ordered, _won, _many_won),
        *rows.few(asked, _question, _many_questions),
        *rows.few(ready, _ready, _many_ready),
        *rows.few(rejected, _rejected, _many_rejected),
        *rows.few(ending, lambda row: _ending(row, visit), _many_ending),
        *rows.few(accepted, _accepted, _many_accepted),
        *rows.few(forgotten, lambda row: _forgotten(row, visit), _many_forgotten),
    ]


def _won(order: Order) -> Row:
    query = urlencode({"amount": order.net.rounded().amount, "currency": order.currency})
    win = reverse("deals:registration-win", args=[order.quote.registration_id])
    title = _("%(customer)s ordered: mark the deal won") % {"customer": order.quote.customer_name}
    text = _("Order %(number)s, %(amount)s. The amount is filled in already.") % {
        "number": order.number,
        "amount": formats.money(order.net),
    }
    return rows.row("ok", "check", title, text, f"{win}?{query}", _("Mark won"))


def _many_won(count: str, number: int) -> Row:
    title = ngettext("%(count)s deal was ordered", "%(count)s deals were ordered", number) % {"count": count}
    return rows.row("ok", "check", title, _("Mark them won."), reverse("quotes:orders"), _("See them"))


def _question(revision: QuoteRevision) -> Row:
    title = _("%(customer)s: the vendor asks about %(number)s") % _names(revision)
    text = _("The clock of the decision stands still until you answer.")
    return rows.row("warn", "returned", title, text, reverse("quotes:revision-answer", args=[revision.pk]), _("Answer"))


def _many_questions(count: str, number: int) -> Row:
    title = ngettext("%(count)s question about quotes", "%(count)s questions about quotes", number) % {"count": count}
    return rows.row("warn", "returned", title, _("Decisions wait for them."), _list("approval"), _("See them"))


def _ready(revision: QuoteRevision) -> Row:
    title = _("%(customer)s: %(number)s is approved") % _names(revision)
    text = _("Issue it to hold %(amount)s for your customer.") % {"amount": formats.money(revision.net)}
    return rows.row("ok", "quote", title, text, reverse("quotes:revision-issue", args=[revision.pk]), _("Issue quote"))


def _many_ready(count: str, number: int) -> Row:
    title = ngettext("%(count)s quote is approved", "%(count)s quotes are approved", number) % {"count": count}
    return rows.row("ok", "quote", title, _("Issue them to hold the prices."), _list("approval"), _("See them"))


def _rejected(revision: QuoteRevision) -> Row:
    title = _("%(customer)s: the discounts of %(number)s are rejected") % _names(revision)
    text = _("The reason is on the page of the quote. Change it, and send or issue it.")
    return rows.row("bad", "stop", title, text, reverse("quotes:quote", args=[revision.quote_id]), _("See why"))


def _many_rejected(count: str, number: int) -> Row:
    title = ngettext("%(count)s quote was rejected", "%(count)s quotes were rejected", number) % {"count": count}
    return rows.row("bad", "stop", title, _("Each page says why."), _list("drafts"), _("See them"))


def _ending(revision: QuoteRevision, visit: Visit) -> Row:
    assert revision.valid_until is not None
    facts = _names(revision) | {"day": formats.day(revision.valid_until, visit.today)}
    title = _("%(customer)s: offer %(number)s ends on %(day)s") % facts
    text = (
        _("The customer opened it. %(amount)s is held until then.")
        if revision.opened_at
        else _("The customer has not opened it here. %(amount)s is held until then.")
    )
    text = text % {"amount": formats.money(revision.net)}
    return rows.row(
        "warn", "clock", title, text, reverse("quotes:quote", args=[revision.quote_id]), _("Open the quote")
    )


def _many_ending(count: str, number: int) -> Row:
    title = ngettext("%(count)s offer ends within a week", "%(count)s offers end within a week", number)
    text = _("Call the customers, or revise the offers.")
    return rows.row("warn", "clock", title % {"count": count}, text, _list("ending"), _("See them"))


def _accepted(order: Order) -> Row:
    title = _("%(customer)s accepted your offer") % {"customer": order.quote.customer_name}
    text = _("Order %(number)s, %(amount)s. The vendor acknowledges it next.") % {
        "number": order.number,
        "amount": formats.money(order.net),
    }
    return rows.row("ok", "check", title, text, reverse("quotes:order", args=[order.pk]), _("Open the order"))


def _many_accepted(count: str, number: int) -> Row:
    title = ngettext("%(count)s offer was accepted", "%(count)s offers were accepted", number) % {"count": count}
    text = _("The vendor acknowledges them next.")
    return rows.row("ok", "check", title, text, reverse("quotes:orders"), _("See them"))


def _forgotten(revision: QuoteRevision, visit: Visit) -> Row:
    title = _("%(customer)s: %(number)s is not sent") % _names(revision)
    day = formats.day(formats.as_day(revision.saved_at), visit.today)
    text = _("Last changed on %(day)s. Prices may change until you issue it.") % {"day": day}
    return rows.row("", "edit", title, text, reverse("quotes:quote-form", args=[revision.quote_id]), _("Continue"))


def _many_forgotten(count: str, number: int) -> Row:
    title = ngettext("%(count)s quote is not sent", "%(count)s quotes are not sent", number) % {"count": count}
    return rows.row("", "edit", title, _("Prices may change until you issue them."), _list("drafts"), _("See them"))


def _names(revision: QuoteRevision) -> dict[str, str]:
    return {"customer": revision.quote.customer_name, "number": revision.quote.number}


def _list(view: str) -> str:
    return f"{reverse('quotes:quotes')}?{urlencode({'view': view})}"
