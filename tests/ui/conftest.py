"""Pages for the browser, served from memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.template import Context, Template
from playwright.sync_api import Browser, Page, Route

from prm.ui.bundles import parts_of
from tests.ui import pages

SITE = "http://portal.test"
POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "img-src 'self' data:",
        "form-action 'self'",
    ]
)


def bundle(name: str) -> str:
    return "\n".join(Path(finders.find(part)).read_text(encoding="utf-8") for part in parts_of(name))


@dataclass
class Site:
    """What the pages of a test ask for, and what they get."""

    page: Page
    answers: dict[str, Callable[[], tuple[int, str, dict[str, str]]]] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def serve(self, path: str, template: str, status: int = 200, headers: dict[str, str] | None = None) -> None:
        """Answer a path with a rendered template."""
        html = Template(template).render(Context(pages.shell()))
        self.answers[path] = lambda: (status, html, headers or {})

    def open(self, path: str = "/") -> Page:
        self.page.goto(SITE + path)
        return self.page

    def show(self, template: str) -> Page:
        """Serve a page at the root and open it."""
        self.serve("/", template)
        return self.open()

    def answer(self, route: Route) -> None:
        path = urlsplit(route.request.url).path
        self.asked.append((route.request.method, path))
        if path.startswith("/static/"):
            kind = "text/css" if path.endswith(".css") else "text/javascript"
            route.fulfill(body=bundle(path.removeprefix("/static/")), content_type=kind)
            return
        status, html, headers = self.answers.get(path, lambda: (404, "", {}))()
        route.fulfill(
            status=status,
            body=html,
            content_type="text/html; charset=utf-8",
            headers={"Content-Security-Policy": POLICY, **headers},
        )

    def focused(self, selector: str) -> bool:
        return self.page.evaluate("selector => document.activeElement.matches(selector)", selector)


def site_in(browser: Browser, **options: object) -> Iterator[Site]:
    context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}, "reduced_motion": "reduce"} | options)
    site = Site(context.new_page())
    site.page.set_default_timeout(5000)
    site.page.on("pageerror", lambda error: site.complaints.append(str(error)))
    site.page.on("console", lambda line: line.type == "error" and site.complaints.append(line.text))
    context.route("**/*", site.answer)
    yield site
    context.close()


@pytest.fixture
def site(browser: Browser) -> Iterator[Site]:
    yield from site_in(browser)


@pytest.fixture
def site_without_scripts(browser: Browser) -> Iterator[Site]:
    yield from site_in(browser, java_script_enabled=False)
