from datetime import date, timedelta

import pytest

from deals.enums import DirectStage, Stage
from deals.forms import direct_import
from deals.models import DirectOpportunity, DirectTouch, EndCustomer
from deals.services import directs
from deals.services.directs import AnotherCustomers, DirectChanged, NobodyNamed
from prm.tenancy.context import acting_as, as_system
from tests import build
from tests.build import MONDAY
from tests.races import at_once

LATER = MONDAY + timedelta(days=3)


def said(row, **facts):
    kept = {name: getattr(row, name) for name in ("owner", "opened_on", "title", "families", "stage")}
    return directs.Opportunity(**{**kept, **facts})


def test_an_opportunity_is_logged_with_the_time_of_the_server_whatever_day_the_crm_claims(vendor):
    row = build.direct(opened_on=date(2026, 1, 5))

    assert (row.opened_on, row.logged_at) == (date(2026, 1, 5), MONDAY)


def test_the_customer_of_an_opportunity_is_found_as_a_partners_is(vendor):
    registered = build.submitted(customer_name="Globex GmbH", customer_website="globex.example")

    row = build.direct("Globex", website="www.globex.example")

    assert row.customer_id == registered.customer_id
    assert EndCustomer.objects.count() == 1


def test_importing_an_opportunity_again_keeps_one_and_its_time(vendor):
    first = build.direct(external_id="A-1", opened_on=MONDAY.date())

    again = build.direct(external_id="A-1", opened_on=MONDAY.date(), at=LATER)

    assert again.pk == first.pk
    assert DirectOpportunity.objects.get().logged_at == MONDAY
    assert again.version == 1


def test_an_opportunity_that_is_won_keeps_the_time_when_it_was_logged(vendor):
    row = build.direct()

    won = directs.change_opportunity(row, said(row, stage=DirectStage.WON), version=1, by=build.manager(), at=LATER)

    assert (won.logged_at, won.closed_at) == (MONDAY, LATER)


@pytest.mark.parametrize("more", [{"stage": DirectStage.OPEN}, {"families": ()}], ids=["open again", "all products"])
def test_an_opportunity_that_says_more_than_before_counts_from_then_on(vendor, more):
    row = build.direct("Globex", "edge", stage=DirectStage.LOST)
    directs.change_opportunity(row, said(row, stage=DirectStage.OPEN), version=1, by=build.manager(), at=MONDAY)
    row.refresh_from_db()
    if "stage" in more:
        lost = said(row, stage=DirectStage.LOST)
        row = directs.change_opportunity(row, lost, version=row.version, by=build.manager(), at=MONDAY)

    row = directs.change_opportunity(row, said(row, **more), version=row.version, by=build.manager(), at=LATER)

    assert row.logged_at == LATER


def test_an_id_stays_with_its_customer(vendor):
    build.direct("Globex", external_id="A-1")

    with pytest.raises(AnotherCustomers):
        build.direct("Initech", external_id="A-1")


def test_whoever_saves_an_older_version_is_told(vendor):
    row = build.direct()
    directs.change_opportunity(row, said(row, title="Edge"), version=1, by=build.manager(), at=LATER)

    with pytest.raises(DirectChanged):
        directs.change_opportunity(row, said(row, title="Mesh"), version=1, by=build.manager(), at=LATER)


def test_what_identifies_nobody_is_refused(vendor):
    with pytest.raises(NobodyNamed):
        build.direct("  ")


def test_a_touch_that_is_known_stays_as_it_was_logged(vendor):
    build.touch(external_id="T-1", note="Met")

    build.touch(external_id="T-1", note="Met again", at=LATER)

    kept = DirectTouch.objects.get()
    assert (kept.note, kept.logged_at) == ("Met", MONDAY)


def test_partners_see_nothing_of_what_the_vendor_works_at(vendor):
    build.direct(), build.touch()

    with acting_as(build.seller().actor):
        assert not DirectOpportunity.objects.exists()
        assert not DirectTouch.objects.exists()


def test_the_same_file_brought_by_many_at_once_is_kept_once(committed):
    vendor = build.vendor()
    with as_system(vendor.pk):
        managers = [build.manager() for _ in range(8)]

    def bring(manager):
        with acting_as(manager.actor):
            return build.direct(external_id="A-1", by=manager)

    answers = at_once([lambda m=m: bring(m) for m in managers])

    assert {type(answer) for answer in answers} == {DirectOpportunity}
    with as_system(vendor.pk):
        assert DirectOpportunity.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "phase"),
    [
        ("id;customer;country;website;owner;opened on\nA-1;Globex;DE;globex.example;Ada;2026-01-05", Stage.COMMITTED),
        ("id;customer;country;website;owner;opened on;phase\nA-1;Globex;DE;globex.example;Ada;2026-01-05;", ""),
        (
            "id;customer;country;website;owner;opened on;phase\nA-1;Globex;DE;globex.example;Ada;2026-01-05;qualified",
            Stage.QUALIFIED,
        ),
    ],
)
def test_a_file_changes_how_far_an_opportunity_is_only_if_it_says_so(vendor, text, phase):
    build.direct("Globex", website="globex.example", external_id="A-1", phase=Stage.COMMITTED)

    (entry,) = direct_import.opportunities(text, today=MONDAY.date())
    row = directs.log_opportunity(entry.customer, entry.facts, external_id="A-1", by=build.manager(), at=LATER)

    assert (entry.error, row.phase) == ("", phase)
