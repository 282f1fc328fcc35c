"""Every page in the browser: no barrier, nothing out of reach, nothing in the console, under the strict policy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from prm.accounts.models import VendorProfile
from prm.accounts.roles import Role
from prm.tenancy.context import as_system
from tests import browser as looks
from tests import build
from tests.journeys import screens
from tests.journeys.people import Person
from tests.journeys.portal import Portal
from tests.journeys.worlds import Scene, can_sign_in

FEWEST = {Role.FINANCE: 2}  # most pages for finance are for managers too, who look at them
COLORS = {"dark": "#111111", "mid": "#635bff", "pale": "#f5c400"}


@pytest.fixture(scope="module")
def scene(live: Portal, committed_data: None) -> Scene:
    return Scene(live.url)


@pytest.fixture(scope="module")
def people(browser: Browser, scene: Scene) -> Iterator[dict[Role, Person]]:
    """One signed-in window for each role, used for all its pages."""
    members = {Role.PARTNER_ADMIN: scene.owner, Role.CHANNEL_MANAGER: scene.manager, Role.ADMIN: scene.admin}
    members[Role.FINANCE] = scene.finance
    present = {role: Person(browser, member, scene.home) for role, member in members.items()}
    for person in present.values():
        person.sign_in()
    yield present
    for person in present.values():
        person.leave()


def look_at(person: Person, addresses: Iterable[str], *, name: str) -> list[str]:
    """Return the faults of these pages, and what the browser complained about.

    The shell is looked at once. Pages take turns in which theme is looked at wide and which narrow: what they are made
    of is seen in all four, in half the time.
    """
    found: list[str] = []
    for number, url in enumerate(addresses):
        person.page.goto(url)
        without = screens.SHELL if number else ()
        found += screens.faults(person.page, name=name, without=without, is_dark_first=number % 2 == 1)
    complaints, person.complaints[:] = person.complaints.copy(), []
    return found + complaints


@pytest.mark.parametrize("role", screens.READERS)
def test_the_pages_of_a_role_have_no_faults(people, scene, role):
    person = people[role]
    addresses = [person.home + "/", *screens.of_role(person.page, scene, role)]

    assert len(addresses) > FEWEST.get(role, 10)
    found = look_at(person, addresses, name=scene.vendor.name)
    assert not found, "\n".join(found)


def test_the_pages_of_visitors_have_no_faults(scene, somebody):
    visitor = somebody(Person, scene.owner, scene.home)
    addresses = list(screens.of_visitor(visitor.page, scene))

    assert len(addresses) > 3
    found = look_at(visitor, addresses, name=scene.vendor.name)
    assert not found, "\n".join(found)


def test_the_pages_of_the_operator_have_no_faults(scene, somebody):
    with as_system(scene.vendor.pk):
        member = can_sign_in(build.member(user=build.user("Noor Haddad", is_operator=True)))
    operator = somebody(Person, member, scene.home)
    operator.sign_in()

    addresses = list(screens.of_operator(operator.page, scene))

    assert len(addresses) > 3
    found = look_at(operator, addresses, name="Partner portal")
    assert not found, "\n".join(found)


def mistakes_in_a_registration(people: dict[Role, Person], scene: Scene) -> Page:
    page = people[Role.PARTNER_ADMIN].open("deals/new/")
    people[Role.PARTNER_ADMIN].press("Submit registration")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    return page


def nothing_here(people: dict[Role, Person], scene: Scene) -> Page:
    return people[Role.PARTNER_ADMIN].open("nowhere/")


def not_allowed(people: dict[Role, Person], scene: Scene) -> Page:
    return people[Role.PARTNER_ADMIN].open("deals/to-decide/")


def search_results(people: dict[Role, Person], scene: Scene) -> Page:
    return people[Role.CHANNEL_MANAGER].open("search/?q=nordhavn")


def palette(people: dict[Role, Person], scene: Scene) -> Page:
    page = people[Role.CHANNEL_MANAGER].open()
    page.keyboard.press("Control+k")
    expect(page.locator("#palette")).to_be_visible()
    return page


def list_of_shortcuts(people: dict[Role, Person], scene: Scene) -> Page:
    page = people[Role.CHANNEL_MANAGER].open()
    page.keyboard.press("?")
    expect(page.locator("#shortcuts")).to_be_visible()
    return page


def rejection_with_a_mistake(people: dict[Role, Person], scene: Scene) -> Page:
    manager = people[Role.CHANNEL_MANAGER]
    page = manager.open(f"deals/to-decide/{scene.deals[1].pk}/")
    manager.press("Reject")
    manager.press("Reject registration")
    expect(page.locator("#dialog .error").first).to_be_visible()
    return page


def comparison_of_rules(people: dict[Role, Person], scene: Scene) -> Page:
    return people[Role.ADMIN].open(f"rules/{scene.words['area']}/comparison/?from=1&to={scene.words['number']}")


def rule_with_a_mistake(people: dict[Role, Person], scene: Scene) -> Page:
    admin = people[Role.ADMIN]
    page = admin.open(f"rules/{scene.words['area']}/draft/rules/{scene.words['key']}/")
    page.locator("button[value='field:when']").click()
    expect(page.locator("#when_2")).to_be_focused()
    admin.press("Save rule")
    expect(page.locator("#when_2-error")).to_be_visible()
    return page


def menu_of_a_person(people: dict[Role, Person], scene: Scene) -> Page:
    page = people[Role.PARTNER_ADMIN].open()
    page.locator(".whoami").click()
    return page


STATES = [
    mistakes_in_a_registration,
    nothing_here,
    not_allowed,
    search_results,
    palette,
    list_of_shortcuts,
    rejection_with_a_mistake,
    comparison_of_rules,
    rule_with_a_mistake,
    menu_of_a_person,
]


@pytest.mark.parametrize("state", STATES)
def test_what_comes_between_the_pages_has_no_faults(people, scene, state: Callable[..., Page]):
    page = state(people, scene)
    found = screens.faults(page, name=scene.vendor.name)
    found += screens.faults(page, name=scene.vendor.name, is_dark_first=True)

    for person in people.values():
        person.page.set_viewport_size({"width": 1440, "height": 900})
        person.complaints.clear()  # refusals are written down by the browser itself
    assert not found, "\n".join(found)


def test_a_vendor_with_nothing_yet_has_no_faults(live, committed_data, somebody):
    vendor = build.vendor()
    with as_system(vendor.pk):
        members = [can_sign_in(build.member(role)) for role in (Role.ADMIN, Role.PARTNER_ADMIN)]
    found = []
    for member, paths in zip(members, (EMPTY_FOR_VENDORS, EMPTY_FOR_PARTNERS), strict=True):
        person = somebody(Person, member, f"{live.url}/{vendor.slug}")
        person.sign_in()
        found += look_at(person, [f"{person.home}/{path}" for path in paths], name=vendor.name)

    assert not found, "\n".join(found)


EMPTY_FOR_PARTNERS = ["", "deals/", "notifications/", "search/?q=nothing"]
EMPTY_FOR_VENDORS = [*EMPTY_FOR_PARTNERS, "deals/to-decide/", "partners/", "people/", "audit/"]


@pytest.mark.parametrize("color", COLORS)
def test_every_brand_color_can_be_read(people, scene, color):
    with as_system(scene.vendor.pk):
        VendorProfile.objects.update(brand_color=COLORS[color])
    found = []
    for role, path in (
        (Role.PARTNER_ADMIN, ""),
        (Role.PARTNER_ADMIN, "deals/new/"),
        (Role.CHANNEL_MANAGER, "deals/to-decide/"),
    ):
        page = people[role].open(path)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            found += [f"{scheme} {path}: {barrier}" for barrier in looks.barriers(page, screens.CONTRAST)]

    assert not found, "\n".join(found)
