from partners.enums import PartnerType
from partners.queries import search
from prm.tenancy.context import acting_as, as_system
from tests import build


def found_by(member, text):
    with acting_as(member.actor):
        return search.partners(text)


def test_a_partner_is_found_by_name_website_and_town(vendor):
    firm = build.partner("Northlight Consulting", website="northlight.example", city="Oslo")
    build.partner("Kestrel IT")

    for typed in ("north", "light con", "LIGHT.EXAMPLE", "oslo"):
        assert found_by(build.manager(), typed) == [firm.pk]
    assert found_by(build.manager(), "100%") == []


def test_another_vendors_partners_are_never_found(vendor):
    other = build.vendor()
    with as_system(other.pk):
        theirs = build.partner("Northlight Consulting")
        assert search.partners("north") == [theirs.pk]

    assert found_by(build.manager(), "north") == []


def test_a_partner_finds_itself_and_a_distributor_those_below(vendor):
    distributor = build.partner("Northlight Distribution", type=PartnerType.DISTRIBUTOR)
    reseller = build.partner("Northlight Consulting", distributor=distributor)
    build.partner("Northlight Sibling")

    assert found_by(build.seller(of=reseller), "north") == [reseller.pk]
    assert found_by(build.seller(of=distributor), "north") == [reseller.pk, distributor.pk]
