import pytest
from django.db import connection

from deals.models import EndCustomer
from deals.queries import matching
from deals.rules.matching import keys
from deals.rules.matching.classes import Class
from deals.rules.matching.profiles import Facts
from deals.services import matching as counting
from prm.tenancy.context import acting_as, as_system, current_tenant_id
from tests import build
from tests.build import MONDAY

pytestmark = pytest.mark.django_db


def customer(name: str, **facts: object) -> EndCustomer:
    row = EndCustomer(name=name, country="DE", first_seen_at=MONDAY, **facts)
    row.stamp_keys()
    row.save(force_insert=True)
    return row


def found(name: str, **facts: str) -> dict[str, Class]:
    return {
        match.customer.name: match.likeness.kind for match in matching.matches(Facts(name=name, country="DE", **facts))
    }


def test_a_customer_is_found_by_another_spelling(vendor):
    customer("Veldhaven Maritime Systems GmbH", city="Bremen")
    customer("Kestrel Bakery", city="Bremen")

    assert found("Feldhaven Maritime Systems", city="Bremen").keys() == {"Veldhaven Maritime Systems GmbH"}


def test_a_customer_is_found_by_each_of_its_names(vendor):
    customer("Orlinda", other_names=["Kestrel Foundries"], other_websites=["kestrel.example"])

    assert found("Kestrel Foundry") == {"Orlinda": Class.SAME} or found("Kestrel Foundry") == {
        "Orlinda": Class.MAY_BE_SAME
    }
    assert "Orlinda" in found("Something", website="www.kestrel.example")


def test_nothing_is_asked_of_nothing(vendor):
    customer("Orlinda")

    assert found("") == found("  ") == {}


def test_customers_of_another_vendor_are_never_found(vendor):
    customer("Orlinda Marine", website="orlinda.example")
    other = build.vendor("other")

    with as_system(other.pk):
        assert found("Orlinda Marine", website="orlinda.example") == {}


def test_the_database_tells_a_partner_of_no_customer(vendor):
    customer("Orlinda Marine")
    seller = build.seller()
    hashes = list(keys.hashed(["w:orlinda"], current_tenant_id()).values())

    with acting_as(seller.actor), connection.cursor() as cursor:
        cursor.execute("SELECT deals_match_customers(%s::bigint[], %s::real[], '', '', 10)", [hashes, [1.0]])
        assert cursor.fetchall() == []


def test_a_word_that_most_have_does_not_find_them(vendor, monkeypatch):
    monkeypatch.setattr(keys, "COMMON", 22)
    for number in range(25):
        customer(f"Nordwerk {'abcdefghijklmnpqrstuvwxyz'[number] * 6}")
    customer("Nordwerk Orlinda")
    counting.count_keys()

    assert next(iter(found("Nordwerk Orlinda"))) == "Nordwerk Orlinda"
    assert not {name for name in found("Nordwerk Orlinda") if name != "Nordwerk Orlinda"}


def test_keys_of_an_earlier_version_are_made_anew(vendor):
    row = customer("Orlinda")
    EndCustomer.objects.update(match_keys=[], norm_version=0)

    assert counting.stamp_outdated(MONDAY) == 1
    assert counting.stamp_outdated(MONDAY) == 0
    assert EndCustomer.objects.get().match_keys == row.match_keys


@pytest.mark.parametrize(
    "name", ["", "x", "GmbH", "😀", "\x00", "a" * 300, "192.0.2.7", "xn--mnchen-3ya.example", "%_'\\", "II"]
)
def test_strange_input_is_answered(vendor, name):
    customer("Orlinda", website="xn--mnchen-3ya.example")

    matching.matches(Facts(name=name, country="DE", website=name, number=name))


def related(name: str, **facts: str) -> set[str]:
    asked = Facts(name=name, country="DE", **facts)
    return {one.customer.name for one in matching.relatives_of(asked, matching.ranked(asked))}


def test_what_belongs_to_the_customer_that_is_meant_is_related(vendor):
    meant = customer("Orlinda Marine Systems", website="orlinda.example", other_names=["Kestrel Foundries"])
    customer("Tarn Logistics", website="tarn.orlinda.example")
    customer("Orlinda Marine Finance")
    customer("Wexcombe", parent=meant)
    customer("Veldhaven Bakery")

    assert related("Kestrel Foundries") == {"Tarn Logistics", "Orlinda Marine Finance", "Wexcombe"}


def test_what_may_be_the_same_is_not_related(vendor):
    customer("Orlinda Marine Systems", website="orlinda.example")

    assert related("Orlinda Marine Systems", website="www.orlinda.example") == set()


def test_a_group_is_found_by_its_web_domain_if_the_name_says_it(vendor):
    for place in ("Aldera", "Brunnfeld", "Cassavar"):
        customer(f"{place} Institute of Technology", website=f"{place.lower()}.orltec.example")
    customer("Dornwald Institute of Technology", website="dornwald.example")
    all_three = {f"{place} Institute of Technology" for place in ("Aldera", "Brunnfeld", "Cassavar")}

    assert related("OrlTec Elmshain") == all_three
    assert related("Oberland Rail, Loading and Transport EC") == set()


def test_two_companies_with_one_web_domain_are_no_group_that_a_name_names(vendor):
    for place in ("Aldera", "Brunnfeld"):
        customer(f"{place} Institute of Technology", website=f"{place.lower()}.orltec.example")

    assert related("OrlTec Elmshain") == set()
