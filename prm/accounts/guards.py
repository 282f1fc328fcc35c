"""The door of every page of a vendor's portal."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from prm.accounts.permissions import Permission

View = Callable[..., HttpResponse]
ANYBODY = "anybody"
SIGNED_IN = "signed in"


def requires(needed: Permission) -> Callable[[View], View]:
    """Let a view be reached only by members whose role has the permission.

    A visitor is sent to sign in; somebody who is no member of this vendor is told that nothing is
    here, so that a vendor's pages cannot be told from pages that do not exist.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if request.member.pk is None:
                raise Http404
            if request.profile.demands_second_factor and not is_mfa_enabled(request.user):
                return redirect("mfa_index")
            if not request.member.has(needed):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.permission = needed  # type: ignore[attr-defined]
        return guarded

    return decorate


def for_signed_in(view: View) -> View:
    """Let everybody with a login reach a page about themselves, whichever vendor's portal it is opened in."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    guarded.permission = SIGNED_IN  # type: ignore[attr-defined]
    return guarded


def for_anybody(view: View) -> View:
    """Say that a page is public on purpose: it is protected by a secret in its address, or shows nothing private."""
    view.permission = ANYBODY  # type: ignore[attr-defined]
    return view


def sign_in_page(view: View, *, permission: str = ANYBODY) -> View:
    """Take a page of allauth into the portal: never kept by browsers, and 422 when it refuses what was typed."""

    @wraps(view)
    @never_cache
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if request.method == "POST" and response.status_code == 200 and _refuses(response):
            response.status_code = 422
        return response

    page.permission = permission  # type: ignore[attr-defined]
    return page


def _refuses(response: HttpResponse) -> bool:
    context = getattr(response, "context_data", None) or {}
    return any(isinstance(value, BaseForm) and value.errors for value in context.values())
