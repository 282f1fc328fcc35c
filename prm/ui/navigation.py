"""What the shell offers: each app declares its pages, actions and queues; a person sees what they may open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from prm.accounts.models import Membership
from prm.accounts.permissions import Permission


@dataclass(frozen=True)
class Page:
    """An entry of the navigation and the palette; `count` says how much work waits there."""

    label: Any
    url_name: str
    icon: str
    permission: Permission
    group: Any = ""
    for_partners: bool = True
    for_vendor: bool = True
    count: Callable[[Membership], int] | None = None
    is_action: bool = False
    key: str = ""
    order: int = 50
    is_tab: bool = True

    def is_for(self, member: Membership) -> bool:
        """Say whether this person may open the page."""
        side = self.for_partners if member.is_partner else self.for_vendor
        return side and member.has(self.permission)

    @property
    def url(self) -> str:
        return reverse(self.url_name)


PAGES: list[Page] = []
ATTENTION: list[Callable[[Membership], list[dict[str, Any]]]] = []
FIGURES: list[Callable[[Membership], list[dict[str, Any]]]] = []
SECTIONS: list[Callable[[Membership], list[tuple[str, dict[str, Any]]]]] = []
SEARCHES: list[Callable[[Membership, str], list[dict[str, Any]]]] = []


def page(label: Any, url_name: str, icon: str, permission: Permission, **facts: Any) -> None:
    """Declare a page or, with `is_action`, something to do."""
    PAGES.append(Page(label, url_name, icon, permission, **facts))
    PAGES.sort(key=lambda entry: entry.order)


def attention(function: Callable[[Membership], list[dict[str, Any]]]) -> Callable[[Membership], list[dict[str, Any]]]:
    """Declare a source of rows for the home page's queue: what needs this person, most urgent first."""
    ATTENTION.append(function)
    return function


def figures(function: Callable[[Membership], list[dict[str, Any]]]) -> Callable[[Membership], list[dict[str, Any]]]:
    """Declare a source of key figures for the home page."""
    FIGURES.append(function)
    return function


def section(
    function: Callable[[Membership], list[tuple[str, dict[str, Any]]]],
) -> Callable[[Membership], list[tuple[str, dict[str, Any]]]]:
    """Declare parts of the home page: the name of a fragment and its context."""
    SECTIONS.append(function)
    return function


def search(
    function: Callable[[Membership, str], list[dict[str, Any]]],
) -> Callable[[Membership, str], list[dict[str, Any]]]:
    """Declare a source of records for the palette and the search page: `label`, `note`, `url`, `icon`."""
    SEARCHES.append(function)
    return function
