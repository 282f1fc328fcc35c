import re
import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.test import Client

from prm.accounts.models import VendorProfile
from prm.accounts.roles import Role
from tests import build


def code_for(secret):
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))


@pytest.fixture
def person(vendor):
    return build.member(Role.FINANCE).user


@pytest.fixture
def at(client, vendor, person):
    """Somebody signed in who has just confirmed the password; returns the address of the account pages."""
    place = f"/{vendor.slug}/accounts"
    client.post(f"{place}/login/", {"login": person.email, "password": build.PASSWORD})
    client.post(f"{place}/reauthenticate/", {"password": build.PASSWORD})
    return place


def set_up_app(client, at):
    page = client.get(f"{at}/2fa/totp/activate/")
    secret = page.context["form"].secret
    client.post(f"{at}/2fa/totp/activate/", {"code": code_for(secret)})
    return secret


def test_setting_up_asks_for_the_password_again(client, vendor, person):
    client.post(f"/{vendor.slug}/accounts/login/", {"login": person.email, "password": build.PASSWORD})

    answer = client.get(f"/{vendor.slug}/accounts/2fa/totp/activate/")

    assert answer["Location"].startswith(f"/{vendor.slug}/accounts/reauthenticate/?next=")


def test_an_app_is_set_up_and_its_code_then_asked_after_the_password(client, vendor, person, at):
    secret = set_up_app(client, at)
    fresh = Client()

    asked = fresh.post(f"{at}/login/", {"login": person.email, "password": build.PASSWORD})
    assert asked["Location"] == f"{at}/2fa/authenticate/"
    assert fresh.get(f"/{vendor.slug}/").status_code == 302
    assert fresh.post(f"{at}/2fa/authenticate/", {"code": "000000"}).status_code == 422

    with time_machine.travel(time.time() + 31):  # a code works once
        answer = fresh.post(f"{at}/2fa/authenticate/", {"code": code_for(secret)})
    assert answer["Location"] == f"/{vendor.slug}/"
    assert fresh.get(f"/{vendor.slug}/").status_code == 200


def test_a_wrong_code_sets_nothing_up_and_is_refused_beside_the_field(client, person, at):
    client.get(f"{at}/2fa/totp/activate/")

    answer = client.post(f"{at}/2fa/totp/activate/", {"code": "000000"})

    assert answer.status_code == 422
    assert 'id="id_code_error"' in answer.content.decode()
    assert not Authenticator.objects.filter(user=person).exists()


def test_a_recovery_code_replaces_the_app_once(client, vendor, person, at):
    set_up_app(client, at)
    page = client.get(f"{at}/2fa/recovery-codes/", follow=True).content.decode()
    code = re.search(r"<code>(\w+)</code>", page)[1]

    answers = []
    for _ in range(2):
        fresh = Client()
        fresh.post(f"{at}/login/", {"login": person.email, "password": build.PASSWORD})
        answers.append(fresh.post(f"{at}/2fa/authenticate/", {"code": code}).status_code)

    assert answers == [302, 422]


def test_guessing_codes_is_stopped(client, vendor, person, at):
    set_up_app(client, at)
    fresh = Client()
    fresh.post(f"{at}/login/", {"login": person.email, "password": build.PASSWORD})

    pages = [fresh.post(f"{at}/2fa/authenticate/", {"code": f"00000{i}"}).content.decode() for i in range(9)]

    assert "Too many" in pages[-1]


def test_a_portal_that_demands_a_second_factor_leads_there_and_says_why(client, vendor, person, at):
    VendorProfile.objects.update(demands_second_factor=True)

    answer = client.get(f"/{vendor.slug}/", follow=True)

    assert answer.redirect_chain == [(f"{at}/2fa/", 302)]
    assert f"{vendor.name} asks everybody for a second factor" in answer.content.decode()
    set_up_app(client, at)
    assert client.get(f"/{vendor.slug}/").status_code == 200


def test_every_page_about_ones_login_opens_in_our_design(client, vendor, person, at):
    set_up_app(client, at)
    pages = ["2fa/", "2fa/totp/deactivate/", "2fa/recovery-codes/", "2fa/recovery-codes/generate/", "2fa/webauthn/"]
    pages += ["2fa/webauthn/add/", "password/change/", "sessions/", "preferences/", "logout/"]

    for page in pages:
        for place in (at, "/accounts"):
            answer = client.get(f"{place}/{page}")

            assert answer.status_code == 200, page
            html = answer.content.decode()
            assert html.count("<h1") == 1, page
            assert not re.search(r"<script(?![^>]*(src=|application/json))", html), page
            assert " style=" not in re.sub(r'src="data:[^"]*"', "", html), page


def test_somebody_elses_key_cannot_be_renamed_or_removed(client, person, at):
    foreign = Authenticator.objects.create(user=build.user(), type=Authenticator.Type.WEBAUTHN, data={"name": "Key"})

    for door in ("edit", "remove"):
        assert client.post(f"{at}/2fa/webauthn/keys/{foreign.pk}/{door}/", {"name": "Mine"}).status_code == 404
    foreign.refresh_from_db()
    assert foreign.data == {"name": "Key"}
