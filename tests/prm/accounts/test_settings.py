import pytest
from django.test import Client

from partners.services.partners import place_of
from prm.accounts import members
from prm.accounts.models import Membership, User, VendorProfile
from prm.accounts.roles import Role
from prm.accounts.vendors import SETTINGS
from prm.events.models import Event
from prm.tenancy.context import as_system
from tests import build

WANTED = {
    "brand_color": "#7a1f5c",
    "brand_tint": "340",
    "brand_radius": "6",
    "time_zone": "Europe/Berlin",
    "language": "de",
    "currency": "EUR",
    "support_email": "help@example.com",
    "demands_second_factor": "",
    "lets_distributors_see_below": "on",
}


@pytest.fixture
def inside(client, vendor):
    client.force_login(build.member(Role.ADMIN).user)
    return client


def seen_in(page):
    return page.context["form"]["seen"].value()


# -- the front door ---------------------------------------------------------------------------
def test_somebody_with_one_portal_is_led_straight_into_it(client, vendor):
    client.force_login(build.member().user)

    assert client.get("/")["Location"] == f"/{vendor.slug}/"
    assert client.get("/portals/").status_code == 200


def test_somebody_with_several_portals_chooses(client, vendor):
    member = build.member()
    other, hidden = build.vendor(), build.vendor()
    with as_system(other.pk):
        build.member(Role.PARTNER_SALES, user=member.user, of=build.partner("Kestrel IT"))
    with as_system(hidden.pk):
        suspended = build.member(user=member.user)
        Membership.objects.filter(pk=suspended.pk).update(status="suspended")
    client.force_login(member.user)

    page = client.get("/").content.decode()

    assert f'href="/{vendor.slug}/"' in page
    assert f'href="/{other.slug}/"' in page
    assert "Kestrel IT" in page
    assert hidden.name not in page


def test_somebody_without_a_portal_is_told_how_one_appears(client, db):
    client.force_login(build.user())

    page = client.get("/")

    assert page.status_code == 200
    assert "No portal yet" in page.content.decode()


def test_a_visitor_of_the_front_door_is_asked_to_sign_in(client, db):
    assert client.get("/")["Location"] == "/accounts/login/?next=/"


# -- preferences ------------------------------------------------------------------------------
def test_preferences_are_kept_for_the_person_and_the_browser(client, vendor):
    person = build.member().user
    client.force_login(person)
    place = f"/{vendor.slug}/accounts/preferences/"
    wanted = {"name": "Maja L.", "language": "de", "time_zone": "Asia/Tokyo", "theme": "dark", "density": "compact"}

    assert client.post(place, wanted)["Location"] == place

    kept = User.objects.get(pk=person.pk)
    assert (kept.name, kept.language, kept.time_zone, kept.has_shortcuts) == ("Maja L.", "de", "Asia/Tokyo", False)
    page = client.get(place).content.decode()
    assert 'lang="de" data-theme="dark" data-density="compact" data-shortcuts="off"' in page
    assert client.cookies["theme"]["httponly"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "Maja\x07"),
        ("name", "M" * 121),
        ("language", "xx"),
        ("time_zone", "Mars/Base"),
        ("theme", "pink"),
    ],
)
def test_preferences_that_make_no_sense_are_refused_and_nothing_is_kept(client, vendor, field, value):
    person = build.member().user
    client.force_login(person)

    answer = client.post(f"/{vendor.slug}/accounts/preferences/", {"name": "Changed", field: value})

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert User.objects.get(pk=person.pk).name == "Maja Lindqvist"


def test_the_appearance_is_switched_and_leads_back_to_the_same_page_only(client, vendor):
    place = f"/{vendor.slug}/accounts/appearance/"

    inside = client.post(place, {"theme": "dark"}, headers={"referer": f"http://testserver/{vendor.slug}/people/"})
    outside = client.post(place, {"theme": ""}, headers={"referer": "http://evil.example/"})

    assert inside["Location"] == f"http://testserver/{vendor.slug}/people/"
    assert outside["Location"] == f"/{vendor.slug}/"
    assert client.cookies["theme"].value == ""
    assert client.get(place).status_code == 405


# -- the vendor's settings ---------------------------------------------------------------------
def test_a_vendors_settings_are_saved_and_recorded(inside, vendor):
    page = inside.get(f"/{vendor.slug}/brand/")

    answer = inside.post(f"/{vendor.slug}/brand/", {**WANTED, "seen": seen_in(page)})

    assert answer.status_code == 302
    profile = VendorProfile.objects.get()
    assert (profile.brand_color, profile.brand_tint, profile.time_zone) == ("#7a1f5c", 340, "Europe/Berlin")
    assert set(Event.objects.get(name="prm.profile.changed").payload["fields"]) == {
        name for name in SETTINGS if name not in ("currency", "demands_second_factor", "lets_distributors_see_below")
    }


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("brand_color", "red"),
        ("brand_color", "#fff;}"),
        ("brand_tint", "361"),
        ("brand_radius", "-1"),
        ("time_zone", "Mars/Base"),
        ("currency", "XXX"),
        ("language", "xx"),
        ("support_email", "nobody"),
    ],
)
def test_settings_that_make_no_sense_are_refused_beside_the_field(inside, vendor, field, value):
    page = inside.get(f"/{vendor.slug}/brand/")

    answer = inside.post(f"/{vendor.slug}/brand/", {**WANTED, field: value, "seen": seen_in(page)})

    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {field}
    assert VendorProfile.objects.get().brand_color == "#0e6c86"


def test_what_somebody_else_saved_meanwhile_is_shown_and_not_overwritten(inside, vendor):
    page = inside.get(f"/{vendor.slug}/brand/")
    inside.post(f"/{vendor.slug}/brand/", {**WANTED, "seen": seen_in(page)})

    refused = inside.post(f"/{vendor.slug}/brand/", {**WANTED, "brand_tint": "10", "seen": seen_in(page)})
    assert refused.status_code == 422
    assert refused.context["form"].errors["brand_tint"] == ["Now saved: 340"]
    assert VendorProfile.objects.get().brand_tint == 340

    inside.post(f"/{vendor.slug}/brand/", {**WANTED, "brand_tint": "10", "seen": seen_in(refused)})
    assert VendorProfile.objects.get().brand_tint == 10


def test_distributors_who_may_no_longer_see_below_stop_seeing_at_once(inside, vendor):
    distributor = build.partner("D", type="distributor")
    admin = build.member(Role.PARTNER_ADMIN, of=distributor)
    from django.utils import timezone

    asked = members.invite(
        "x@example.com", "X", Role.PARTNER_SALES, place=place_of(distributor), by=None, at=timezone.now()
    )
    assert admin.reaches_below
    assert asked.reaches_below

    page = inside.get(f"/{vendor.slug}/brand/")
    inside.post(f"/{vendor.slug}/brand/", {**WANTED, "lets_distributors_see_below": "", "seen": seen_in(page)})

    for row in (admin, asked):
        row.refresh_from_db()
        assert not row.reaches_below


@pytest.mark.parametrize("role", [Role.CHANNEL_MANAGER, Role.PARTNER_ADMIN])
def test_only_a_vendors_administrator_changes_its_settings(vendor, role):
    browser = Client()
    browser.force_login(build.member(role).user)

    assert browser.get(f"/{vendor.slug}/brand/").status_code == 403
    assert browser.post(f"/{vendor.slug}/brand/", WANTED).status_code == 403
