"""Conditions and their traces in words: pieces of a sentence that a template can mark up, or run together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from babel.dates import get_month_names
from babel.lists import format_list
from babel.numbers import format_decimal
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from prm.money import Money
from prm.policies.conditions import Comparison, Condition, Each, Group, How, Junction, Operator, Other, Total, about
from prm.policies.evaluation import Missing, Outcome, Rate, Trace
from prm.policies.fields import Field, Kind, Label
from prm.policies.periods import ROLLING, Duration, Span, Unit, Window, WindowKind
from prm.ui import formats


class Piece(StrEnum):
    """What a piece of a sentence is."""

    WORDS = "words"
    FIELD = "field"
    ACTUAL = "actual"
    VALUE = "value"


@dataclass(frozen=True)
class Segment:
    piece: Piece
    text: str

    def __str__(self) -> str:
        return self.text


Segments = tuple[Segment, ...]


@dataclass(frozen=True)
class Told:
    """A trace in words: the sentence, whether it holds, what is missing for it, and the same of its parts."""

    segments: Segments
    outcome: Outcome
    missing: tuple[str, ...] = ()
    rates: tuple[str, ...] = ()
    parts: tuple[Told, ...] = ()
    title: str = ""

    @property
    def verdict(self) -> str:
        return str(VERDICTS[self.outcome])

    def __str__(self) -> str:
        why = listed(self.missing, "standard") if self.missing else self.verdict
        sentence = _("%(sentence)s: %(verdict)s") % {"sentence": text(self.segments), "verdict": why}
        return f"{self.title}: {sentence}" if self.title else sentence


VERDICTS: Mapping[Outcome, Label] = {
    Outcome.HOLDS: gettext_lazy("holds"),
    Outcome.FAILS: gettext_lazy("does not hold"),
    Outcome.MISSING: gettext_lazy("cannot be said"),
}

GIVEN: Mapping[Operator, Label] = {
    Operator.GIVEN: gettext_lazy("%(field)s is given"),
    Operator.NOT_GIVEN: gettext_lazy("%(field)s is not given"),
}
WORDS: Mapping[Operator, Label] = {
    Operator.IS: gettext_lazy("%(field)s is %(value)s"),
    Operator.IS_NOT: gettext_lazy("%(field)s is not %(value)s"),
    Operator.ONE_OF: gettext_lazy("%(field)s is %(value)s"),
    Operator.NONE_OF: gettext_lazy("%(field)s is none of %(value)s"),
    Operator.CONTAINS: gettext_lazy("%(field)s contains “%(value)s”"),
    Operator.STARTS_WITH: gettext_lazy("%(field)s begins with “%(value)s”"),
}
AMOUNTS: Mapping[Operator, Label] = {
    **WORDS,
    Operator.OVER: gettext_lazy("%(field)s is over %(value)s"),
    Operator.AT_LEAST: gettext_lazy("%(field)s is at least %(value)s"),
    Operator.UNDER: gettext_lazy("%(field)s is under %(value)s"),
    Operator.AT_MOST: gettext_lazy("%(field)s is at most %(value)s"),
    Operator.BETWEEN: gettext_lazy("%(field)s is from %(value)s to %(end)s"),
}
DAYS: Mapping[Operator, Label] = {
    **WORDS,
    Operator.OVER: gettext_lazy("%(field)s is after %(value)s"),
    Operator.AT_LEAST: gettext_lazy("%(field)s is no earlier than %(value)s"),
    Operator.UNDER: gettext_lazy("%(field)s is before %(value)s"),
    Operator.AT_MOST: gettext_lazy("%(field)s is no later than %(value)s"),
    Operator.BETWEEN: gettext_lazy("%(field)s is from %(value)s to %(end)s"),
}
CHOICES: Mapping[Operator, Label] = {
    Operator.HAS_ANY: gettext_lazy("%(field)s: %(value)s"),
    Operator.HAS_ALL: gettext_lazy("%(field)s: %(value)s"),
    Operator.HAS_NONE: gettext_lazy("%(field)s: none of %(value)s"),
}
LISTS: Mapping[Operator, Label] = {
    Operator.HAS_ANY: gettext_lazy("%(field)s is on the list %(value)s"),
    Operator.HAS_ALL: gettext_lazy("%(field)s is on the lists %(value)s"),
    Operator.HAS_NONE: gettext_lazy("%(field)s is on none of the lists %(value)s"),
}
PATTERNS: Mapping[Kind, Mapping[Operator, Label]] = {
    **dict.fromkeys(Kind, AMOUNTS),
    Kind.DAY: DAYS,
    Kind.CHOICES: CHOICES,
    Kind.LISTS: LISTS,
}
EACH: Mapping[Junction, Label] = {
    Junction.ALL: gettext_lazy("for all %(things)s: %(parts)s"),
    Junction.ANY: gettext_lazy("for any of the %(things)s: %(parts)s"),
    Junction.NONE: gettext_lazy("for none of the %(things)s: %(parts)s"),
    Junction.AT_LEAST: gettext_lazy("for at least %(least)s of the %(things)s: %(parts)s"),
}
TOTALS: Mapping[How, Label] = {
    How.COUNT: gettext_lazy("number of %(things)s"),
    How.DISTINCT: gettext_lazy("number of different %(field)s (%(things)s)"),
    How.SUM: gettext_lazy("sum of %(field)s (%(things)s)"),
    How.HIGHEST: gettext_lazy("highest %(field)s (%(things)s)"),
}
WINDOWS: Mapping[tuple[WindowKind, int], Label] = {
    (WindowKind.MONTH, 0): gettext_lazy("this month"),
    (WindowKind.MONTH, 1): gettext_lazy("last month"),
    (WindowKind.QUARTER, 0): gettext_lazy("this quarter"),
    (WindowKind.QUARTER, 1): gettext_lazy("last quarter"),
    (WindowKind.YEAR, 0): gettext_lazy("this year"),
    (WindowKind.YEAR, 1): gettext_lazy("last year"),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)s")


# -- conditions ------------------------------------------------------------------------------------------
def text(segments: Iterable[Segment]) -> str:
    """Return a sentence as plain text."""
    return "".join(segment.text for segment in segments)


def sentence(condition: Condition) -> Segments:
    """Return a condition in words; a group within a group stands in brackets."""
    return tuple(_joined(condition))


def _joined(condition: Condition) -> Iterator[Segment]:
    match condition:
        case Comparison():
            yield from clause(condition)
        case Each():
            names = {"things": _field(condition.collection.label), "least": _value(str(condition.least))}
            yield from _filled(EACH[condition.junction], names | {"parts": _bracketed(condition.condition)})
        case Group(parts=()):
            yield _words(_("nothing"))
        case Group(junction=Junction.ALL):
            yield from _series(condition.parts, _spaced(_("and")))
        case Group(junction=Junction.ANY):
            yield from _series(condition.parts, _spaced(_("or")))
        case Group(junction=Junction.NONE):
            parts = tuple(_series(condition.parts, _spaced(_("or"))))
            yield from _filled(_("not the case: %(parts)s"), {"parts": parts})
        case Group():
            parts = tuple(_series(condition.parts, "; "))
            names = {"least": _value(str(condition.least)), "parts": parts}
            yield from _filled(_("at least %(least)s of these: %(parts)s"), names)


def _series(parts: tuple[Condition, ...], joint: str) -> Iterator[Segment]:
    for place, part in enumerate(parts):
        if place:
            yield _words(joint)
        yield from _bracketed(part) if len(parts) > 1 else _joined(part)


def _spaced(joint: str) -> str:
    return f" {joint} "


def _bracketed(condition: Condition) -> Segments:
    inner = tuple(_joined(condition))
    return inner if _is_single(condition) else (_words("("), *inner, _words(")"))


def _is_single(condition: Condition) -> bool:
    """Return whether it reads as one statement, so that nothing beside it could be taken for a part of it."""
    if isinstance(condition, Group) and condition.junction in (Junction.ALL, Junction.ANY):
        return not condition.parts or (len(condition.parts) == 1 and _is_single(condition.parts[0]))
    return isinstance(condition, Comparison)


def clause(comparison: Comparison, actual: Any = None) -> Segments:
    """Return one comparison in words, with what was found if that is known."""
    subject, value = comparison.subject, comparison.value
    field = (*_subject(subject), *_found(about(subject), actual, comparison))
    if comparison.operator in GIVEN:
        return _filled(GIVEN[comparison.operator], {"field": field})
    if subject.kind == Kind.BOOLEAN and isinstance(subject, Field):
        return _claim(subject, bool(value))
    start, end = value if isinstance(value, tuple) else (value, None)
    names = {"field": field, "value": _compared(comparison, start), "end": _compared(comparison, end)}
    return _filled(PATTERNS[subject.kind][comparison.operator], names)


def _claim(field: Field, is_so: bool) -> Segments:
    """Return a yes-or-no field as the claim that it is."""
    if is_so or field.denial:
        return _field(field.label if is_so else field.denial)
    return _filled(_("not the case: %(parts)s"), {"parts": _field(field.label)})


def _subject(subject: Field | Total) -> Segments:
    if isinstance(subject, Field):
        return _field(subject.label)
    names = {"things": str(subject.collection.label), "field": str(subject.field.label) if subject.field else ""}
    found = [*_field(str(TOTALS[subject.how]) % names)]
    if subject.where:
        found += [_words(" ("), *_joined(subject.where), _words(")")]
    if subject.window:
        found += [_words(" "), _words(window(subject.window))]
    return tuple(found)


def _found(field: Field, actual: Any, comparison: Comparison) -> Segments:
    if actual is None or field.kind == Kind.BOOLEAN:
        return ()
    said = Segment(Piece.ACTUAL, fact(field, actual, comparison.value))
    if PATTERNS[field.kind] is AMOUNTS and field.kind not in (Kind.TEXT, Kind.CHOICE):
        return (_words(" "), said)
    return (_words(" ("), said, _words(")"))


def _compared(comparison: Comparison, compared: Any) -> Segments:
    if isinstance(compared, Other):
        return _field(compared.field.label)
    style = "standard" if comparison.operator == Operator.HAS_ALL else "or"
    return _value(value(about(comparison.subject), compared, style)) if compared is not None else ()


# -- values ----------------------------------------------------------------------------------------------
def value(field: Field, given: Any, style: str = "or") -> str:
    """Return what a fact is compared with, or what an effect gives, as people write it."""
    match given:
        case frozenset() | set():
            order = sorted(given, key=lambda key: (field.places.get(key, len(field.places)), key))
            return listed([str(field.label_of(key)) for key in order], style)
        case Money():
            return formats.money(given)
        case bool():
            return _("yes") if given else _("no")
        case Duration():
            return from_today(given) if field.kind == Kind.DAY else duration(given)
        case date():
            return day(given)
        case Decimal() | int():
            number = formats.percent(given) if field.kind == Kind.PERCENT else _number(given)
            return f"{number} {field.unit}" if field.unit else number
    return str(field.label_of(given))


def known(field: Field, actual: Any) -> str:
    """Return a fact with its name."""
    if field.kind == Kind.BOOLEAN:
        return text(_claim(field, actual))
    return f"{field.label} {fact(field, actual)}"


def fact(field: Field, actual: Any, compared: Any = None) -> str:
    """Return what was found, a span in the unit that it was compared in."""
    if isinstance(actual, Span):
        first = compared[0] if isinstance(compared, tuple) else compared
        if isinstance(first, Duration) and first.unit != Unit.DAYS:
            return _("%(start)s to %(end)s") % {"start": day(actual.start), "end": day(actual.end)}
        return duration(actual.length(Unit.DAYS))
    if isinstance(actual, frozenset | set) and not actual:
        return _("none")
    return value(field, actual, "standard")


def day(of: date) -> str:
    """Return a day with its year: rules are read in any year."""
    return formats.day(of, date.min)


def duration(length: Duration) -> str:
    match length.unit:
        case Unit.DAYS:
            pattern = ngettext("%(count)s day", "%(count)s days", length.count)
        case Unit.BUSINESS_DAYS:
            pattern = ngettext("%(count)s business day", "%(count)s business days", length.count)
        case _months:
            pattern = ngettext("%(count)s month", "%(count)s months", length.count)
    return pattern % {"count": length.count}


def from_today(offset: Duration) -> str:
    if offset.count == 0:
        return _("today")
    pattern = _("%(duration)s from today") if offset.count > 0 else _("%(duration)s before today")
    return pattern % {"duration": duration(Duration(abs(offset.count), offset.unit))}


def window(over: Window) -> str:
    """Return over which days something is counted: in the last 12 months, last quarter (year from February)."""
    if over.kind in ROLLING:
        unit = Unit.DAYS if over.kind == WindowKind.ROLLING_DAYS else Unit.MONTHS
        return _("within %(duration)s up to today") % {"duration": duration(Duration(over.length, unit))}
    if (over.kind, over.back) in WINDOWS:
        said = str(WINDOWS[over.kind, over.back])
    else:
        names = {"period": str(WINDOWS[over.kind, 0]), "count": over.back}
        said = _("%(count)s before %(period)s") % names
    if over.year_starts_in == 1 or over.kind == WindowKind.MONTH:
        return said
    month = get_month_names("wide", "stand-alone", formats.locale())[over.year_starts_in]
    return _("%(period)s (year from %(month)s)") % {"period": said, "month": month}


def listed(names: Iterable[str], style: str) -> str:
    return format_list(list(names), style, locale=formats.locale())  # type: ignore[arg-type]


def _number(given: Decimal | int) -> str:
    return format_decimal(given, locale=formats.locale(), decimal_quantization=False)


# -- traces ----------------------------------------------------------------------------------------------
def told(trace: Trace) -> Told:
    """Return a trace in words, with what was found at each place."""
    segments = (
        clause(trace.condition, trace.actual) if isinstance(trace.condition, Comparison) else _lead(trace.condition)
    )
    return Told(
        segments,
        trace.outcome,
        tuple(lacking(gap) for gap in trace.missing),
        tuple(rate(used) for used in trace.rates),
        tuple(told(part) for part in trace.parts),
        trace.title,
    )


def _lead(condition: Group | Each) -> Segments:
    """Return how many of the parts, which are told one by one, have to hold."""
    if isinstance(condition, Each):
        return sentence(condition)
    lead = {
        Junction.ALL: _("all of these"),
        Junction.ANY: _("any of these"),
        Junction.NONE: _("none of these"),
    }.get(condition.junction, _("at least %(least)s of these") % {"least": condition.least})
    return (_words(lead),)


def lacking(gap: Missing) -> str:
    """Return what would have to be known."""
    if gap.rate:
        source, target = gap.rate
        return _("there is no exchange rate from %(source)s to %(target)s") % {"source": source, "target": target}
    return _("%(field)s is not known") % {"field": gap.about.label}


def rate(used: Rate) -> str:
    names = {"source": used.source, "target": used.target, "rate": _number(used.rate), "day": day(used.on)}
    return _("1 %(source)s is %(rate)s %(target)s (%(day)s)") % names


# -- pieces ----------------------------------------------------------------------------------------------
def _filled(pattern: Label, names: Mapping[str, Segments]) -> Segments:
    """Return a pattern with pieces in its places, in the order of the reader's language."""
    found: list[Segment] = []
    for place, part in enumerate(PLACEHOLDER.split(str(pattern))):
        found += names[part] if place % 2 else [_words(part)] if part else []
    return tuple(found)


def _words(words: str) -> Segment:
    return Segment(Piece.WORDS, words)


def _field(label: object) -> Segments:
    return (Segment(Piece.FIELD, str(label)),)


def _value(said: str) -> Segments:
    return (Segment(Piece.VALUE, said),)
