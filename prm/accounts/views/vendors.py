"""A vendor's settings, and what its roles may do."""

from __future__ import annotations

from itertools import groupby

from django.apps import apps
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from prm.accounts import actions, vendors
from prm.accounts.forms import BrandForm
from prm.accounts.guards import requires
from prm.accounts.models import VendorProfile
from prm.accounts.permissions import MATRIX
from prm.accounts.roles import Role


@requires(actions.CHANGE_BRAND)
def brand(request: HttpRequest) -> HttpResponse:
    profile = VendorProfile.objects.get()
    if request.method != "POST":
        return render(request, "accounts/brand.html", {"form": BrandForm(instance=profile)})
    form = BrandForm(request.POST, instance=profile)
    if form.is_valid():
        wanted = {name: form.cleaned_data[name] for name in vendors.SETTINGS}
        try:
            vendors.change_settings(wanted, seen=form.cleaned_data["seen"], by=request.member, at=timezone.now())
        except vendors.SettingsChangedMeanwhile as refusal:
            return _show_both(request, form, refusal)
        messages.success(request, _("Settings saved"))
        return redirect("brand")
    return render(request, "accounts/brand.html", {"form": form}, status=422)


def _show_both(request: HttpRequest, form: BrandForm, refusal: vendors.SettingsChangedMeanwhile) -> HttpResponse:
    """Keep what was typed, and say beside each field what somebody else saved meanwhile."""
    now = VendorProfile.objects.get()
    form.refuse(refusal)
    for name in vendors.SETTINGS:
        theirs = getattr(now, name)
        if theirs != form.cleaned_data.get(name, theirs):
            form.add_error(name, _("Now saved: %(value)s") % {"value": _in_words(form, name, theirs)})
    form.data = form.data.copy()
    form.data["seen"] = vendors.fingerprint(now)
    return render(request, "accounts/brand.html", {"form": form}, status=422)


def _in_words(form: BrandForm, name: str, value: object) -> str:
    if isinstance(value, bool):
        return _("on") if value else _("off")
    choices = dict(getattr(form.fields[name], "choices", ()))
    return str(choices.get(value, value))


@require_GET
@requires(actions.READ_ROLES)
def roles(request: HttpRequest) -> HttpResponse:
    by_app = groupby(sorted(MATRIX.values(), key=lambda it: it.action), key=lambda it: it.action.partition(".")[0])
    groups = [
        (
            apps.get_app_config(app).verbose_name,
            [(entry.label, [(role.label, role in entry.roles) for role in Role]) for entry in entries],
        )
        for app, entries in by_app
    ]
    return render(request, "accounts/roles.html", {"groups": groups, "roles": list(Role), "columns": len(Role) + 1})
