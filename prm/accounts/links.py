"""What mails and documents need to know outside of any request: full addresses and the vendor's letterhead."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import get_script_prefix, reverse

from prm.accounts.models import VendorProfile
from prm.tenancy.middleware import URLCONF
from prm.tenancy.models import Vendor
from prm.ui.brand import brand_of


def absolute_url(name: str, *args: Any, vendor: Vendor | None = None) -> str:
    """Return the full address of a page: in the vendor's portal, on its own domain if it has one, or outside."""
    path = reverse(name, urlconf=URLCONF if vendor else settings.ROOT_URLCONF, args=args)
    return home_of(vendor) + path.removeprefix(get_script_prefix().rstrip("/"))


def outside(name: str) -> str:
    """Return the address of a page of the installation, to be linked from a page of a portal."""
    prefix = get_script_prefix().rstrip("/")
    path = reverse(name, urlconf=settings.ROOT_URLCONF).removeprefix(prefix)
    return path if prefix else settings.SITE_URL + path  # a vendor's own domain has no prefix


def home_of(vendor: Vendor | None) -> str:
    """Return the address of a portal without the slash at its end."""
    if vendor is None:
        return settings.SITE_URL
    if domain := vendor.domains.order_by("host").first():
        return f"{urlsplit(settings.SITE_URL).scheme}://{domain.host}"
    return f"{settings.SITE_URL}/{vendor.slug}"


def letterhead(vendor: Vendor | None, profile: VendorProfile | None) -> dict[str, Any]:
    """Return the `brand` of mails: the vendor's, or the installation's."""
    look = brand_of(profile)
    name = vendor.name if vendor else settings.SITE_NAME
    return {"name": name, "color": look.color, "on_color": getattr(look, "on_color", "#ffffff")}
