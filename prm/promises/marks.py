"""How lists of what waits mark the rows whose promised time others were told of."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from prm.promises import clocks
from prm.tenancy.models import TenantModel
from prm.ui.states import State

ESCALATED = State("bad", "warn", _("Escalated"))


def of(rows: Iterable[TenantModel]) -> dict[UUID, State]:
    """Return the marks of the rows that have one, in one query."""
    return dict.fromkeys(clocks.escalated(row.pk for row in rows), ESCALATED)
