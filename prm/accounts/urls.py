"""Signing in and a person's own settings: the same pages for the installation and inside every vendor's portal.

allauth's pages are listed one by one, so that nothing it offers is open by accident: there is no sign-up and no
change of e-mail address, because an invitation's link is what proves an address.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.urls import path, re_path

from prm.accounts.guards import SIGNED_IN, View, sign_in_page
from prm.accounts.views import portals, preferences, signing_in


def own(view: View) -> View:
    """A page of allauth about the person who is signed in."""
    return sign_in_page(view, permission=SIGNED_IN)


KEY = r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$"

urlpatterns = [
    # signing in and out
    path("login/", sign_in_page(signing_in.login), name="account_login"),
    path("logout/", sign_in_page(account.logout), name="account_logout"),
    path("inactive/", sign_in_page(account.account_inactive), name="account_inactive"),
    path("2fa/authenticate/", sign_in_page(signing_in.second_step), name="mfa_authenticate"),
    path("2fa/webauthn/login/", sign_in_page(passkeys.login_webauthn), name="mfa_login_webauthn"),
    path("signup/", portals.no_sign_up, name="account_signup"),  # allauth wants to be able to name it
    # a forgotten password
    path("password/reset/", sign_in_page(signing_in.password_reset), name="account_reset_password"),
    path("password/reset/done/", sign_in_page(account.password_reset_done), name="account_reset_password_done"),
    re_path(KEY, sign_in_page(signing_in.password_reset_from_key), name="account_reset_password_from_key"),
    path(
        "password/reset/key/done/",
        sign_in_page(account.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    # confirming that it is still you
    path("reauthenticate/", own(signing_in.reauthenticate), name="account_reauthenticate"),
    path("2fa/reauthenticate/", own(signing_in.reauthenticate_with_code), name="mfa_reauthenticate"),
    path("2fa/webauthn/reauthenticate/", own(passkeys.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
    # a person's own settings
    path("preferences/", preferences.edit, name="preferences"),
    path("appearance/", preferences.appearance, name="appearance"),
    path("password/change/", own(signing_in.password_change), name="account_change_password"),
    path("password/set/", own(signing_in.password_set), name="account_set_password"),
    path("sessions/", own(signing_in.list_devices), name="usersessions_list"),
    path("2fa/", own(mfa.index), name="mfa_index"),
    path("2fa/totp/activate/", own(totp.activate_totp), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", own(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", own(recovery_codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "2fa/recovery-codes/generate/", own(recovery_codes.generate_recovery_codes), name="mfa_generate_recovery_codes"
    ),
    path(
        "2fa/recovery-codes/download/", own(recovery_codes.download_recovery_codes), name="mfa_download_recovery_codes"
    ),
    path("2fa/webauthn/", own(passkeys.list_webauthn), name="mfa_list_webauthn"),
    path("2fa/webauthn/add/", own(signing_in.add_passkey), name="mfa_add_webauthn"),
    path("2fa/webauthn/keys/<int:pk>/remove/", own(passkeys.remove_webauthn), name="mfa_remove_webauthn"),
    path("2fa/webauthn/keys/<int:pk>/edit/", own(passkeys.edit_webauthn), name="mfa_edit_webauthn"),
]
