"""What is typed about a calendar: the hours of its week, a day that differs, a list of holidays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time
from itertools import pairwise
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms import BoundField
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prm.accounts.forms import RefusableMixin, time_zones
from prm.accounts.text import no_control_characters
from prm.clocks import holidays
from prm.clocks.hours import MINUTES, Span, Spans
from prm.clocks.models import Calendar, CalendarDay
from prm.clocks.services import Day, Hours
from prm.ui.forms import PortalForm
from prm.ui.widgets import Segments, Switch, TimeInput

USUAL = (((Span(9 * 60, 17 * 60),),) * 5) + ((),) * 2
SPANS_SHOWN = 2
SPANS_AT_MOST = 6
LARGEST = 300_000  # bytes of a list of holidays
UNREAD_SHOWN = 5


class CalendarForm(RefusableMixin, PortalForm):
    """The hours of a week: each day has a row of times, and one empty pair more than it needs."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=80, validators=[no_control_characters])
    time_zone = forms.ChoiceField(label=gettext_lazy("Time zone"))
    is_default = forms.BooleanField(
        label=gettext_lazy("Promises count by this calendar"),
        required=False,
        widget=Switch,
        help_text=gettext_lazy("Only one calendar has this at a time."),
    )

    def __init__(self, *args: Any, calendar: Calendar | None, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.calendar = calendar
        week = calendar.hours if calendar else USUAL
        self.spans = [self._sent(weekday) if self.is_bound else _rows(spans) for weekday, spans in enumerate(week)]
        zones = time_zones()
        zone = calendar.time_zone if calendar else zone
        if zone not in dict(zones):
            zones.append((zone, zone))
        self.fields["time_zone"].choices = zones  # type: ignore[attr-defined]
        self.initial: dict[str, Any] = {"time_zone": zone, **self._shown(calendar, week)}
        for weekday in range(7):
            for number in range(self.spans[weekday]):
                for part, label in (("from", _("From")), ("until", _("Until"))):
                    self.fields[f"day{weekday}_{part}{number}"] = forms.TimeField(
                        label=f"{WEEKDAYS[weekday]}, {label}", required=False, widget=TimeInput
                    )
        if calendar is not None and calendar.is_default:
            del self.fields["is_default"]

    def _sent(self, weekday: int) -> int:
        """Return how many pairs of times the browser sent of a day."""
        counts = range(SPANS_AT_MOST, SPANS_SHOWN, -1)
        return next((count for count in counts if f"day{weekday}_from{count - 1}" in self.data), SPANS_SHOWN)

    @staticmethod
    def _shown(calendar: Calendar | None, week: tuple[Spans, ...]) -> dict[str, Any]:
        times = {
            f"day{weekday}_{part}{number}": _time(minute)
            for weekday, spans in enumerate(week)
            for number, span in enumerate(spans)
            for part, minute in (("from", span.start), ("until", span.end))
        }
        if calendar is None:
            return times
        plain = ("name", "is_default", "revision")
        return times | {name: getattr(calendar, name) for name in plain}

    @property
    def days(self) -> Iterator[dict[str, Any]]:
        """Return each weekday with its pairs of times and what is wrong with them."""
        for weekday in range(7):
            pairs = [self._pair(weekday, number) for number in range(self.spans[weekday])]
            errors = [error for pair in pairs for field in pair for error in field.errors]
            yield {"label": WEEKDAYS[weekday], "pairs": pairs, "errors": errors}

    def _pair(self, weekday: int, number: int) -> tuple[BoundField, BoundField]:
        return self[f"day{weekday}_from{number}"], self[f"day{weekday}_until{number}"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["week"] = tuple(self._clean_day(weekday, cleaned) for weekday in range(7))
        return cleaned

    def _clean_day(self, weekday: int, cleaned: dict[str, Any]) -> Spans:
        spans: list[tuple[Span, str]] = []
        for number in range(self.spans[weekday]):
            names = f"day{weekday}_from{number}", f"day{weekday}_until{number}"
            if any(name in self.errors for name in names):
                continue
            span, error = _span(*(cleaned.get(name) for name in names))
            if error:
                self.add_error(names[1], error)
            elif span:
                spans.append((span, names[0]))
        spans.sort()
        for (earlier, _name), (later, name) in pairwise(spans):
            if later.start < earlier.end:
                self.add_error(name, _("These hours overlap."))
        return tuple(span for span, _name in spans)

    @property
    def hours(self) -> Hours:
        """Return what was typed; the default calendar is not asked whether it is."""
        said = self.cleaned_data
        is_default = bool(self.calendar and self.calendar.is_default) or said.get("is_default", False)
        return Hours(said["name"], said["time_zone"], said["week"], is_default=is_default)


class DayForm(RefusableMixin, PortalForm):
    """One day with hours of its own."""

    day = forms.DateField(label=gettext_lazy("Day"))
    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=120, required=False, validators=[no_control_characters]
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("On that day"),
        choices=CalendarDay.Kind.choices,
        initial=CalendarDay.Kind.CLOSED.value,
        widget=Segments,
        help_text=gettext_lazy("Half a day is the first half of its usual hours."),
    )
    opens = forms.TimeField(label=gettext_lazy("From"), required=False, widget=TimeInput)
    closes = forms.TimeField(label=gettext_lazy("Until"), required=False, widget=TimeInput)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["hours"] = ()
        if cleaned.get("kind") == CalendarDay.Kind.OPEN and not self.errors:
            span, error = _span(cleaned.get("opens"), cleaned.get("closes"))
            if span is None:
                self.add_error("closes", error or _("Say from when until when it is open."))
            else:
                cleaned["hours"] = (span,)
        return cleaned

    @property
    def typed(self) -> Day:
        """Return the day as it was typed."""
        said = self.cleaned_data
        return Day(said["day"], said["name"], CalendarDay.Kind(said["kind"]), said["hours"])


class HolidaysForm(RefusableMixin, PortalForm):
    """Many holidays at once, pasted or as a file."""

    text = forms.CharField(
        label=gettext_lazy("Days"),
        required=False,
        max_length=LARGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy(
            "One in each line: “2026-12-24; Christmas Eve; half” or “25.12.2026 Christmas”. "
            "The text of a calendar file will do too."
        ),
    )
    file = forms.FileField(
        label=gettext_lazy("Or a file"), required=False, help_text=gettext_lazy("An .ics file, or lines as above.")
    )
    skips = forms.BooleanField(label=gettext_lazy("Leave out what cannot be read"), required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_file(self) -> UploadedFile | None:
        file = self.cleaned_data["file"]
        if file and file.size > LARGEST:
            raise forms.ValidationError(_("This is too large for a list of holidays."))
        return file

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        text = "\n".join(filter(None, [cleaned.get("text", ""), _text_of(cleaned.get("file"))]))
        found, unread = holidays.read(text, today=self.today)
        if unread and not cleaned.get("skips"):
            for entry in unread[:UNREAD_SHOWN]:
                self.add_error(None, _why(entry))
        elif not found:
            self.add_error(None, _("There is no day in it."))
        half, closed = CalendarDay.Kind.HALF, CalendarDay.Kind.CLOSED
        cleaned["days"] = [Day(off.day, _plain(off.name), half if off.is_half else closed) for off in found]
        return cleaned


def _rows(spans: Spans) -> int:
    """Return how many pairs of times a day shows: one more than it has."""
    return min(max(SPANS_SHOWN, 1 + len(spans)), SPANS_AT_MOST)


def _span(opens: time | None, closes: time | None) -> tuple[Span | None, str]:
    """Return the hours between two times, or what is wrong with them; until midnight is until the end of the day."""
    if opens is None and closes is None:
        return None, ""
    if opens is None or closes is None:
        return None, _("Give both times, or none.")
    start, end = opens.hour * 60 + opens.minute, (closes.hour * 60 + closes.minute) or MINUTES
    if end <= start:
        return None, _("This is not after the time it opens. Hours past midnight belong to the next day.")
    return Span(start, end), ""


def _time(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)


def _text_of(file: UploadedFile | None) -> str:
    if not file:
        return ""
    content = file.read()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _plain(name: str) -> str:
    """Return a name without what nobody sees."""
    return "".join(character for character in name if character.isprintable())


def _why(entry: holidays.Unread) -> str:
    text = _plain(entry.text)
    match entry.reason:
        case "repeats":
            return _("“%(text)s” does not come back on the same day every year. Write its dates.") % {"text": text}
        case "long":
            return _("“%(text)s” is longer than a holiday.") % {"text": text}
        case "many":
            return _("There are more than %(most)s days.") % {"most": holidays.DAYS_AT_MOST}
        case _:
            return _("“%(text)s” begins with no date.") % {"text": text}
