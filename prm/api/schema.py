"""The description of the API, for programs."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from prm.accounts import actions
from prm.accounts.links import home_of
from prm.api.describing import schema_of


@require_GET
def schema(request: HttpRequest) -> HttpResponse:
    """Answer the OpenAPI description as whoever has the key may know it; any key opens it."""
    return JsonResponse(described(request))


def described(request: HttpRequest) -> dict[str, object]:
    """Return the description of this vendor's API."""
    return schema_of(home_of(request.vendor), f"{request.vendor.name} API")


schema.permission = actions.ENTER  # type: ignore[attr-defined]
