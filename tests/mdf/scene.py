"""What a browser finds to look at: one record for each kind of page."""

from __future__ import annotations

from datetime import datetime
from typing import Any


def records(scene: Any, now: datetime) -> list[Any]:
    """Make records that the partner `scene.partner` and the vendor's people see, and return those with pages."""
    return []
