"""Whether the vendor took a deal direct that a partner had registered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from deals.enums import DirectStage
from deals.rules.direct import Logged


def is_taken(
    logged: Iterable[Logged], *, sent_at: datetime, families: frozenset[UUID], stages: dict[UUID, DirectStage]
) -> bool:
    """Say whether an opportunity for the same was logged, or won, after a partner had sent its registration.

    `stages` are those of the opportunities by their ids.
    """
    for row in logged:
        is_about_it = not row.families or not families or bool(row.families & families)
        was_won = stages[row.record_id] == DirectStage.WON and row.closed_at is not None and row.closed_at >= sent_at
        if is_about_it and (was_won or row.logged_at >= sent_at):
            return True
    return False
