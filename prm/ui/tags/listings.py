"""What surrounds a table of `prm.ui.lists`: filters in words, sort links, pages."""

from typing import Any

from django.template import Library

from prm.ui.lists import Listing

register = Library()


@register.inclusion_tag("components/chips.html")
def chips(listing: Listing, *, keys: bool = False) -> dict[str, Any]:
    """The active filters in words, each with a link without it, and the form to add one; `keys` hints at J and K."""
    return {"listing": listing, "keys": keys}


@register.inclusion_tag("components/sort_header.html")
def sort_header(listing: Listing, name: str, label: str, *, end: bool = False) -> dict[str, Any]:
    """A column head that sorts; a second click turns the order."""
    direction = listing.direction_of(name)
    return {"label": label, "url": listing.sort_url(name), "direction": direction, "end": end}


@register.inclusion_tag("components/pager.html")
def pager(listing: Listing) -> dict[str, Any]:
    """How many rows there are, and the way to the next ones."""
    return {"listing": listing}
