"""Finds the vendor in the URL: `/<slug>/…`, or no prefix on the vendor's own domain.

The slug moves from the path to the script prefix, so URL patterns never mention it and `reverse`
stays inside the vendor's portal. The session never says which vendor: two tabs cannot mix.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import get_script_prefix, set_script_prefix

from prm.tenancy.models import Vendor

Handler = Callable[[HttpRequest], HttpResponse]
URLCONF = "prm.urls_vendor"
RESERVED = frozenset({"accounts", "api", "healthz", "metrics", "operator", "portals", "readyz", "static", "vendors"})


class VendorMiddleware:
    """Sets `request.vendor` (or None) and, inside a vendor's portal, its URL patterns."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.vendor = None
        prefix_before = get_script_prefix()
        host = request.get_host().rpartition(":")[0] or request.get_host() if "HTTP_HOST" in request.META else ""
        slug, _, rest = request.path_info.lstrip("/").partition("/")
        if (vendor := _by_host(host)) is not None:
            self._enter(request, vendor)
        elif slug and (vendor := _by_slug(slug)) is not None:
            prefix = f"{request.META.get('SCRIPT_NAME', '')}/{slug}/"
            request.path_info = f"/{rest}"
            set_script_prefix(prefix)
            self._enter(request, vendor)
        try:
            return self.get_response(request)
        finally:
            set_script_prefix(prefix_before)

    @staticmethod
    def _enter(request: HttpRequest, vendor: Vendor) -> None:
        request.vendor = vendor
        request.urlconf = URLCONF


def _by_slug(slug: str) -> Vendor | None:
    if slug in RESERVED:
        return None
    return Vendor.objects.filter(slug=slug, status=Vendor.Status.ACTIVE).first()


def _by_host(host: str) -> Vendor | None:
    if host in settings.ALLOWED_HOSTS or not host:
        return None  # the installation's own address
    return Vendor.objects.filter(domains__host=host, status=Vendor.Status.ACTIVE).first()
