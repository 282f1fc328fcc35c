"""The accounts the vendor pays from."""

from __future__ import annotations

from mdf.models import PayingAccount


def in_use(currency: str = "") -> list[PayingAccount]:
    """Return the accounts in use, all or those of a currency, the first added before the others."""
    rows = PayingAccount.objects.filter(closed_at__isnull=True)
    if currency:
        rows = rows.filter(currency=currency)
    return list(rows.order_by("currency", "added_at", "id"))
