import re

import pytest
from django.core import mail
from django.test import Client

from prm.accounts.models import User
from prm.accounts.roles import Role
from prm.notifications.models import OutgoingMail
from prm.tenancy.context import as_system
from tests import build


def sign_in(client: Client, user: User, at: str = "", password: str = build.PASSWORD, **more: str):
    return client.post(f"{at}/accounts/login/", {"login": user.email, "password": password, **more})


def test_somebody_signs_in_to_a_portal_with_address_and_password(client, vendor):
    member = build.member(Role.CHANNEL_MANAGER)

    answer = sign_in(client, member.user, f"/{vendor.slug}")

    assert (answer.status_code, answer["Location"]) == (302, f"/{vendor.slug}/")
    assert client.get(f"/{vendor.slug}/").status_code == 200


def test_the_same_pages_serve_the_installation_and_each_portal(client, vendor):
    for page in ("login", "password/reset", "password/reset/done"):
        for prefix in ("", f"/{vendor.slug}"):
            answer = client.get(f"{prefix}/accounts/{page}/")

            assert answer.status_code == 200
            assert (vendor.name in answer.content.decode()) == bool(prefix)


@pytest.mark.parametrize("page", ["signup", "email", "confirm-email", "login/code", "confirm-email/x", "social/signup"])
def test_what_allauth_offers_beyond_our_needs_is_not_there(client, vendor, page):
    for prefix in ("", f"/{vendor.slug}"):
        assert client.get(f"{prefix}/accounts/{page}/").status_code == 404


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client, vendor):
    known = build.member().user
    unknown = User(email="nobody@example.com")

    answers = [sign_in(client, who, f"/{vendor.slug}", password="wrong wrong wrong") for who in (known, unknown)]

    assert [answer.status_code for answer in answers] == [422, 422]
    texts = [
        strip_changing(answer.content.decode(), who.email)
        for answer, who in zip(answers, (known, unknown), strict=True)
    ]
    assert texts[0] == texts[1]


def strip_changing(page: str, email: str) -> str:
    return re.sub(r'(csrfmiddlewaretoken" value|csrf-token" content)="[^"]*"', "", page.replace(email, ""))


def test_after_five_wrong_passwords_the_right_one_has_to_wait(client, vendor):
    person = build.member().user
    for _ in range(5):
        sign_in(client, person, f"/{vendor.slug}", password="wrong wrong wrong")

    assert sign_in(client, person, f"/{vendor.slug}").status_code == 422
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "outside",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "http:evil.example"],
)
def test_signing_in_never_leads_outside(client, vendor, settings, outside):
    settings.ALLOWED_HOSTS = ["testserver", "evil.example"]
    person = build.member().user

    answer = sign_in(client, person, f"/{vendor.slug}", next=outside)

    assert answer["Location"] == f"/{vendor.slug}/"


def test_signing_in_leads_back_to_the_page_that_asked_for_it(client, vendor):
    person = build.member(Role.ADMIN).user
    asked = client.get(f"/{vendor.slug}/people/?of=partners")
    assert asked["Location"] == f"/{vendor.slug}/accounts/login/?next=/{vendor.slug}/people/%3Fof%3Dpartners"

    answer = sign_in(client, person, f"/{vendor.slug}", next=f"/{vendor.slug}/people/?of=partners")

    assert answer["Location"] == f"/{vendor.slug}/people/?of=partners"


def test_a_closed_login_cannot_be_used(client, vendor):
    person = build.member().user
    User.objects.filter(pk=person.pk).update(is_active=False)

    sign_in(client, person, f"/{vendor.slug}")

    assert "_auth_user_id" not in client.session


def test_a_forgotten_password_is_replaced_through_the_mailed_link_once(client, vendor):
    person = build.member().user
    client.post(f"/{vendor.slug}/accounts/password/reset/", {"email": person.email})
    letter = OutgoingMail.objects.get(to=person.email)
    link = re.search(rf"http://testserver(/{vendor.slug}/accounts/password/reset/key/\S+)", letter.text)[1]

    form = client.get(link, follow=True)
    place = form.redirect_chain[-1][0]
    weak = client.post(place, {"password1": "password", "password2": "password"})
    good = client.post(place, {"password1": "an entirely new phrase", "password2": "an entirely new phrase"})

    assert (weak.status_code, good.status_code) == (422, 302)
    assert sign_in(Client(), person, password="an entirely new phrase").status_code == 302
    assert "no longer works" in Client().get(link, follow=True).content.decode()


def test_asking_for_a_new_password_does_not_tell_who_has_a_login(client, vendor):
    person = build.member().user

    answers = [
        client.post(f"/{vendor.slug}/accounts/password/reset/", {"email": email}, follow=True)
        for email in (person.email, "nobody@example.com")
    ]

    assert answers[0].redirect_chain == answers[1].redirect_chain
    pages = [strip_changing(answer.content.decode(), "") for answer in answers]
    assert pages[0] == pages[1]
    assert OutgoingMail.objects.count() == 2


def test_outside_a_portal_the_link_for_a_new_password_is_sent_at_once(client, db):
    person = build.user()

    client.post("/accounts/password/reset/", {"email": person.email})

    assert [letter.to for letter in mail.outbox] == [[person.email]]


def test_a_new_password_signs_the_other_devices_out(client, vendor):
    person = build.member().user
    other = Client()
    for browser in (client, other):
        sign_in(browser, person, f"/{vendor.slug}")
    words = {
        "oldpassword": build.PASSWORD,
        "password1": "an entirely new phrase",
        "password2": "an entirely new phrase",
    }

    client.post(f"/{vendor.slug}/accounts/password/change/", words)

    assert client.get(f"/{vendor.slug}/").status_code == 200
    assert other.get(f"/{vendor.slug}/").status_code == 302


def test_the_other_devices_can_be_signed_out(client, vendor):
    person = build.member().user
    other = Client(headers={"user-agent": "A phone I lost"})
    for browser in (client, other):
        sign_in(browser, person, f"/{vendor.slug}")
        browser.get(f"/{vendor.slug}/")
    assert "A phone I lost" in client.get(f"/{vendor.slug}/accounts/sessions/").content.decode()

    client.post(f"/{vendor.slug}/accounts/sessions/")

    assert other.get(f"/{vendor.slug}/").status_code == 302
    assert client.get(f"/{vendor.slug}/").status_code == 200


def test_strangers_and_suspended_people_find_nothing(client, vendor):
    with as_system(build.vendor().pk):
        stranger = build.member(Role.ADMIN).user
    suspended = build.member(Role.ADMIN)
    type(suspended).objects.filter(pk=suspended.pk).update(status="suspended")

    for person in (stranger, suspended.user):
        browser = Client()
        browser.force_login(person)
        for page in ("", "people/", "roles/", "brand/"):
            assert browser.get(f"/{vendor.slug}/{page}").status_code == 404
