"""Who did what when, in an order that can be proven to both sides.

For records' pages: `prm.audit.queries.timeline(record)` and `prm.audit.head_of_chain()`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prm.audit.models import Seal


def head_of_chain() -> Seal | None:
    """Return the last seal of the current tenant, or nothing while there is none."""
    from prm.audit import queries  # models cannot be imported while the apps are loaded

    return queries.head_of_chain()
