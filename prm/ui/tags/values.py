"""Filters that write a value the way the reader expects it. A missing value is nothing."""

from datetime import date, datetime
from decimal import Decimal

from django.template import Library
from django.utils import timezone

from prm.policies import wording
from prm.policies.periods import Duration
from prm.ui import countries, formats
from prm.ui.states import State, state_of

register = Library()


@register.filter
def money(value: formats.Money | None, how: str = "") -> str:
    """€184,000; `money:"exact"` always shows the smallest unit."""
    return "" if value is None else formats.money(value, exact=how == "exact")


@register.filter
def money_signed(value: formats.Money) -> str:
    """+€1,200 or −€350: an amount that came or went."""
    return ("−" if value.amount < 0 else "+") + formats.money(-value if value.amount < 0 else value)


@register.filter
def amount(value: formats.Money | None) -> str:
    """184,000 in a table whose currency is said elsewhere"""
    return "" if value is None else formats.amount(value)


@register.filter
def money_short(value: formats.Money | None) -> str:
    """€1.28M, for summaries."""
    return "" if value is None else formats.money_short(value)


@register.filter
def percent(value: int | Decimal | None) -> str:
    """12.5% of a number out of a hundred"""
    return "" if value is None else formats.percent(value)


@register.filter
def day(value: date | datetime | None, how: str = "") -> str:
    """3 December; `day:"short"` 3 Dec."""
    return formats.day(formats.as_day(value), timezone.localdate(), short=how == "short") if value else ""


@register.filter
def duration(value: Duration | None) -> str:
    """90 days, 2 business days, 6 months"""
    return "" if value is None else wording.duration(value)


@register.filter
def moment(value: datetime | None, how: str = "") -> str:
    """3 December, 16:12 in the reader's time zone."""
    if not value:
        return ""
    return formats.moment(value, timezone.localdate(), timezone.get_current_timezone(), short=how == "short")


@register.filter
def clock_time(value: datetime | None) -> str:
    """16:12 in the reader's time zone."""
    return formats.clock_time(value, timezone.get_current_timezone()) if value else ""


@register.filter
def days_left(value: date | datetime | None) -> str:
    """9 days left, until 3 Dec."""
    return formats.days_left(formats.as_day(value), timezone.localdate()) if value else ""


@register.filter
def initials(name: str) -> str:
    """ML"""
    return formats.initials(str(name))


@register.filter
def file_size(size: int | None) -> str:
    """412 KB"""
    return formats.file_size(int(size)) if size or size == 0 else ""


@register.filter
def state(code: str) -> State:
    """The look of a status code."""
    return state_of(code)


@register.filter
def country(code: str | None) -> str:
    """Germany, in the reader's language."""
    return countries.name_of(code) if code else ""
