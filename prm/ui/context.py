"""What every layout needs: the reader's appearance and the vendor's brand."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from prm.ui.brand import brand_of

THEMES = ("light", "dark")
DENSITIES = ("compact",)

# What the shell links to, by the URL name that answers it. A page that does not exist has no link.
LINKS = {
    "home": "home",
    "search": "search",
    "help": "help",
    "notifications": "notifications",
    "preferences": "preferences",
    "appearance": "appearance",
    "sign_out": "account_logout",
}


def portal(request: HttpRequest) -> dict[str, Any]:
    """Appearance, brand and links; and for whole pages the shell, which `request.shell` makes when asked."""
    context = {"appearance": appearance(request), "brand": brand(request), "links": links()}
    shell = getattr(request, "shell", None)
    if shell and not getattr(request, "htmx", False):
        context |= shell()
    return context


def appearance(request: HttpRequest) -> dict[str, str]:
    """From cookies, so that the server renders it and nothing flashes."""
    theme, density = request.COOKIES.get("theme", ""), request.COOKIES.get("density", "")
    wants_keys = getattr(getattr(request, "user", None), "has_shortcuts", True)
    return {
        "theme": theme if theme in THEMES else "",
        "density": density if density in DENSITIES else "",
        "shortcuts": "" if wants_keys else "off",
    }


def brand(request: HttpRequest) -> dict[str, str]:
    """The vendor's name, mark and sheet; the installation's outside of a vendor's portal."""
    vendor = getattr(request, "vendor", None)
    profile = getattr(request, "profile", None)
    look = brand_of(profile)
    return {
        "name": vendor.name if vendor else settings.SITE_NAME,
        "sub": getattr(request, "portal_name", ""),
        "color": look.color,
        "on_color": look.on_color,
        "sheet_url": _address("brand-sheet", look.digest) if vendor else "",
        "logo_url": getattr(profile, "logo_url", "") or "",
        "support_url": f"mailto:{profile.support_email}" if profile and profile.support_email else "",
    }


def links() -> dict[str, str]:
    """The addresses of the shell that exist here."""
    return {word: _address(name) for word, name in LINKS.items()}


def _address(name: str, *args: str) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
