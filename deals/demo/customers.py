"""A customer that was written down twice, until somebody saw it, and the group it belongs to."""

from __future__ import annotations

from deals.models import EndCustomer
from deals.services import customer_book, merging
from prm.accounts.models import Membership
from prm.accounts.roles import Role
from prm.demo.clock import Story
from prm.demo.scenes import Scene

KEPT = "Riksvakten AB"
HOLDING = {"name": "Norrsken Invest AB", "country": "SE", "city": "Stockholm"}
SISTERS = ("Fjordlarm AB", "Solna Bevakning AB")
WRITTEN = {"name": "Rikswakten Säkerhet", "country": "SE", "city": "Solna", "phone": "+46 8 5550 1840"}


def written_twice(scene: Scene) -> Story:
    """A channel manager writes a customer down as the trade fair's list has it, and merges it a week later."""
    at = scene.at(scene.workday(scene.ago(70)), 15)
    yield at
    by = Membership.objects.filter(role=Role.CHANNEL_MANAGER).order_by("pk")[0]
    written = customer_book.add(WRITTEN, by=by, at=at)
    at = scene.at(scene.workday(scene.ago(62)), 10)
    yield at
    kept = merging.merge(EndCustomer.objects.get(name=KEPT), written, by=by, at=at).kept
    holding = customer_book.add(HOLDING, by=by, at=at)
    for name in SISTERS:
        customer_book.add({"name": name, "country": "SE", "parent": holding}, by=by, at=at)
    customer_book.change(kept, {"parent": holding}, seen=customer_book.fingerprint(kept), by=by, at=at)
