"""What was kept in a period, for the page and its file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from prm.accounts.models import Membership
from prm.promises import kinds
from prm.promises.cases import MOST
from prm.promises.kinds import Kind, Promised
from prm.promises.measures import Case, Kept, measure
from prm.tenancy import context
from prm.tenancy.context import Scope, acting_as

MONTHS = 12


@dataclass(frozen=True)
class Row:
    """One thing that is promised, with how it was kept."""

    kind: Kind
    promised: Promised | None
    kept: Kept
    is_cut: bool = False  # there are more, and only the latest count


@dataclass(frozen=True)
class Month:
    first: date
    kept: Kept


@dataclass(frozen=True)
class Report:
    """Both sides' promises in a period, and the vendor's by month, the latest twelve."""

    vendors: tuple[Row, ...]
    partners: tuple[Row, ...]
    months: tuple[Month, ...]

    @property
    def is_cut(self) -> bool:
        """Say whether of something only the latest count."""
        return any(row.is_cut for row in (*self.vendors, *self.partners))


def report(member: Membership, since: date, until: date, *, partner_path: str = "", now: datetime) -> Report:
    """Return how both sides kept their promises from one of the vendor's days to another.

    Whoever asks sees their own: partners through the walls, the vendor all, or those of one partner.
    """
    for_partner = member.is_partner or bool(partner_path)
    if partner_path and member.is_vendor:
        actor = replace(context.current(), scope=Scope.PARTNER, partner_path=partner_path)
        with acting_as(actor):
            return _report(member, since, until, now=now, for_partner=True)
    return _report(member, since, until, now=now, for_partner=for_partner)


def _report(member: Membership, since: date, until: date, *, now: datetime, for_partner: bool) -> Report:
    zone = ZoneInfo(member.profile.time_zone)
    start, end = _midnight(since, zone), _midnight(until + timedelta(days=1), zone)
    sides: list[list[Row]] = []
    cases: list[Case] = []
    for is_vendors in (True, False):
        rows = []
        for kind in kinds.of_side(is_vendors=is_vendors, for_partner=for_partner):
            found = list(kind.cases(start, end))
            kept = measure(found, since=start, until=end, now=now)
            rows.append(Row(kind, kind.promised(), kept, is_cut=len(found) >= MOST))
            cases += found if is_vendors else []
        sides.append(rows)
    return Report(tuple(sides[0]), tuple(sides[1]), tuple(_months(cases, since, until, zone, now)))


def _months(cases: Sequence[Case], since: date, until: date, zone: ZoneInfo, now: datetime) -> list[Month]:
    firsts = [until.replace(day=1)]
    while len(firsts) < MONTHS and firsts[0] > since:
        firsts.insert(0, (firsts[0] - timedelta(days=1)).replace(day=1))
    found = []
    for first in firsts:
        following = (first + timedelta(days=32)).replace(day=1)
        start, end = _midnight(max(first, since), zone), _midnight(min(following, until + timedelta(days=1)), zone)
        found.append(Month(first, measure(cases, since=start, until=end, now=now)))
    return found


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
