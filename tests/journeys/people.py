"""Somebody at a browser, who works with the mouse or with the keyboard alone."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect

from prm.accounts.models import Membership
from tests import build

PATIENCE = 20_000  # milliseconds, for a machine that does much else
# What browsers say of a form that was refused, and of a check that a newer one overtook.
NO_COMPLAINT = ("status of 422", "htmx:afterRequest", "htmx:sendAbort")
STEPS = 200  # of Tab, before a control counts as out of reach

# The focus is where it is seen: a ring around the control, or around the card or label it is in.
HAS_RING = """element => {
  for (let part = element, steps = 0; part && steps < 5; part = part.parentElement, steps += 1) {
    const { outlineStyle, outlineWidth } = getComputedStyle(part);
    if (outlineStyle !== "none" && parseFloat(outlineWidth) >= 1) return true;
  }
  return false;
}"""
# Nothing lies over it: its middle or a corner shows the control, its label, or what it is made of.
IS_UNCOVERED = """element => {
  const shown = element.closest("label") || element;
  const { left, right, top, bottom } = shown.getBoundingClientRect();
  const spots = [[(left + right) / 2, (top + bottom) / 2], [left + 4, top + 4], [right - 4, bottom - 4]];
  return spots.some(([x, y]) => {
    const there = document.elementFromPoint(x, y);
    return there && (shown.contains(there) || there.contains(shown));
  });
}"""

expect.set_options(timeout=PATIENCE)


class Pointer:
    """Mouse or finger, and typing where it was clicked."""

    def press(self, target: Locator) -> None:
        target.click()

    def decide(self, target: Locator, key: str) -> None:
        target.click()

    def write(self, target: Locator, text: str) -> None:
        target.fill(text)

    def choose(self, target: Locator, option: str) -> None:
        target.select_option(label=option)

    def day(self, target: Locator, iso: str) -> None:
        target.fill(iso)

    def tick(self, target: Locator) -> None:
        target.check()


class Keys:
    """The keyboard alone; wherever it leads, the focus has to be seen."""

    def reach(self, target: Locator) -> None:
        """Go on with Tab until the control has the focus."""
        expect(target).to_be_visible()  # a dialog may still be on its way
        element = target.element_handle()  # found once: to name every control anew after each step takes long
        for _ in range(STEPS):
            if element.evaluate("element => element === document.activeElement"):
                assert element.evaluate(HAS_RING), f"the focus is not seen on {target}"
                assert element.evaluate(IS_UNCOVERED), f"something lies over {target}"
                return
            target.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not lead to {target}")

    def press(self, target: Locator) -> None:
        self.reach(target)
        target.page.keyboard.press("Enter")

    def decide(self, target: Locator, key: str) -> None:
        expect(target).to_be_visible()
        target.page.keyboard.press(key)

    def write(self, target: Locator, text: str) -> None:
        self.reach(target)
        target.page.keyboard.press("Control+a")
        target.page.keyboard.type(text)

    def choose(self, target: Locator, option: str) -> None:
        self.reach(target)
        target.page.keyboard.type(option)

    def day(self, target: Locator, iso: str) -> None:
        year, month, day = iso.split("-")
        self.reach(target)
        target.page.keyboard.type(f"{month}{day}{year}")
        expect(target).to_have_value(iso)

    def tick(self, target: Locator) -> None:
        if target.get_attribute("type") == "radio":
            self.pick(target)
        else:
            self.reach(target)
            target.page.keyboard.press("Space")

    def pick(self, target: Locator) -> None:
        """Go to the group by Tab, which stops at one of its choices, and on to this one by arrow keys."""
        group = target.page.locator(f"[type=radio][name={target.get_attribute('name')}]")
        chosen = group.and_(target.page.locator(":checked"))
        self.reach(chosen if chosen.count() else group.first)
        target.page.keyboard.press("Space")
        for _ in range(group.count()):
            if target.is_checked():
                return
            target.page.keyboard.press("ArrowDown")
        assert target.is_checked(), f"the arrow keys do not lead to {target}"


# How a story is told: at both widths, and without what not everybody has.
WAYS: dict[str, dict[str, Any]] = {
    "wide": {"width": 1440},
    "narrow": {"width": 390},
    "without scripts": {"width": 390, "java_script_enabled": False},
    "by keyboard alone": {"width": 1440, "hand": Keys()},
}


class Person:
    """A person in a browser window of their own."""

    def __init__(
        self,
        browser: Browser,
        member: Membership | None,
        home: str,
        *,
        hand: Pointer | Keys | None = None,
        **window: Any,
    ) -> None:
        self.member, self.home, self.hand = member, home, hand or Pointer()
        self.has_scripts = window.get("java_script_enabled", True)
        self.complaints: list[str] = []
        self.context = window_in(browser, **window)
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.complaints.append(f"{self.page.url}: {error}"))
        self.page.on("console", self.notice)

    # -- going about ---------------------------------------------------------------------------------
    def open(self, path: str = "") -> Page:
        self.page.goto(f"{self.home}/{path}")
        return self.page

    def sign_in(self) -> None:
        self.open()
        self.write("Work e-mail", self.member.user.email)
        self.write("Password", build.PASSWORD)
        self.press("Sign in")
        self.page.wait_for_url(f"{self.home}/")

    def press(self, name: str) -> None:
        """Press the button, or follow the link, of this name; `Approve …` is any name that begins so."""
        self.hand.press(self.control(name))

    def decide(self, name: str, *, key: str) -> None:
        """Press a button that has a key of its own."""
        self.hand.decide(self.control(name), key)

    def write(self, label: str, text: str) -> None:
        self.hand.write(self.field(label), text)

    def day(self, label: str, iso: str) -> None:
        self.hand.day(self.field(label), iso)

    def choose(self, label: str, option: str) -> None:
        self.hand.choose(self.field(label), option)

    def tick(self, label: str) -> None:
        self.hand.tick(self.field(label))

    def attach(self, label: str, file: Path) -> None:
        with self.page.expect_file_chooser() as chosen:
            self.hand.press(self.field(label))
        chosen.value.set_files(file)

    def leave(self) -> None:
        self.context.close()

    def notice(self, line: ConsoleMessage) -> None:
        """Whatever is said is a complaint, but for a form that was refused and a check that a newer one overtook."""
        if not any(words in line.text for words in NO_COMPLAINT):
            self.complaints.append(f"{self.page.url}: {line.text} ({line.location['url']})")

    # -- what is there -------------------------------------------------------------------------------
    def control(self, name: str) -> Locator:
        words = re.escape(name.removesuffix("…")) + ("" if name.endswith("…") else r"\s*$")
        called = re.compile(r"^\s*" + words)
        menu = self.page.locator("summary", has_text=called)
        named = [self.page.get_by_role(role, name=called) for role in ("button", "link")]
        return menu.or_(named[0]).or_(named[1]).filter(visible=True).first

    def field(self, label: str) -> Locator:
        return self.page.get_by_label(re.compile(rf"^\s*{re.escape(label)}\s*(\(optional\))?\s*$")).first

    def sees(self, *sentences: str) -> None:
        for words in sentences:
            expect(self.page.get_by_text(words).filter(visible=True).first).to_be_visible()

    def sees_beside(self, label: str, error: str) -> None:
        """The error is said by the control itself, as a screen reader would read it."""
        expect(self.field(label)).to_have_accessible_description(re.compile(re.escape(error)))


def window_in(browser: Browser, *, width: int = 1440, **options: Any) -> BrowserContext:
    """Open a window in which nothing moves; a narrow one is a phone's."""
    context = browser.new_context(viewport={"width": width, "height": 900}, reduced_motion="reduce", **options)
    context.set_default_timeout(PATIENCE)
    return context
