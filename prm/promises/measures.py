"""How well promises were kept in a period. Pure: cases in, figures out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

FEW = 10  # fewer say little


@dataclass(frozen=True)
class Case:
    """One thing that was promised: by when, when it was done if it was, and how much open time that took."""

    due: datetime
    done: datetime | None
    took: timedelta | None = None

    @property
    def is_kept(self) -> bool:
        return self.done is not None and self.done <= self.due

    @property
    def counts_at(self) -> datetime:
        """Return when it was decided whether the promise holds: when it was done, or due for nothing."""
        return self.done or self.due


@dataclass(frozen=True)
class Kept:
    """How many were done, how many of them in time, how many are late and not done, and how long it took."""

    done: int = 0
    in_time: int = 0
    open_late: int = 0
    median: timedelta | None = None
    ninth: timedelta | None = None  # within which nine of ten were done

    @property
    def counted(self) -> int:
        return self.done + self.open_late

    @property
    def percent(self) -> int | None:
        """Return the share in time, never rounded up to all; nothing if there was nothing to keep."""
        if not self.counted:
            return None
        return 100 if self.in_time == self.counted else min(99, round(100 * self.in_time / self.counted))

    @property
    def median_hours(self) -> float | None:
        return _hours(self.median)

    @property
    def ninth_hours(self) -> float | None:
        return _hours(self.ninth)

    @property
    def is_few(self) -> bool:
        return 0 < self.counted < FEW


def measure(cases: Iterable[Case], *, since: datetime, until: datetime, now: datetime) -> Kept:
    """Return how the promises that were decided from `since` on and before `until` were kept.

    What is not done counts from when it was due, and not before.
    """
    counted = [case for case in cases if since <= case.counts_at < until and (case.done or case.due < now)]
    done = [case for case in counted if case.done]
    times = sorted(case.took for case in done if case.took is not None)
    return Kept(
        done=len(done),
        in_time=sum(case.is_kept for case in done),
        open_late=len(counted) - len(done),
        median=percentile(times, 50),
        ninth=percentile(times, 90),
    )


def _hours(time: timedelta | None) -> float | None:
    return None if time is None else round(time / timedelta(hours=1), 1)


def percentile(ordered: Sequence[timedelta], percent: int) -> timedelta | None:
    """Return the smallest value that so many percent do not exceed; one that occurred, not one in between."""
    return ordered[ceil(len(ordered) * percent / 100) - 1] if ordered else None
