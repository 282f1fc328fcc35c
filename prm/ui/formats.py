"""Money, days and sizes as the reader's language writes them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, tzinfo
from decimal import Decimal

from babel import Locale
from babel.numbers import (
    format_compact_currency,
    format_compact_decimal,
    format_currency,
    format_decimal,
    format_percent,
)
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import get_language, ngettext, pgettext, to_locale
from django.utils.translation import gettext as _

from prm.money import Money, exponent

SUMMARY_FROM = 1_000_000
_on_paper: ContextVar[bool] = ContextVar("on_paper", default=False)


@contextmanager
def on_paper() -> Iterator[None]:
    """Write for somebody who reads it in another year: days say theirs, whatever the clock says now."""
    token = _on_paper.set(True)
    try:
        yield
    finally:
        _on_paper.reset(token)


def locale() -> Locale:
    """The reader's locale; English where Babel knows no better."""
    return Locale.parse(to_locale(get_language() or "en"))


def money(value: Money, exact: bool = False) -> str:
    """€184,000 or €96,500.50: a whole amount loses its zeros unless `exact`, no other digit is lost."""
    amount = Decimal(value.amount)
    if exact or amount != amount.to_integral_value():
        return _spaced(format_currency(amount, value.currency, locale=locale(), decimal_quantization=False))
    return _whole(amount, value.currency)


def amount(value: Money) -> str:
    """184,000 or 96,500.50: an amount in a table whose currency is said elsewhere; no digit is lost."""
    digits = 0 if value.amount == value.amount.to_integral_value() else exponent(value.currency)
    shown = value.amount.quantize(Decimal(1).scaleb(-digits)) if digits else value.amount.to_integral_value()
    return format_decimal(shown, f"#,##0.{'0' * digits}" if digits else "#,##0", locale=locale())


def money_short(value: Money) -> str:
    """€1.28M: rounded, so for summaries only; amounts below a million keep their whole units."""
    if abs(value.amount) < SUMMARY_FROM:
        return _whole(value.amount, value.currency)
    return _spaced(format_compact_currency(value.amount, value.currency, locale=locale(), fraction_digits=2))


def _whole(amount: Decimal, currency: str) -> str:
    pattern = re.sub(r"\.0+", "", locale().currency_formats["standard"].pattern)
    return _spaced(format_currency(amount, currency, pattern, locale=locale(), currency_digits=False))


def _spaced(text: str) -> str:
    """DKK 12 instead of DKK12: Unicode asks for it where a code of letters meets a digit; Babel leaves it out."""
    return re.sub(r"(?<=[A-Z]{2})(?=\d)", "\xa0", text)


def number_short(value: Decimal) -> str:
    """400K; in full where the language has no short form."""
    short = format_compact_decimal(value, locale=locale(), fraction_digits=1)
    return format_decimal(value, locale=locale()) if short.isdigit() else short


def percent(of_hundred: int | Decimal) -> str:
    """64%, 12.5%: up to two decimals, as far as there are any."""
    pattern = locale().percent_formats[None].pattern.replace("##0", "##0.##")
    return format_percent(Decimal(of_hundred) / 100, pattern, locale=locale())


def day(value: date, today: date, short: bool = False) -> str:
    """3 December, with the year when it is not this one."""
    if short:
        this_year, any_year = pgettext("date format", "j M"), pgettext("date format", "j M Y")
    else:
        this_year, any_year = pgettext("date format", "j F"), pgettext("date format", "j F Y")
    leaves_year_out = value.year == today.year and not _on_paper.get()
    return format_date(value, this_year if leaves_year_out else any_year)


def clock_time(value: datetime, zone: tzinfo) -> str:
    """16:12 in the given zone."""
    return format_date(value.astimezone(zone), pgettext("time format", "H:i"))


def moment(value: datetime, today: date, zone: tzinfo, short: bool = False) -> str:
    """3 December, 16:12 in the given zone."""
    local = value.astimezone(zone)
    return pgettext("day, time", "%(day)s, %(time)s") % {
        "day": day(local.date(), today, short),
        "time": clock_time(value, zone),
    }


def days_left(until: date, today: date) -> str:
    """9 days left, until 3 Dec. The last day still counts."""
    left = (until - today).days
    if left < 0:
        return _("Ended on %(day)s") % {"day": day(until, today, short=True)}
    if left == 0:
        return _("Last day today")
    return ngettext("%(count)s day left, until %(day)s", "%(count)s days left, until %(day)s", left) % {
        "count": left,
        "day": day(until, today, short=True),
    }


def due(value: datetime, now: datetime, zone: tzinfo) -> str:
    """Today, 18:00; Tomorrow, 9:00; Thursday; 3 Dec. The nearer, the more exact."""
    local, today = value.astimezone(zone), now.astimezone(zone).date()
    away = (local.date() - today).days
    if away == 0:
        return _("Today, %(time)s") % {"time": clock_time(value, zone)}
    if away == 1:
        return _("Tomorrow, %(time)s") % {"time": clock_time(value, zone)}
    if 1 < away < 7:
        return format_date(local, "l")
    return day(local.date(), today, short=True)


def file_size(size: int) -> str:
    """412 KB, 3.1 MB."""
    if size < 1_000_000:
        return _("%(size)s KB") % {"size": format_decimal(max(1, round(size / 1000)), locale=locale())}
    return _("%(size)s MB") % {"size": format_decimal(round(size / 1_000_000, 1), locale=locale())}


def initials(name: str) -> str:
    """ML for Maja Lindqvist, at most two letters."""
    words = re.findall(r"\w+", name)
    letters = [word[0] for word in (words[:1] + words[1:][-1:])]
    return "".join(letters).upper() or "?"


def as_day(value: date | datetime) -> date:
    """The reader's day of a moment; a day stays what it is."""
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value
