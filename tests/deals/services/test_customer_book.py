import pytest

from deals.models import CustomerLikeness, EndCustomer
from deals.queries import matching
from deals.rules.matching.profiles import Facts
from deals.services import customer_book
from prm.events.models import Event
from prm.tenancy.context import acting_as, as_system
from tests import build
from tests.build import MONDAY
from tests.races import at_once


def written(name, **facts):
    values = {"name": name, "country": "DE", **facts}
    return customer_book.add(values, by=build.manager(), at=MONDAY)


def changed(customer, **values):
    seen = customer_book.fingerprint(EndCustomer.objects.get(pk=customer.pk))
    return customer_book.change(customer, values, seen=seen, by=build.manager(), at=MONDAY)


def alike():
    return {frozenset((row.one_id, row.other_id)) for row in CustomerLikeness.objects.all()}


def test_whoever_registers_a_customer_that_was_written_down_meets_it(vendor):
    known = written("Orlinda Werke GmbH", website="orlinda.example")

    by_name = build.submitted(customer_name="Orlinda Werke", customer_website="other.example")
    by_site = build.submitted(customer_name="Something else", customer_website="shop.orlinda.example")

    assert {by_name.customer_id, by_site.customer_id} == {known.pk}


def test_another_name_is_recognised_at_once_and_no_longer_once_it_is_taken_away(vendor):
    known = changed(written("Orlinda Werke GmbH"), other_names=["Kestrel Foundries"])

    assert [match.customer.pk for match in matching.matches(Facts(name="Kestrel Foundry", country="DE"))] == [known.pk]
    assert build.submitted(customer_name="Kestrel Foundries AG").customer_id == known.pk

    other = changed(written("Veldhaven Maritime"), other_names=["Brauhaus Lenz"])
    changed(other, other_names=[])

    assert matching.matches(Facts(name="Brauhaus Lenz", country="DE")) == []
    assert build.submitted(customer_name="Brauhaus Lenz").customer_id != other.pk


def test_a_changed_name_makes_likenesses_and_takes_them_away(vendor):
    one, other = written("Veldhaven Maritime Systems"), written("Orlinda Werke")
    assert alike() == set()

    changed(other, name="Veldhavne Maritime Systems")
    assert alike() == {frozenset((one.pk, other.pk))}

    changed(other, name="Orlinda Werke")
    assert alike() == set()


def test_a_key_that_a_registration_gave_stays_when_the_vendor_writes_another_name(vendor):
    registration = build.submitted(customer_name="Orlinda Werke", customer_website="orlinda.example")

    changed(registration.customer, name="Orlinda Holding", website="orlinda-holding.example")

    late = build.submitted(customer_name="Orlinda Werke", customer_website="new.example")
    assert late.customer_id == registration.customer_id


def test_whoever_saves_an_older_page_is_told(vendor):
    customer = written("Orlinda")
    seen = customer_book.fingerprint(customer)
    changed(customer, city="Bremen")

    with pytest.raises(customer_book.CustomerSaved):
        customer_book.change(customer, {"city": "Ulm"}, seen=seen, by=build.manager(), at=MONDAY)

    assert EndCustomer.objects.get().city == "Bremen"


def test_nobody_is_its_own_grandparent(vendor):
    top, middle = written("Orlinda"), written("Veldhaven")
    low = changed(written("Kestrel"), parent=changed(middle, parent=top))

    with pytest.raises(customer_book.ParentsInACircle):
        changed(top, parent=low)
    with pytest.raises(customer_book.ParentsInACircle):
        changed(top, parent=top)


def test_two_people_who_hang_two_customers_below_each_other_at_once_make_no_circle(committed):
    vendor = build.vendor()
    with as_system(vendor.pk):
        one, other, manager = written("Orlinda"), written("Veldhaven"), build.manager()

    def hang(below, above):
        with acting_as(manager.actor):
            seen = customer_book.fingerprint(below)
            return customer_book.change(below, {"parent": above}, seen=seen, by=manager, at=MONDAY)

    answers = at_once([lambda: hang(one, other), lambda: hang(other, one)])

    assert sorted(type(answer).__name__ for answer in answers) == ["EndCustomer", "ParentsInACircle"]


def test_what_was_changed_is_on_record_and_nothing_if_nothing_was(vendor):
    customer = written("Orlinda")
    changed(customer, city="Bremen", phone="0421 1234567")
    changed(customer, city="Bremen")

    events = Event.objects.filter(subject_id=customer.pk).order_by("recorded_at")
    assert [event.name for event in events] == ["deals.customer.added", "deals.customer.changed"]
    assert events[1].payload["fields"] == ["city", "phone"]
