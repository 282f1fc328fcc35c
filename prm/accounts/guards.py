"""The door of every page of a vendor's portal."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from prm.accounts.permissions import Permission

View = Callable[..., HttpResponse]


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
