"""When a vendor's people work: calendars of opening hours, and the days that differ from them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from prm.accounts.models import is_time_zone
from prm.choices import TextChoices
from prm.clocks.hours import Span, Spans, SpecialDay, half_of
from prm.tenancy.fields import TenantForeignKey
from prm.tenancy.models import TenantModel

Minutes = list[list[int]]


def spans_of(minutes: Minutes) -> Spans:
    """Return hours as they are stored, `[[540, 1020]]` for nine until five."""
    return tuple(Span(start, end) for start, end in minutes)


class Calendar(TenantModel):
    """The hours of a week in a time zone. Promises count by the default one."""

    name = models.CharField(max_length=80)
    time_zone = models.CharField(max_length=60, validators=[is_time_zone])
    week = models.JSONField()  # minutes of the day from Monday to Sunday
    is_default = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant"], condition=Q(is_default=True), name="a_vendor_has_one_default_calendar"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def hours(self) -> tuple[Spans, ...]:
        """Return the opening hours from Monday to Sunday."""
        return tuple(spans_of(day) for day in self.week)


class CalendarDay(TenantModel):
    """A day on which a calendar has other hours than its weekday: none, half of them, or its own."""

    class Kind(TextChoices):
        CLOSED = "closed", _("Closed")
        HALF = "half", _("Half a day")
        OPEN = "open", _("Other hours")

    calendar = TenantForeignKey(Calendar, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    name = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=6, choices=Kind.choices, default=Kind.CLOSED)
    hours = models.JSONField(default=list)  # minutes of the day, for other hours

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "calendar", "day"], name="a_day_is_special_once_in_a_calendar"),
            models.CheckConstraint(condition=Q(kind="open") | Q(hours=[]), name="other_hours_are_of_a_day_with_them"),
            models.CheckConstraint(
                condition=Q(kind__in=["closed", "half", "open"]), name="kind_of_calendar_day_is_known"
            ),
        ]

    def on(self, week: tuple[Spans, ...]) -> SpecialDay:
        """Return its hours where a week has these."""
        match self.kind:
            case self.Kind.HALF:
                spans = half_of(week[self.day.weekday()])
            case self.Kind.OPEN:
                spans = spans_of(self.hours)
            case _:
                spans = ()
        return SpecialDay(spans, self.name)
