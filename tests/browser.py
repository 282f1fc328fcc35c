"""A real browser for what only a browser knows: colours, focus, keys. One for all tests of a process."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, sync_playwright

from prm.operations import chromium

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Colours on their way to others would be measured in between, and bars that stay at an edge would count as covering
# what one scrolls out from under them.
BARRIERS = """async ({ without, options }) => {
  await new Promise(requestAnimationFrame);
  document.getAnimations().forEach(animation => { try { animation.finish(); } catch { /* goes on for ever */ } });
  const bars = [...document.querySelectorAll('.bar, .formbar, .verdict')];
  bars.forEach(bar => { bar.style.position = 'relative'; });
  const { violations } = await axe.run({ include: [["html"]], exclude: without.map(part => [part]) }, options);
  bars.forEach(bar => { bar.style.removeProperty('position'); });
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")}: ${failureSummary}`));
}"""
TOO_SMALL = """() => [...document.querySelectorAll('a, button, input, summary')].filter(element => {
  const box = element.getBoundingClientRect();
  const isNone = element.matches('p a, dd a, .skip, .cover, [aria-hidden=true]');
  const inLarger = element.closest('label, .entry, tr');
  return box.width && !isNone && !inLarger && box.width < 24 && box.height < 24;
}).map(element => element.outerHTML)"""

# A link that covers its row must not cover what is around the row.
SPREAD_OUT = """() => [...document.querySelectorAll('a.cover')].filter(link =>
  link.offsetParent?.matches('body, main, form, aside, section, .page, .stage, .shell')
).map(link => link.outerHTML)"""

# Playwright keeps an event loop in the thread it was started in; Django would then refuse to ask the database there.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    binary = chromium.find()
    if binary is None:
        pytest.skip("no Chromium on this machine: set CHROMIUM, or see 'manage.py doctor'")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=binary, args=FLAGS)
        yield browser
        browser.close()


def barriers(page: Page, rules: list[str] | None = None, without: Iterable[str] = ()) -> list[str]:
    """Return what axe finds on the page as it is now, one sentence each; parts of the page may be left out."""
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(AXE_SCRIPT)
    kind = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": TAGS}
    # Style sheets and media are not fetched again: no rule of these levels reads them but one about sound, of which
    # there is none.
    options = {"runOnly": kind, "resultTypes": ["violations"], "preload": False}
    return page.evaluate(BARRIERS, {"without": list(without), "options": options})


def too_small(page: Page) -> list[str]:
    """Return what is too small to be hit."""
    return page.evaluate(TOO_SMALL)


def width_of(page: Page) -> int:
    """Return how wide the page is, with what would have to be scrolled to."""
    return page.evaluate("document.documentElement.scrollWidth")


def spread_out(page: Page) -> list[str]:
    """Return links that can be hit far outside of their row."""
    return page.evaluate(SPREAD_OUT)
