"""Where administrators make keys and read what the API offers."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from prm.accounts.roles import Role
from prm.api.models import ApiKey
from prm.tenancy.models import Vendor
from tests import build
from tests.architecture.test_routes import BACKEND
from tests.prm.api.calling import Program, program

pytestmark = pytest.mark.django_db
SAID = {"name": "CRM", "role": "channel_manager", "scopes": ["deals:read"], "days": "90"}


def signed_in(member):
    client = Client()
    client.force_login(member.user, backend=BACKEND)
    return client, f"/{Vendor.objects.get(pk=member.tenant_id).slug}/api-keys/"


def test_the_secret_is_shown_once_and_opens_what_was_chosen(vendor):
    client, address = signed_in(build.member(Role.ADMIN))

    shown = client.post(f"{address}new/", SAID).content.decode()

    secret = re.findall(r"prm_[\w-]{43}", shown)[0]
    assert Program(vendor, secret).get("registrations").status_code == 200
    assert secret not in client.get(address).content.decode()


def test_a_page_that_is_sent_again_makes_no_second_key(vendor):
    client, address = signed_in(build.member(Role.ADMIN))
    client.post(f"{address}new/", SAID)

    assert client.post(f"{address}new/", SAID).status_code == 422
    assert ApiKey.objects.count() == 1


@pytest.mark.parametrize(
    "wrong", [{"role": "partner_admin"}, {"scopes": ["people:read"]}, {"scopes": []}, {"days": "9"}]
)
def test_nobody_makes_a_key_of_another_kind(vendor, wrong):
    client, address = signed_in(build.member(Role.ADMIN))

    assert client.post(f"{address}new/", SAID | wrong).status_code == 422
    assert not ApiKey.objects.exists()


def test_a_partners_administrator_makes_keys_of_its_own_firm(vendor):
    owner = build.member(Role.PARTNER_ADMIN)
    client, address = signed_in(owner)

    assert client.post(f"{address}new/", SAID | {"role": "partner_sales"}).status_code == 200
    assert ApiKey.objects.get().partner_id == owner.partner_id


def test_an_administrator_revokes_the_key_of_a_partner_too(vendor):
    caller = program(build.member(Role.PARTNER_ADMIN), name="Their tool")
    client, address = signed_in(build.member(Role.ADMIN))
    assert "Their tool" in client.get(address).content.decode()

    client.post(f"{address}{caller.key.pk}/revocation/")

    assert caller.get("registrations").status_code == 401


def test_the_documentation_says_every_address(vendor):
    client, address = signed_in(build.member(Role.ADMIN))

    told = client.get(f"{address}documentation/").content.decode()

    assert "POST /api/v1/direct-opportunities" in told
    assert "customer.website" in told
