from collections import Counter

import pytest

from deals.models import (
    CustomerKey,
    CustomerLikeness,
    CustomerMerge,
    EndCustomer,
    Protection,
    Registration,
    Sale,
)
from deals.queries import matching
from deals.queries.inbox import rivals_by_row
from deals.rules.matching.profiles import Facts
from deals.services import customer_book, decisions, likenesses, merging, outcomes, registrations
from prm.events.models import Event
from prm.tenancy.context import acting_as, as_system
from tests import build
from tests.build import MONDAY
from tests.races import at_once

TODAY = MONDAY.date()
SPELLINGS = ("Veldhaven Maritime Systems GmbH", "Veldhavne Maritime Systems")


def pair(**fields):
    """Two partners with one customer in two spellings."""
    return [
        build.submitted(customer_name=name, customer_website="", customer_city="Bremen", **fields) for name in SPELLINGS
    ]


def merge(kept, dissolved, by=None):
    return merging.merge(kept, dissolved, by=by or build.manager(), at=MONDAY)


def split(merged):
    return merging.split(merged, by=build.manager(), at=MONDAY)


def whole():
    """All that merging may touch, to compare before and after."""
    customers = EndCustomer.objects.order_by("pk").values()
    apart = CustomerLikeness.objects.filter(told_apart_at__isnull=False).order_by("one", "other")
    keys = CustomerKey.objects.order_by("kind", "value").values_list("kind", "value", "customer")
    where = [
        list(model.objects.order_by("pk").values_list("pk", "customer")) for model in (Registration, Protection, Sale)
    ]
    return list(customers), list(apart.values("one", "other", "told_apart_at")), list(keys), where


def test_waiting_registrations_of_both_become_rivals_of_one_customer(vendor):
    first, late = pair()

    merge(first.customer, late.customer)

    late.refresh_from_db()
    assert late.customer_id == first.customer_id
    conflict = rivals_by_row([late], TODAY)[late.pk][0].conflict
    assert conflict.rival.registration_id == first.pk
    assert conflict.likeness is None


def test_once_they_are_one_an_approval_of_one_blocks_the_other(vendor):
    first, late = pair()
    merge(first.customer, late.customer)
    decisions.approve(first, by=build.manager(), at=MONDAY)

    with pytest.raises(decisions.Contested):
        decisions.approve(late, by=build.manager(), at=MONDAY)


def test_whoever_registers_either_spelling_later_meets_the_one_that_was_kept(vendor):
    first, late = pair()
    merge(first.customer, late.customer)

    for name in SPELLINGS:
        assert build.submitted(customer_name=name, customer_website="").customer_id == first.customer_id
    assert EndCustomer.objects.count() == 2


def test_a_split_puts_everything_back_as_it_was(vendor):
    first = build.approved(customer_name=SPELLINGS[0], customer_website="veldhaven.example", customer_city="Bremen")
    late = build.approved("mesh", customer_name=SPELLINGS[1], customer_website="", customer_city="Bremen")
    outcomes.win(late, late.value, by=build.seller(of=late.partner), at=MONDAY)
    third = build.submitted(customer_name="Veldhaven Marine Systems", customer_website="", customer_city="Bremen")
    likenesses.tell_apart(third, late, by=build.manager(), at=MONDAY)
    by = build.manager()
    customer_book.add({"name": "Kestrel", "country": "DE", "parent": late.customer}, by=by, at=MONDAY)
    before = whole()

    split(merge(first.customer, late.customer))

    assert whole() == before


def test_what_came_after_the_merge_stays_with_the_kept_one(vendor):
    first, late = pair()
    merged = merge(first.customer, late.customer)
    since = build.submitted(customer_name=SPELLINGS[1], customer_website="")

    split(merged)

    late.refresh_from_db()
    since.refresh_from_db()
    assert since.customer_id == first.customer_id
    assert late.customer_id == merged.dissolved_id


def test_a_protection_given_after_the_merge_goes_with_its_registration(vendor):
    first, late = pair()
    merged = merge(first.customer, late.customer)
    decisions.approve(Registration.objects.get(pk=late.pk), by=build.manager(), at=MONDAY)

    split(merged)

    assert Protection.objects.get().customer_id == merged.dissolved_id


def test_two_protected_for_the_same_products_are_not_merged_and_one_reads_whose_they_are(vendor):
    first, late = pair()
    for registration in (first, late):
        decisions.approve(registration, by=build.manager(), at=MONDAY)
    before = whole()

    with pytest.raises(merging.BothProtected) as refusal:
        merge(first.customer, late.customer)

    assert whole() == before
    for registration in (first, late):
        assert registration.partner.name in refusal.value.sentence
        assert registration.number in refusal.value.sentence


def test_protections_of_other_products_do_not_hinder(vendor):
    first = build.approved("edge", customer_name=SPELLINGS[0], customer_website="")
    late = build.approved("mesh", customer_name=SPELLINGS[1], customer_website="")

    merge(first.customer, late.customer)

    assert {row.customer_id for row in Protection.objects.all()} == {first.customer_id}


def test_whatever_points_to_a_customer_is_moved():
    moved = {f"{model.__name__}.customer" for model in merging.RECORDS.values()}
    own = {"CustomerLikeness.one", "CustomerLikeness.other", "CustomerMerge.kept", "CustomerMerge.dissolved"}
    own |= {"EndCustomer.parent", "EndCustomer.merged_into"}
    own |= {"ImportedLine.customer", "ImportedLine.like"}  # what was found at the time
    relations = EndCustomer._meta.get_fields(include_hidden=True)
    found = {f"{r.related_model.__name__}.{r.field.name}" for r in relations if r.auto_created and not r.concrete}

    assert found == moved | own


