"""What a document's paper shows of whoever issues it, as it was when the document was asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from prm.accounts.links import absolute_url
from prm.accounts.models import VendorProfile
from prm.tenancy.models import Vendor
from prm.ui.brand import brand_of


def letterhead(vendor: Vendor, profile: VendorProfile, code: str) -> dict[str, Any]:
    """Return the vendor's name, colours, address for questions and zone, and where the document is checked."""
    look = brand_of(profile)
    return {
        "name": vendor.name,
        "lines": [],
        "color": look.color,
        "on_color": look.on_color,
        "ink": look.ink,
        "support": profile.support_email,
        "time_zone": profile.time_zone,
        "verify_url": absolute_url("document-verification", code, vendor=vendor),
    }


def sheet(kept: Mapping[str, Any]) -> str:
    """Return the colours of a letterhead as CSS; they were validated as colours when the brand was saved."""
    return f":root {{ --brand: {kept['color']}; --on-brand: {kept['on_color']}; --brand-ink: {kept['ink']}; }}\n"
