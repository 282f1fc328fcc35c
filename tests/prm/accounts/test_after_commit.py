"""What allauth does once the request's transaction is over: only a test that commits sees it."""

from allauth.mfa.totp.internal import auth as totp
from django.test import Client

from prm.accounts.roles import Role
from prm.tenancy.context import as_system
from tests import build
from tests.prm.accounts.test_second_factor import code_for


def test_setting_up_a_second_factor_ends_well_for_a_member(committed):
    vendor = build.vendor()
    with as_system(vendor.pk):
        person = build.member(Role.FINANCE).user
    client, at = Client(), f"/{vendor.slug}/accounts"
    client.post(f"{at}/login/", {"login": person.email, "password": build.PASSWORD})
    client.post(f"{at}/reauthenticate/", {"password": build.PASSWORD})
    secret = client.get(f"{at}/2fa/totp/activate/").context["form"].secret

    answer = client.post(f"{at}/2fa/totp/activate/", {"code": code_for(secret)}, follow=True)

    assert answer.status_code == 200
    assert "Authenticator app set up" in answer.content.decode()
    assert totp.SECRET_SESSION_KEY not in client.session
