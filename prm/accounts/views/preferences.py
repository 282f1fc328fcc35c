"""How the portal looks and speaks to one person."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from prm.accounts.forms import PreferencesForm
from prm.accounts.guards import for_anybody, for_signed_in
from prm.ui.context import DENSITIES, THEMES
from prm.ui.context import appearance as appearance_of

A_YEAR = 365 * 24 * 3600
CHOICES = {"theme": THEMES, "density": DENSITIES}


@for_signed_in
def edit(request: HttpRequest) -> HttpResponse:
    kept = appearance_of(request)
    initial = {"theme": kept["theme"], "density": kept["density"]}
    form = PreferencesForm(request.POST or None, instance=request.user, initial=initial)
    if request.method == "POST":
        if form.is_valid():
            user = form.save()
            with translation.override(user.language or translation.get_language()):
                messages.success(request, _("Preferences saved"))
            response = redirect("preferences")
            for name in CHOICES:
                _keep(response, name, form.cleaned_data[name])
            return response
        request.user.refresh_from_db()  # the page around the form shows what is saved, not what was refused
    return render(request, "accounts/preferences.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@for_anybody
def appearance(request: HttpRequest) -> HttpResponse:
    """Keep light or dark, and the density, in cookies, from where the server renders them."""
    back = request.META.get("HTTP_REFERER", "")
    is_ours = url_has_allowed_host_and_scheme(
        back, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    response = redirect(back if is_ours else "home")
    for name in CHOICES.keys() & request.POST.keys():
        _keep(response, name, request.POST[name])
    return response


def _keep(response: HttpResponse, name: str, value: str) -> None:
    if value in CHOICES[name]:
        response.set_cookie(name, value, max_age=A_YEAR, secure=settings.HTTPS, httponly=True, samesite="Lax")
    else:
        response.delete_cookie(name, samesite="Lax")
