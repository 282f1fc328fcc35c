"""Everything the API refuses, in one shape: problem details (RFC 9457) as `application/problem+json`.

    {"title": "Conflict", "status": 409, "code": "not_possible", "detail": "…", "errors": {"close_on": ["…"]}}

`code` is for programs and never changes; `detail` and `errors` are the sentences that a page would show.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException

from prm.events.refusals import DomainError
from prm.policies import explanations
from prm.policies.values import Invalid

Errors = Mapping[str, Sequence[str]]
CONTENT_TYPE = "application/problem+json"
CODES = {400: "not_readable", 401: "key_missing", 403: "not_allowed", 404: "not_found", 405: "method_unknown"}
CODES |= {406: "not_acceptable", 413: "too_large", 415: "not_json", 429: "too_many_requests", 500: "broken"}


class ApiError(Exception):
    """A request that is not answered, and why."""

    def __init__(self, status: int, code: str, detail: str = "", errors: Errors | None = None) -> None:
        super().__init__(code)
        self.status, self.code, self.detail, self.errors = status, code, detail, errors


def problem(status: int, code: str = "", detail: str = "", errors: Errors | None = None) -> HttpResponse:
    """Return the answer that says what is wrong."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code or CODES.get(status, "refused"),
    }
    if detail:
        body["detail"] = detail
    if errors:
        body["errors"] = errors
    plain = {"ensure_ascii": False}
    return JsonResponse(body, status=status, content_type=CONTENT_TYPE, json_dumps_params=plain)


def answer(error: Exception, context: Any) -> HttpResponse | None:
    """Return how the API answers an error, or nothing for one that is nobody's refusal."""
    match error:
        case ApiError(status=status, code=code, detail=detail, errors=errors):
            return problem(status, code, detail, errors)
        case DomainError():
            return problem(409, error.code, error.sentence)
        case Invalid():
            return problem(422, "not_valid", _("Some of it is not right."), in_custom(error))
        case Http404():
            return problem(404, detail=_("There is no such record, or it is not yours."))
        case PermissionDenied():
            return problem(403, detail=_("The role of this key does not allow this."))
        case RequestDataTooBig():
            return problem(413, detail=_("Too much was sent at once."))
        case APIException(status_code=status, detail=detail):
            return problem(status, detail=str(detail))
    return None


def in_custom(error: Invalid) -> dict[str, list[str]]:
    """Return what is wrong with the values of custom fields, by their place in what was sent."""
    found: dict[str, list[str]] = {}
    for each in error.problems:
        found.setdefault(".".join(["custom", *map(str, each.path)]), []).append(str(explanations.problem(each)))
    return found