def test_a_third_that_was_told_apart_from_one_is_apart_from_both_and_no_longer_after_the_split(vendor):
    first, late = pair()
    third = build.submitted(customer_name="Veldhaven Marine Systems", customer_website="", customer_city="Bremen")
    likenesses.tell_apart(third, late, by=build.manager(), at=MONDAY)
    assert rivals_by_row([third], TODAY)[third.pk][0].registration.pk == first.pk

    merged = merge(first.customer, late.customer)
    assert rivals_by_row([third], TODAY)[third.pk] == []

    split(merged)
    assert len(rivals_by_row([third], TODAY)[third.pk]) == 1


def test_of_a_chain_each_link_can_be_undone_in_any_order(vendor):
    names = ("Veldhaven Maritime", "Orlinda Werke", "Kestrel Foundries")
    rows = [build.submitted(customer_name=name) for name in names]
    a, b, c = (row.customer for row in rows)
    before = whole()
    first = merge(b, a)
    second = merge(c, b)
    assert set(Registration.objects.values_list("customer", flat=True)) == {c.pk}

    split(first)
    assert [Registration.objects.get(pk=row.pk).customer_id for row in rows] == [a.pk, c.pk, c.pk]
    assert [match.customer.pk for match in matching.matches(Facts(name=names[0], country="DE"))] == [a.pk]

    split(second)
    assert [row.customer_id for row in Registration.objects.order_by("pk")] == [a.pk, b.pk, c.pk]
    assert [row["other_names"] for row in whole()[0]] == [row["other_names"] for row in before[0]]


def test_a_parent_merged_with_its_grandchild_is_no_circle(vendor):
    by = build.manager()
    top = customer_book.add({"name": "Orlinda", "country": "DE"}, by=by, at=MONDAY)
    middle = customer_book.add({"name": "Veldhaven", "country": "DE", "parent": top}, by=by, at=MONDAY)
    low = customer_book.add({"name": "Kestrel", "country": "DE", "parent": middle}, by=by, at=MONDAY)

    merged = merge(low, top)
    assert list(EndCustomer.objects.standing().order_by("pk").values_list("parent", flat=True)) == [low.pk, None]

    split(merged)
    parents = dict(EndCustomer.objects.values_list("pk", "parent"))
    assert parents == {top.pk: None, middle.pk: top.pk, low.pk: middle.pk}


def test_both_customers_tell_what_happened_and_a_second_undo_changes_nothing(vendor):
    first, late = pair()
    merged = merge(first.customer, late.customer)
    split(merged)
    split(merged)

    names = Event.objects.filter(subject_id__in=[merged.kept_id, merged.dissolved_id]).values_list("name", flat=True)
    assert sorted(names) == [
        "deals.customer.dissolved",
        "deals.customer.merged",
        "deals.customer.restored",
        "deals.customer.split",
    ]


# -- at once -------------------------------------------------------------------------------------------
def test_merged_crosswise_at_once_one_is_left(committed):
    vendor = build.vendor()
    with as_system(vendor.pk):
        first, late = pair()
        manager = build.manager()

    def take(kept, dissolved):
        with acting_as(manager.actor):
            return merge(kept, dissolved, by=manager)

    one, other = first.customer, late.customer
    answers = at_once([lambda: take(one, other), lambda: take(other, one), lambda: take(one, other)])

    assert Counter(type(answer) for answer in answers) == {CustomerMerge: 1, merging.AlreadyMerged: 2}
    with as_system(vendor.pk):
        assert EndCustomer.objects.standing().count() == 1
        assert Registration.objects.filter(customer__merged_into=None).count() == 2


def test_approvals_of_both_and_the_merge_at_once_never_leave_two_holders_of_one_customer(committed):
    vendor = build.vendor()
    with as_system(vendor.pk):
        first, late = pair()
        manager = build.manager()

    def act(call):
        with acting_as(manager.actor):
            return call()

    answers = at_once(
        [
            lambda: act(lambda: merge(first.customer, late.customer, by=manager)),
            lambda: act(lambda: decisions.approve(first, by=manager, at=MONDAY)),
            lambda: act(lambda: decisions.approve(late, by=manager, at=MONDAY)),
        ]
    )

    refused = [type(one) for one in answers if isinstance(one, Exception)]
    assert refused in ([merging.BothProtected], [decisions.Contested])
    with as_system(vendor.pk):
        holders = Counter(Protection.objects.values_list("customer", flat=True))
        assert set(holders.values()) == {1}


def test_registrations_that_arrive_while_customers_are_merged_and_split_are_never_left_behind(committed):
    vendor = build.vendor()
    with as_system(vendor.pk):
        first, late = pair()
        manager = build.manager()
        forms = [build.content(customer_name=name, customer_website="") for name in SPELLINGS * 3]
        sellers = [build.seller() for _ in forms]
        drafts = [build.drafts.save(build.uuid7(), f, by=s, at=MONDAY) for f, s in zip(forms, sellers, strict=True)]

    def submit(draft, form, seller):
        with acting_as(seller.actor):
            return registrations.submit(draft, form, by=seller, at=MONDAY)

    def merge_them():
        with acting_as(manager.actor):
            return merge(first.customer, late.customer, by=manager)

    answers = at_once([merge_them, *(lambda a=a: submit(*a) for a in zip(drafts, forms, sellers, strict=True))])

    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    with as_system(vendor.pk):
        assert set(Registration.objects.values_list("customer", flat=True)) == {first.customer_id}
