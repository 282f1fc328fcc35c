"""Price lists: versions follow one another, never overlap, and what was published stays."""

from datetime import date, timedelta
from decimal import Decimal as D

import pytest

from prm.tenancy.context import acting_as, as_system
from quotes.models import Price, PriceList, PriceListVersion
from quotes.queries import price_lists as queries
from quotes.queries import prices
from quotes.rules.pricing import Break, ListPrice
from quotes.services import price_lists
from quotes.services.price_lists import AlreadyPublished, ListChanged, NothingPriced, Overlaps, Row, StartsTooEarly
from tests import build
from tests.build import MONDAY
from tests.deals.services.test_races import at_once
from tests.quotes import build as quoting
from tests.quotes.build import TODAY


def publish(version, starts_on=TODAY, ends_on=None, today=TODAY):
    return price_lists.publish(
        version,
        effective_from=starts_on,
        effective_until=ends_on,
        revision=version.revision,
        today=today,
        by=None,
        at=MONDAY,
    )


def drafted(earlier):
    return price_lists.draft(earlier.price_list, by=None, at=MONDAY)


def test_the_next_version_is_a_copy_with_all_prices_and_quantities(vendor):
    edge = quoting.product()
    earlier = quoting.price_list({edge: (100, {10: 90})})

    copy = drafted(earlier)

    assert (copy.number, copy.based_on) == (2, 1)
    assert queries.rows_of(copy) == queries.rows_of(earlier)
    assert queries.differences(earlier, copy) == []


def test_a_version_without_a_last_day_ends_the_day_before_the_next(vendor):
    edge = quoting.product()
    earlier = quoting.price_list({edge: 100})

    publish(drafted(earlier), TODAY + timedelta(days=10))

    earlier.refresh_from_db()
    assert earlier.effective_until == TODAY + timedelta(days=9)


def test_a_version_with_a_last_day_is_not_shortened(vendor):
    edge = quoting.product()
    earlier = quoting.price_list({edge: 100}, ends_on=date(2026, 12, 31))

    with pytest.raises(Overlaps) as refused:
        publish(drafted(earlier), date(2026, 12, 31))

    assert refused.value.facts["number"] == 1
    assert "31 December" in refused.value.sentence
    assert publish(drafted_of(earlier), date(2027, 1, 1)).is_published


def drafted_of(earlier):
    return PriceListVersion.objects.get(price_list=earlier.price_list, status="draft")


def test_a_version_cannot_reach_into_one_that_comes_later(vendor):
    edge = quoting.product()
    earlier = quoting.price_list({edge: 100}, ends_on=date(2026, 11, 30))
    publish(drafted(earlier), date(2027, 1, 1))

    with pytest.raises(Overlaps):
        publish(drafted(earlier), date(2026, 12, 1))

    publish(drafted_of(earlier), date(2026, 12, 1), date(2026, 12, 31))
    assert [row.number for row in PriceListVersion.objects.in_force(date(2026, 12, 5))] == [3]
    assert [row.number for row in PriceListVersion.objects.in_force(date(2027, 6, 1))] == [2]


def test_prices_do_not_begin_in_the_past_nor_without_a_price(vendor):
    edge = quoting.product()
    copy = drafted(quoting.price_list({edge: 100}))

    with pytest.raises(StartsTooEarly):
        publish(copy, TODAY - timedelta(days=1))
    empty = price_lists.save_prices(copy, {edge.pk: None}, revision=copy.revision, by=None, at=MONDAY)
    with pytest.raises(NothingPriced):
        publish(empty)


def test_published_prices_stay_and_an_old_page_overwrites_nothing(vendor):
    edge = quoting.product()
    published = quoting.price_list({edge: 100})
    draft = drafted(published)
    price_lists.save_prices(draft, {edge.pk: Row(D(120))}, revision=draft.revision, by=None, at=MONDAY)

    with pytest.raises(AlreadyPublished):
        price_lists.save_prices(published, {edge.pk: Row(D(1))}, revision=published.revision, by=None, at=MONDAY)
    with pytest.raises(ListChanged):
        price_lists.save_prices(draft, {edge.pk: Row(D(1))}, revision=draft.revision, by=None, at=MONDAY)

    assert Price.objects.get(version=draft).amount == 120


def test_the_difference_names_new_changed_and_dropped_prices_but_no_costs(vendor):
    kept, dearer, gone, new = (quoting.product(name) for name in ("Kept", "Dearer", "Gone", "New"))
    earlier = quoting.price_list({kept: 10, dearer: 100, gone: 5})
    later = quoting.next_version(earlier, {dearer: 112, gone: None, new: 7})

    changes = {change.product.name: change for change in queries.differences(earlier, later)}

    assert set(changes) == {"Dearer", "Gone", "New"}
    assert (changes["Dearer"].percent, changes["Dearer"].tone) == (D("12.0"), "bad")
    assert (changes["Gone"].after, changes["New"].before) == (None, None)


def test_two_administrators_publishing_overlapping_versions_at_once_publish_one(committed):
    vendor = build.vendor()
    with as_system(vendor.pk):
        earlier = quoting.price_list({quoting.product(): 100}, ends_on=date(2026, 12, 31))
        first = drafted(earlier)
        # The second draft stands for a page that another process made at the same moment.
        second = PriceListVersion(price_list=earlier.price_list, number=3, saved_at=MONDAY, status="published")
        second.effective_from, second.published_at = date(2027, 1, 15), MONDAY

    def publish_first():
        with as_system(vendor.pk):
            return publish(first, date(2027, 1, 1))

    def insert_second():
        with as_system(vendor.pk):
            return second.save(force_insert=True) or second

    answers = at_once([publish_first, insert_second])

    with as_system(vendor.pk):
        published = PriceListVersion.objects.filter(status="published", effective_from__gte=date(2027, 1, 1))
        assert published.count() == 1
    assert sum(isinstance(answer, Exception) for answer in answers) == 1


def test_a_partner_buys_from_the_list_made_most_closely_for_it(vendor):
    edge, partner = quoting.product(), build.partner()
    everybody = quoting.price_list({edge: 100}, name="Everybody")
    assert prices.offered_to(partner, TODAY) == {"EUR": everybody}

    resellers = quoting.price_list({edge: 90}, name="Resellers", types=["reseller"])
    quoting.price_list({edge: 50}, name="Distributors", types=["distributor"])

    assert prices.offered_to(partner, TODAY) == {"EUR": resellers}


def test_a_partner_reads_no_price_list_but_is_told_its_own_prices(vendor):
    edge, seller = quoting.product(), build.seller()
    version = quoting.price_list({edge: (100, {10: 90})})

    with acting_as(seller.actor):
        assert not PriceList.objects.exists()
        assert not PriceListVersion.across_tenants.exists()
        assert not Price.across_tenants.exists()
        assert prices.of_products(version.pk, [edge.pk]) == {
            edge.pk: ListPrice(D("100.0000"), (Break(10, D("90.0000")),))
        }
