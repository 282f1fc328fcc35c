"""Lets programs in by their key: from here on a key's machine stands where a signed-in person would.

Cookies open nothing here, so that no page of somebody else can make a browser ask. Requests are counted before the
transaction of the request begins: its counter would make the requests of one key wait for each other.
"""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from prm import limits
from prm.accounts.models import NoMember
from prm.api import keys
from prm.api.problems import CONTENT_TYPE, ApiError, problem

Handler = Callable[[HttpRequest], HttpResponse]
PREFIX = "/api/"
MINUTE = 60
REQUESTS = 600  # of a key
WRONG_KEYS = 30  # from an address


class ApiMiddleware:
    """Answers requests below `/<slug>/api/` as the machine of their key, and all refusals as problem details."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.vendor is None or not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        request.user, request.member, request.portals = AnonymousUser(), NoMember(), ()
        try:
            self._let_in(request)
        except ApiError as error:
            refused = problem(error.status, error.code, error.detail)
            if error.status == 401:
                refused["WWW-Authenticate"] = "Bearer"
            elif error.status == 429:
                refused["Retry-After"] = str(MINUTE)
            return refused
        response = self.get_response(request)
        if response.status_code >= 400 and response.headers.get("Content-Type") != CONTENT_TYPE:
            response = problem(response.status_code)
        response["Cache-Control"] = "no-store"
        return response

    @staticmethod
    def _let_in(request: HttpRequest) -> None:
        scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not secret.strip():
            raise ApiError(401, "key_missing", _("Send an API key: Authorization: Bearer …"))
        try:
            found = keys.holder_of(request.vendor, secret.strip(), timezone.now())
            if found is None:
                limits.count(request, "wrong-key", most=WRONG_KEYS, seconds=MINUTE)
                raise ApiError(401, "key_unknown", _("This key opens nothing here: it is unknown, expired or revoked."))
            request.api_key, request.member = found
            request.user = request.member.user
            limits.count(request, "api", most=REQUESTS, seconds=MINUTE, who=str(request.api_key.pk))
        except limits.TooMany as error:
            raise ApiError(429, "too_many_requests", _("Too many requests within a minute.")) from error
