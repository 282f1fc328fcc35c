"""What identifies an end customer exactly; what makes two spellings one is the platform's (`prm.companies`)."""

from __future__ import annotations

from deals.enums import KeyKind
from prm.companies import domain_key, name_key, tax_key


def of_customer(*, name: str, website: str, tax_id: str, country: str) -> dict[KeyKind, str]:
    """Return the keys these facts give, the strongest first."""
    found = {
        KeyKind.TAX_ID: tax_key(tax_id, country),
        KeyKind.DOMAIN: domain_key(website),
        KeyKind.NAME: name_key(name, country),
    }
    return {kind: value for kind, value in found.items() if value}
