"""Finding deals by parts of words."""

from __future__ import annotations

from uuid import UUID

from deals.queries import matching
from deals.rules.matching.profiles import Facts
from prm.tenancy import searching

MOST = 200
LONGEST = 200


def registrations(text: str, *, most: int = MOST) -> list[UUID]:
    """Return the ids of registrations by number, customer or website, the latest first.

    They are of the current tenant and within the walls of whoever asks; `visible_to` is still the caller's to apply.
    """
    return searching.ids("deals_search_registrations", text, most=most)


def customers(text: str, *, most: int = MOST) -> list[UUID]:
    """Return the ids of end customers by parts of what is written of them, and of those that it may mean otherwise.

    The second are what the conflict check finds: other spellings, abbreviations, other scripts. For the vendor's
    people only.
    """
    found = searching.ids("deals_search_customers", text, most=most)
    number = text if any(map(str.isdigit, text)) else ""
    meant = matching.matches(Facts(name=text[:LONGEST], number=number[:LONGEST]))
    return list(dict.fromkeys([*found, *(match.customer.pk for match in meant)]))
