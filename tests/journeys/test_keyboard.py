"""What only the keyboard knows: single keys, where the focus goes, and switching the keys off."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.people import HAS_RING, Keys
from tests.journeys.steps import Manager, Seller


@pytest.fixture
def manager(world, somebody):
    manager = somebody(Manager, world.manager, world.home, hand=Keys())
    manager.sign_in()
    return manager


def heading(page: Page) -> str:
    return page.locator("#item-title").inner_text()


def test_the_first_tab_leads_past_the_navigation(manager):
    page = manager.open("deals/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()

    page.keyboard.press("Enter")

    expect(page.locator("#main")).to_be_focused()


def test_every_stop_of_tab_shows_where_it_is(manager):
    page = manager.open("deals/to-decide/")
    stops = []
    for _ in range(40):
        page.keyboard.press("Tab")
        focused = page.evaluate_handle("document.activeElement").as_element()
        if not page.evaluate("document.activeElement === document.body"):
            stops.append((focused.evaluate("element => element.outerHTML.slice(0, 90)"), focused.evaluate(HAS_RING)))

    assert len(stops) > 15
    assert [stop for stop, is_seen in stops if not is_seen] == []


def test_n_begins_a_registration_and_g_goes_to_a_page(world, somebody):
    seller = somebody(Seller, world.seller, world.home, hand=Keys())
    seller.sign_in()

    seller.page.keyboard.press("n")
    seller.page.wait_for_url("**/deals/new/")
    seller.page.keyboard.press("g")
    seller.page.keyboard.press("d")

    seller.page.wait_for_url("**/deals/")


def test_j_and_k_go_through_the_inbox(world, manager):
    world.another_registration()
    page = manager.open("deals/to-decide/")
    first = heading(page)

    page.keyboard.press("j")
    expect(page.locator("#item-title")).not_to_have_text(first)
    page.keyboard.press("k")

    expect(page.locator("#item-title")).to_have_text(first)


def test_r_asks_for_a_reason_and_escape_takes_nothing_away(manager):
    page = manager.open("deals/to-decide/")
    page.keyboard.press("r")
    expect(page.get_by_label("Reason")).to_be_focused()

    page.keyboard.press("Escape")

    expect(page.locator("#dialog")).to_be_hidden()
    expect(manager.control("Approve until…")).to_be_visible()


def test_the_palette_finds_a_deal_and_opens_it(manager):
    page = manager.open()
    page.keyboard.press("Control+k")
    page.keyboard.type("nordhavn")
    expect(page.locator("#palette-records [role=option]").first).to_be_visible()

    page.keyboard.press("Enter")

    expect(page.locator("h1")).to_contain_text("Nordhavn")


def test_the_list_of_keys_opens_and_closes(manager):
    page = manager.open()
    page.keyboard.press("?")
    expect(page.locator("#shortcuts")).to_be_visible()

    page.keyboard.press("Escape")

    expect(page.locator("#shortcuts")).to_be_hidden()


def test_single_keys_can_be_switched_off(manager):
    manager.open("accounts/preferences/")
    manager.tick("Single-key shortcuts")
    manager.press("Save preferences")
    manager.sees("Preferences saved")
    page = manager.open("deals/to-decide/")

    page.keyboard.press("a")
    page.keyboard.press("?")

    expect(page.locator("#shortcuts")).to_be_hidden()
    expect(page.locator(".toast")).to_have_count(0)
