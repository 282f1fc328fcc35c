"""What a browser finds to look at: one record for each kind of page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from quotes.services import price_lists, quotes
from tests.quotes import build


def records(scene: Any, now: datetime) -> list[Any]:
    """A price list with a draft of its next version, and a quote that the partner writes and has sent in part."""
    build.terms()
    edge, mesh = build.product("Edge 400"), build.product("Mesh access point", family="mesh")
    version = build.price_list({edge: (1640, {25: 1560}), mesh: 210}, name="Europe")
    next_version = price_lists.draft(version.price_list, by=None, at=now)
    lines = [build.line(edge, 30, 22, "Two rivals.", resale=1500), build.line(mesh, 12)]
    draft, sent = (build.quote(*lines, by=scene.owner, at=now) for _ in range(2))
    quotes.send(sent, by=scene.owner, at=now)
    return [draft.quote, sent.quote, version.price_list, version, next_version]
