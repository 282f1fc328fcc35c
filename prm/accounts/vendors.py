"""Opening a vendor's portal on this installation."""

from __future__ import annotations

from typing import Any

from prm.accounts.models import VendorProfile
from prm.events.service import service
from prm.tenancy.context import as_system
from prm.tenancy.middleware import RESERVED
from prm.tenancy.models import Vendor


@service
def open_portal(slug: str, name: str, **profile: Any) -> Vendor:
    """Make a vendor and its profile (brand, time zone, language, currency); raises `ValueError` for a reserved slug."""
    if slug in RESERVED:
        raise ValueError(f"{slug} is a page of the installation.")
    vendor = Vendor.objects.create(slug=slug, name=name)
    with as_system(vendor.pk):
        VendorProfile(**profile).save(force_insert=True)
    return vendor
