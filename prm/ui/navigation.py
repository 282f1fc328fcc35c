"""What the shell offers: each app declares its pages, actions and sources; a person sees what they may open.

The platform never imports the apps: they come to it, through the functions below.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from prm.accounts.models import Membership, VendorProfile
from prm.accounts.permissions import Permission
from prm.choices import TextChoices
from prm.clocks.hours import day_of


class Group(TextChoices):
    """The headings of the navigation, in their order; the first has none."""

    FIRST = "first", ""
    TO_DECIDE = "to_decide", _("To decide")
    MONEY = "money", _("Money")
    PROGRAM = "program", _("Program")
    COMPANY = "company", _("Company")
    SETUP = "setup", _("Set up")


@dataclass(frozen=True)
class Page:
    """A place to go, or with `is_action` something to do. Declare it twice if the two sides find it in other groups."""

    label: Any
    url_name: str
    icon: str
    permission: Permission
    group: Group = Group.FIRST
    for_partners: bool = True
    for_vendor: bool = True
    order: int = 50
    is_action: bool = False
    key: str = ""  # of the keyboard; the action on N is the main one

    def is_for(self, member: Membership) -> bool:
        """Say whether this person may open the page."""
        side = self.for_partners if member.is_partner else self.for_vendor
        return side and member.has(self.permission)

    @property
    def url(self) -> str:
        """Return the address inside the current portal, or nothing where no such page is served."""
        try:
            return reverse(self.url_name)
        except NoReverseMatch:
            return ""


@dataclass(frozen=True)
class Visit:
    """Somebody in a portal: who, at which vendor, when."""

    member: Membership
    profile: VendorProfile
    at: datetime
    _known: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)

    def once(self, question: Callable[..., Any], *facts: Any) -> Any:
        """Return the answer of a question that several parts of a page ask with the same facts."""
        key = (question, facts)
        if key not in self._known:
            self._known[key] = question(*facts)
        return self._known[key]

    @classmethod
    def of(cls, request: HttpRequest) -> Visit:
        return cls(request.member, request.profile, timezone.now())

    @property
    def today(self) -> date:
        """Return the vendor's day."""
        return day_of(self.at, self.profile.time_zone)

    @property
    def end_of_today(self) -> datetime:
        """Return the first instant of the vendor's next day."""
        return datetime.combine(self.today + timedelta(days=1), time(), ZoneInfo(self.profile.time_zone))


@dataclass(frozen=True)
class Judged:
    """Values of rows that cannot be counted in the database, and how many of them wait."""

    rows: QuerySet
    number: Callable[[list[Any]], int]


Waiting = Callable[[Membership], Mapping[str, QuerySet | Judged]]
Rows = Callable[[Visit], list[dict[str, Any]]]
Step = Callable[[Visit], "dict[str, Any] | None"]
Search = Callable[[Membership, str], list[dict[str, Any]]]
Entrance = Callable[[HttpRequest], list[dict[str, Any]]]

PAGES: list[Page] = []
WAITING: list[Waiting] = []
ATTENTION: list[Rows] = []
FIGURES: list[Rows] = []
SECTIONS: list[Rows] = []
SETUP_STEPS: list[Step] = []
SEARCHES: list[Search] = []
ENTRANCES: list[Entrance] = []


def page(label: Any, url_name: str, icon: str, permission: Permission, **facts: Any) -> None:
    """Declare a page or, with `is_action`, something to do."""
    PAGES.append(Page(label, url_name, icon, permission, **facts))
    PAGES.sort(key=lambda entry: entry.order)


def waiting(function: Waiting) -> Waiting:
    """Declare what waits, by the URL name of the page it waits on: the rows, or values of them to be judged.

    Every page asks; rows of all apps are counted in one query.
    """
    WAITING.append(function)
    return function


def attention(function: Rows) -> Rows:
    """Declare a source of the home page's queue: what `attention` shows, and `at`, until when (a day or an instant).

    It is called outside of any request too, for the queue over all vendors: all it knows is the visit.
    """
    ATTENTION.append(function)
    return function


def figures(function: Rows) -> Rows:
    """Declare a source of key figures for the home page: `label`, `figure`, `note`, `url`.

    Four are shown, those with the lowest `order` (50 unless said); let it depend on whose page it is.
    """
    FIGURES.append(function)
    return function


def section(function: Rows) -> Rows:
    """Declare parts of the home page: `template` and what it shows; with `is_aside` in the rail."""
    SECTIONS.append(function)
    return function


def setup_step(function: Step) -> Step:
    """Declare something a new portal needs: `title`, `detail`, `url`, `done`, `order`; nothing for who cannot do it.

    `done` may be rows of which there has to be one; those of all steps are asked for at once.
    """
    SETUP_STEPS.append(function)
    return function


def search(function: Search) -> Search:
    """Declare a source of records for the palette and the search page: `group`, `label`, `note`, `url`, `icon`."""
    SEARCHES.append(function)
    return function


def entrance(function: Entrance) -> Entrance:
    """Declare ways in for people without a login, shown where a vendor's people sign in: `label`, `url`."""
    ENTRANCES.append(function)
    return function


def entrances(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the ways into a vendor's portal for people without a login."""
    return [way for source in ENTRANCES for way in source(request)] if request.vendor else []
