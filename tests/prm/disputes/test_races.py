"""What only real, concurrent transactions can show."""

from collections import Counter

from deals.services import decisions
from prm.accounts.roles import Role
from prm.disputes import services
from prm.disputes.models import Dispute
from prm.disputes.services import DisputeClosed, DisputedAlready
from prm.events.models import Event
from prm.tenancy.context import as_system
from tests import build, races
from tests.build import MONDAY

SAID = {"reason_code": "other", "text": "Look again."}


def test_of_many_who_decide_at_once_one_does_and_the_others_are_told(committed):
    vendor = build.vendor()
    with as_system(vendor.pk):
        seller = build.seller()
        deal = build.submitted(by=seller)
        decisions.reject(deal, reason_code="other", note="", by=build.manager(), at=MONDAY)
        people = [build.member(Role.ADMIN) for _ in range(6)]

    def appeal():
        with as_system(vendor.pk):
            return services.appeal(deal, **SAID, by=seller, at=MONDAY)

    def decide(number, by):
        with as_system(vendor.pk):
            work = services.overturn if number % 2 else services.uphold
            return work(dispute, reason_code="other", note="So.", by=by, at=MONDAY)

    raised = races.at_once([appeal] * 4)
    assert Counter(type(one) for one in raised) == {Dispute: 1, DisputedAlready: 3}
    dispute = next(one for one in raised if isinstance(one, Dispute))
    decided = races.at_once([lambda n=n, p=p: decide(n, p) for n, p in enumerate(people)])

    assert Counter(type(one) for one in decided) == {Dispute: 1, DisputeClosed: 5}
    with as_system(vendor.pk):
        final = Event.objects.filter(name__in=["prm.dispute.upheld", "prm.dispute.overturned"])
        deal.refresh_from_db()
        assert final.count() == 1
        assert (deal.review == "approved") == final.get().name.endswith("overturned")
