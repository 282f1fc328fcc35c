"""allauth's pages in our words. What they do stays allauth's."""

from __future__ import annotations

from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.webauthn import views as passkeys
from allauth.usersessions import views as usersessions
from django.forms import BaseForm
from django.utils.translation import gettext_lazy as _

from prm.accounts import devices
from prm.ui import navigation

LABELS = {"login": _("Work e-mail"), "email": _("Work e-mail"), "code": _("Code")}


def in_our_words(form: BaseForm) -> BaseForm:
    """Give the fields the labels we use everywhere; a placeholder is no label and only looks like an answer."""
    for name, field in form.fields.items():
        field.widget.attrs.pop("placeholder", None)
        field.label = LABELS.get(name, field.label)
    return form


class OurWords:
    def get_form(self, *args: Any, **kwargs: Any) -> BaseForm:
        return in_our_words(super().get_form(*args, **kwargs))  # type: ignore[misc]


class Login(OurWords, account.LoginView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"entrances": navigation.entrances(self.request)}


class PasswordReset(OurWords, account.PasswordResetView):
    pass


class PasswordResetFromKey(OurWords, account.PasswordResetFromKeyView):
    pass


class PasswordChange(OurWords, account.PasswordChangeView):
    pass


class PasswordSet(OurWords, account.PasswordSetView):
    pass


class Reauthenticate(OurWords, account.ReauthenticateView):
    pass


class ReauthenticateWithCode(OurWords, mfa.ReauthenticateView):
    pass


class SecondStep(mfa.AuthenticateView):
    def _build_forms(self) -> BaseForm | None:
        posted = super()._build_forms()
        if self.auth_form:
            in_our_words(self.auth_form)
        return posted


class AddPasskey(OurWords, passkeys.AddWebAuthnView):
    def get_form(self, *args: Any, **kwargs: Any) -> BaseForm:
        """Offer the device's own name, and the better kind: a key that needs no password beside it."""
        form = super().get_form(*args, **kwargs)
        form.initial["name"] = devices.name_of(self.request.headers.get("user-agent", ""))
        choice = form.fields["passwordless"]
        choice.label = _("Sign in with it alone, without a password")
        choice.help_text = _("Asks for your fingerprint, face or PIN. Older security keys cannot do this: untick it.")
        choice.initial = True
        return form


class Devices(usersessions.ListUserSessionsView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        for session in context["sessions"]:
            session.device = devices.name_of(session.user_agent)
        return context


login = Login.as_view()
password_reset = PasswordReset.as_view()
password_reset_from_key = PasswordResetFromKey.as_view()
password_change = PasswordChange.as_view()
password_set = PasswordSet.as_view()
reauthenticate = Reauthenticate.as_view()
reauthenticate_with_code = ReauthenticateWithCode.as_view()
second_step = SecondStep.as_view()
add_passkey = AddPasskey.as_view()
list_devices = Devices.as_view()
