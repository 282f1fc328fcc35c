"""What a browser finds to look at: one record for each kind of page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from quotes.services import approvals, links, orders, price_lists, quotes
from tests.quotes import build


def records(scene: Any, now: datetime) -> list[Any]:
    """A price list with a draft of its next version, quotes in the states that look differently, and orders."""
    build.terms()
    edge, mesh = build.product("Edge 400"), build.product("Mesh access point", family="mesh")
    version = build.price_list({edge: (1640, {25: 1560}), mesh: 210}, name="Europe")
    next_version = price_lists.draft(version.price_list, by=None, at=now)
    facts: dict[str, Any] = {"by": scene.owner, "at": now}
    lines = [build.line(edge, 30, 22, "Two rivals.", resale=1500), build.line(mesh, 12)]
    draft, sent = (build.quote(*lines, **facts) for _ in range(2))
    quotes.send(sent, **facts)

    asked, approved, rejected = (build.requested(build.some(edge, special=20), **facts) for _ in range(3))
    decided: dict[str, Any] = {"by": scene.manager, "at": now}
    approvals.ask(asked, question="Who else offers?", **decided)
    approvals.approve(approved, **decided)
    approvals.reject(rejected, reason_code="too_high", note="15 %.", **decided)
    issued = build.issued(build.some(edge, resale=1900), **facts)
    links.make(issued, **facts)
    placed, taken = (build.ordered(build.some(edge), **facts) for _ in range(2))
    orders.acknowledge(taken, **decided)
    revisions = [sent, issued, approved, rejected, asked]
    return [
        draft.quote,
        *(revision.quote for revision in revisions),
        *revisions,
        placed,
        taken,
        version.price_list,
        version,
        next_version,
    ]
