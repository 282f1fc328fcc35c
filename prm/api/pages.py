"""Pages of a list: the filters of the page in the portal, but strict, and a cursor that never repeats a row.

Without a `sort` rows come in the order in which they were begun. A draft that is sent later has its place among them,
so that a list is what is there when it is read, and no feed of what is new.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.request import Request

from prm.accounts.models import Membership
from prm.api.problems import ApiError
from prm.api.resources import Resource
from prm.ui import keyset
from prm.ui.lists import AFTER, SORT, Listing

LIMIT = "limit"
MOST, USUAL = 200, 50
OWN = {AFTER, SORT, LIMIT}


@dataclass(frozen=True)
class Page:
    rows: list[Any]
    next_url: str | None


def of(resource: Resource, request: Request, member: Membership) -> Page:
    """Return the page that is asked for, or raise `ApiError` with every parameter that means nothing."""
    params = request.query_params
    listing = resource.listing(params, resource.rows(member))
    listing.first_sort = ""  # type: ignore[misc]
    errors = {
        name: [str(each) or _("This is no choice.") for each in told] for name, told in listing.form.errors.items()
    }
    for name in params.keys() - listing.form.fields.keys() - OWN:
        errors[name[:80]] = [_("There is no such filter.")]
    cursor = keyset.read(params.get(AFTER, ""), listing.sort)
    if params.get(SORT) and listing.sort != params[SORT]:
        errors[SORT] = [_("This is no order of this list.")]
    elif params.get(AFTER) and cursor is None:
        errors[AFTER] = [_("This is no cursor of this list and order.")]
    size = params.get(LIMIT, str(USUAL))
    if not (size.isascii() and size.isdecimal() and len(size) <= len(str(MOST)) and 0 < int(size) <= MOST):
        errors[LIMIT] = [_("A number from 1 to %(most)s.") % {"most": MOST}]
    if errors:
        raise ApiError(422, "not_valid", _("Some of it is not right."), errors)
    return _page(listing, cursor, int(size), request)


def _page(listing: Listing, cursor: keyset.Cursor | None, size: int, request: Request) -> Page:
    rows, has_more = listing.from_cursor(cursor, size)
    if not has_more:
        return Page(rows, None)
    asked = request.query_params.copy()
    asked[AFTER] = listing.cursor_at(rows[-1])
    return Page(rows, request.build_absolute_uri(f"?{asked.urlencode()}"))
