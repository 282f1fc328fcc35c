"""Countries by their ISO 3166 code, named in the reader's language."""

from __future__ import annotations

from functools import cache

from babel import Locale
from django.utils.translation import get_language, to_locale

NOT_COUNTRIES = {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"}


def choices() -> list[tuple[str, str]]:
    """Return codes and names, by name, for a select."""
    return list(_choices(to_locale(get_language() or "en")))


def name_of(code: str) -> str:
    """Return a country's name in the reader's language; an unknown code names itself."""
    return Locale.parse(to_locale(get_language() or "en")).territories.get(code, code)


@cache
def _choices(locale: str) -> tuple[tuple[str, str], ...]:
    names = Locale.parse(locale).territories
    countries = [(c, n) for c, n in names.items() if len(c) == 2 and c.isalpha() and c not in NOT_COUNTRIES]
    return tuple(sorted(countries, key=lambda entry: entry[1]))
