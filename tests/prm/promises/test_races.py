"""Several schedulers at the same moment: what only concurrent transactions can show."""

from datetime import timedelta

from prm.events.models import Event
from prm.promises import clocks
from prm.promises.models import PromiseClock
from prm.tenancy.context import as_system
from tests import build
from tests.build import MONDAY
from tests.races import at_once

LATE = MONDAY + timedelta(days=9)


def test_of_many_sweeps_at_once_one_tells_and_a_record_has_one_clock(committed):
    vendor = build.vendor()
    with as_system(vendor.pk):
        deal = build.submitted(by=build.seller())

    def sweep():
        with as_system(vendor.pk):
            clock = clocks.read(deal, at=MONDAY)
            return clocks.tell(clock, at=LATE)

    results = at_once([sweep] * 8)

    assert sorted(results, key=bool) == [False] * 7 + [True]
    with as_system(vendor.pk):
        assert PromiseClock.objects.filter(subject_id=deal.pk).count() == 1
        assert Event.objects.filter(subject_id=deal.pk, name__startswith="prm.promise.").count() == 1
