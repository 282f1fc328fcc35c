"""Which pages there are, read from the routes so that a new one is looked at without being named here, and how."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from playwright.sync_api import Page

from prm.accounts.guards import ANYBODY, SIGNED_IN
from prm.accounts.permissions import Permission
from prm.accounts.roles import Role
from tests import browser as looks
from tests.architecture.test_routes import Route, routes
from tests.journeys.worlds import Scene

EVERY_STATE = {
    "deals:registration",
    "deals:inbox-item",
    "deals:case",
    "mdf:request",
    "mdf:inbox-item",
    "partners:agreement",
    "partners:application",
    "partners:certificate",
    "partners:onboarding-task",
}  # one address, and another page for each state of a deal
READERS = [
    Role.PARTNER_ADMIN,
    Role.CHANNEL_MANAGER,
    Role.ADMIN,
    Role.FINANCE,
]  # a page is looked at by the first who may open it
ANSWERED = "text/html"
NOT_THIS_WAY = 405  # to no record, so the first need not be followed by all others
SHELL = (".side", ".tabs", "#palette", "#shortcuts")  # the same around every page of a person
WIDTHS, SCHEMES = (1440, 390), ("light", "dark")
CONTRAST = ["color-contrast"]  # the one rule that dark colours can break
WORDS = re.compile(r"<(?:str|int):(\w+)>")  # parts of an address that are no records
WANTED = re.compile(r"<[\w:]*?:?(\w+)>")


def of_role(page: Page, scene: Scene, role: Role) -> Iterator[str]:
    """Yield the addresses of the portal's pages that are this role's to look at."""
    for route in routes("prm.urls_vendor"):
        if _is_for(route, role):
            yield from _answering(page, scene, scene.home, route)


def of_operator(page: Page, scene: Scene) -> Iterator[str]:
    for route in routes("prm.urls"):
        if route.view.permission not in (ANYBODY, SIGNED_IN) or route.name in ("home", "portals"):
            yield from _answering(page, scene, scene.site, route)


def of_visitor(page: Page, scene: Scene) -> Iterator[str]:
    for route in routes("prm.urls_vendor"):
        if getattr(route.view, "permission", "") == ANYBODY:
            yield from _answering(page, scene, scene.home, route)


def _is_for(route: Route, role: Role) -> bool:
    """Partner and vendor see a page of both with other words and other actions, so it is looked at twice."""
    permission = getattr(route.view, "permission", None)
    if not isinstance(permission, Permission):
        return permission == SIGNED_IN and role == Role.PARTNER_ADMIN
    if role.is_partners:
        return role in permission.roles
    return role == next((reader for reader in READERS[1:] if reader in permission.roles), None)


def _answering(page: Page, scene: Scene, site: str, route: Route) -> Iterator[str]:
    """Yield the addresses under which a route answers a page: each for what differs by state, else the first."""
    for path in _addresses(route, scene):
        url = f"{site}/{path}"
        answer = page.request.get(url, max_redirects=0)
        if answer.status == NOT_THIS_WAY:
            return
        is_page = answer.status == 200 and answer.headers.get("content-type", "").startswith(ANSWERED)
        if is_page and "</html>" in answer.text():
            yield url
            if route.name not in EVERY_STATE:
                return


def _addresses(route: Route, scene: Scene) -> list[str]:
    pattern = WORDS.sub(lambda found: scene.words.get(found[1], found[0]), route.pattern)
    wanted = WANTED.findall(pattern)
    if not wanted:
        return [] if "(?P" in pattern else [pattern]
    if wanted != ["pk"]:
        return []
    app = route.name.partition(":")[0] if ":" in route.name else "prm"
    return [WANTED.sub(str(row.pk), pattern) for row in scene.records.get(app, [])]


def faults(page: Page, *, name: str, without: Iterable[str] = (), is_dark_first: bool = False) -> list[str]:
    """Return what is wrong with the page that is open: wide in one theme, and narrow in the other."""
    found = []
    for width, scheme in zip(WIDTHS, reversed(SCHEMES) if is_dark_first else SCHEMES, strict=True):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        found += [f"{width} {scheme}: {barrier}" for barrier in looks.barriers(page, without=without)]
        found += [f"{width}: too small: {target}" for target in looks.too_small(page)]
    found += [f"lies over its surroundings: {link}" for link in looks.spread_out(page)]
    page.set_viewport_size({"width": 320, "height": 700})
    if looks.width_of(page) > 320:
        found.append(f"320: scrolls sideways to {looks.width_of(page)}")
    found += heads(page, name)
    return [f"{page.url}: {fault}" for fault in found]


def heads(page: Page, name: str) -> list[str]:
    """One heading, and a title that says the page before the vendor."""
    count, title = page.locator("h1").count(), page.title()
    found = [] if count == 1 else [f"{count} headings of the first order"]
    is_named = title.endswith(f" · {name}") and not title.startswith(" ")
    return found if is_named else [*found, f"called {title!r}"]
