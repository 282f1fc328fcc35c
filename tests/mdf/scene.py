"""What a browser finds to look at: one record for each kind of page."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from mdf.services import decisions
from tests import build
from tests.mdf import build as mdf
from tests.mdf import claim_build


def records(scene: Any, now: datetime) -> list[Any]:
    """Make records that the partner `scene.partner` and the vendor's people see, and return those with pages."""
    today = now.date()
    fund = mdf.fund(60_000, at=now, name="Spring fund", starts_on=today, ends_on=today + timedelta(days=300))
    draft_fund = mdf.draft_fund(name="Autumn fund", starts_on=today, ends_on=today + timedelta(days=300), at=now)
    earlier = now - timedelta(hours=2)
    share = mdf.allocation(30_000, of=fund, to=scene.partner, at=earlier)
    mdf.allocation(10_000, of=fund, to=build.partner("Kestrel Marketing"), at=earlier)
    facts = {
        "by": scene.owner,
        "at": now - timedelta(hours=1),
        "starts_on": today + timedelta(days=40),
        "ends_on": today + timedelta(days=41),
    }
    decided = {"by": scene.manager, "at": now}
    asked = mdf.submitted(share, title="Webinar series", **facts)
    large = mdf.submitted(share, title="Trade fair", costs=(9_000, 4_000), **facts)
    rejected = mdf.submitted(share, title="Golf day", **facts)
    return [
        mdf.draft(share, title="Customer breakfast", **facts),
        mdf.submitted(share, title="Spring roadshow", **facts),
        decisions.ask(asked, question="Who speaks?", fields=("lines", "title", "files"), **decided),
        decisions.approve(large, mdf.amounts_of(large), **decided),
        decisions.reject(rejected, reason_code="no_fit", note="Not for plant managers.", **decided),
        mdf.approved(share, 1_200, 0, title="Print campaign", **facts),
        share,
        fund,
        draft_fund,
        mdf.activity_type(),
        *claim_build.in_every_state(scene.owner, scene.manager, now),
    ]
