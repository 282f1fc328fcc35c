"""Who comes in by a key, and as what."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from deals.models import Registration
from partners.models import Partner
from partners.services import partners
from prm.accounts.models import Membership, User
from prm.accounts.roles import Role
from prm.api import keys, middleware
from prm.api.keys import KeyNameTaken
from prm.api.models import ApiKey
from prm.events.models import Event
from prm.tenancy.context import as_system
from tests import build
from tests.prm.api.calling import Program, program

pytestmark = pytest.mark.django_db
LIST = "registrations"


@pytest.fixture
def admin(vendor):
    return build.member(Role.ADMIN)


def test_a_key_shows_what_a_person_of_its_role_sees(admin):
    deal = build.submitted()

    answer = program(admin).get(LIST)

    assert answer.status_code == 200
    assert [row["id"] for row in answer.json()["items"]] == [str(deal.pk)]


def test_a_partners_key_shows_the_records_of_its_firm_only(admin):
    owner = build.member(Role.PARTNER_ADMIN)
    own, other = build.submitted(by=owner), build.submitted()

    caller = program(owner)

    assert [row["id"] for row in caller.get(LIST).json()["items"]] == [str(own.pk)]
    assert caller.get(f"{LIST}/{other.pk}").status_code == 404


def test_a_key_of_another_vendor_opens_nothing(admin):
    elsewhere = build.vendor()
    with as_system(elsewhere.pk):
        theirs = program(build.member(Role.ADMIN))

    answer = Program(program(admin).vendor, theirs.secret).get(LIST)

    assert (answer.status_code, answer.json()["code"]) == (401, "key_unknown")
    assert theirs.get(LIST).status_code == 200


@pytest.mark.parametrize("secret", ["", "prm_nonsense", "Ä"])
def test_without_a_key_nothing_opens_and_the_answer_is_problem_details(admin, secret):
    build.submitted()

    answer = Program(program(admin).vendor, secret).get(LIST)

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == 401


def test_somebody_who_is_signed_in_opens_nothing_by_cookie(admin):
    client = Client()
    client.force_login(admin.user, backend="allauth.account.auth_backends.AuthenticationBackend")

    assert client.get(f"/{program(admin).vendor.slug}/api/v1/{LIST}").status_code == 401


def test_a_revoked_key_opens_nothing(admin):
    caller = program(admin)
    keys.revoke(caller.key, by=admin, at=timezone.now())

    assert caller.get(LIST).status_code == 401


def test_an_expired_key_opens_nothing(admin):
    assert program(admin, expires_at=timezone.now() - timedelta(seconds=1)).get(LIST).status_code == 401


def test_a_key_opens_only_its_scopes(admin):
    caller = program(admin, scopes=["deals:read"])

    assert caller.get(LIST).status_code == 200
    refused = caller.get("partners")
    assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")
    assert caller.post("touches", {}).json()["code"] == "scope_missing"


def test_a_key_may_do_no_more_than_its_role(admin):
    caller = program(admin, Role.FINANCE)

    assert caller.get("touches").status_code == 200
    assert caller.post("touches", {}).json()["code"] == "not_allowed"


def test_the_key_of_a_suspended_partner_opens_nothing_until_it_works_again(admin):
    owner = build.member(Role.PARTNER_ADMIN)
    caller, firm = program(owner), Partner.objects.get(pk=owner.partner_id)

    partners.suspend(firm, by=admin)
    assert caller.get(LIST).status_code == 401

    partners.restore(firm, by=admin)
    assert caller.get(LIST).status_code == 200


def test_a_distributors_key_reaches_as_far_as_its_people(admin):
    top = build.partner("Top", type="distributor")
    below = build.member(Role.PARTNER_SALES, of=build.partner("Below", distributor=top))
    deal = build.submitted(by=below)

    assert program(build.member(Role.PARTNER_ADMIN, of=top)).get(f"{LIST}/{deal.pk}").status_code == 200


def test_only_a_hash_of_the_secret_is_kept(admin):
    caller = program(admin)

    kept = ApiKey.objects.values().get()

    assert caller.secret not in str(kept)
    assert caller.secret.startswith(kept["start"])


def test_nobody_signs_in_as_a_machine_and_no_list_of_people_has_it(admin):
    caller = program(admin)
    machine = User.objects.get(pk=caller.key.user_id)

    assert not machine.is_active
    assert not machine.has_usable_password()
    assert not Membership.objects.filter(user=machine).exists()


def test_keys_are_made_and_revoked_in_the_audit_log(admin):
    caller = program(admin, name="CRM")
    keys.revoke(caller.key, by=admin, at=timezone.now())

    told = Event.objects.filter(subject_id=caller.key.pk).order_by("id").values_list("name", "by_id")

    assert list(told) == [("prm.api_key.made", admin.user_id), ("prm.api_key.revoked", admin.user_id)]


def test_two_keys_that_open_something_never_have_one_name(admin):
    first = program(admin, name="CRM")
    with pytest.raises(KeyNameTaken):
        program(admin, name="CRM")

    keys.revoke(first.key, by=admin, at=timezone.now())
    assert program(admin, name="CRM").get(LIST).status_code == 200


def test_the_key_says_when_it_was_last_used(admin):
    caller = program(admin)
    assert caller.key.last_used_at is None

    caller.get(LIST)

    caller.key.refresh_from_db()
    assert timezone.now() - caller.key.last_used_at < timedelta(minutes=1)


def test_a_key_that_asks_too_often_waits(admin, monkeypatch):
    monkeypatch.setattr(middleware, "REQUESTS", 2)
    caller, another = program(admin), program(admin)

    told = [caller.get(LIST).status_code for _ in range(3)]

    assert told == [200, 200, 429]
    assert another.get(LIST).status_code == 200


def test_a_key_that_asks_evenly_never_waits(admin, monkeypatch):
    monkeypatch.setattr(middleware, "REQUESTS", 2)
    caller = program(admin)

    with time_machine.travel(build.MONDAY, tick=False) as clock:
        told = []
        for _ in range(8):
            told.append(caller.get(LIST).status_code)
            clock.shift(timedelta(seconds=31))

    assert set(told) == {200}


def test_whoever_tries_keys_is_stopped(admin, monkeypatch):
    monkeypatch.setattr(middleware, "WRONG_KEYS", 1)
    stranger = Program(program(admin).vendor, "prm_guess")

    assert [stranger.get(LIST).status_code for _ in range(2)] == [401, 429]


def test_what_is_no_address_is_told_as_problem_details(admin):
    answer = program(admin).get("nothing/here")

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_an_answer_is_kept_by_nobody(admin):
    assert program(admin).get(LIST).headers["Cache-Control"] == "no-store"


def test_internal_fields_of_a_record_are_told_to_the_vendors_key_only(admin):
    owner = build.member(Role.PARTNER_ADMIN)
    deal = build.submitted(by=owner)
    Registration.objects.filter(pk=deal.pk).update(decision_note="Watch this one.")

    assert program(admin).get(f"{LIST}/{deal.pk}").json()["decision_note"] == "Watch this one."
    assert program(owner).get(f"{LIST}/{deal.pk}").json()["decision_note"] == ""
