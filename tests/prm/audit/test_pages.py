import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from partners.services import partners
from prm.accounts.roles import Role
from prm.audit import sealing
from tests import build


@pytest.fixture
def admin(vendor, client):
    member = build.member(Role.ADMIN)
    client.force_login(member.user)
    return member


def page(client, vendor, path="", **query):
    return client.get(f"/{vendor.slug}/audit/{path}", query)


def test_an_administrator_reads_what_happened_and_the_sealed_head(vendor, client, admin):
    build.partner()
    sealing.seal_all(vendor.pk)

    answer = page(client, vendor)

    assert answer.status_code == 200
    assert "Joined the program" in answer.content.decode()
    assert "No. 1" in answer.content.decode()


def test_an_empty_log_says_what_will_appear(vendor, client, admin):
    assert "Nothing happened yet" in page(client, vendor).content.decode()


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMIN])
def test_nobody_else_may_read_it(vendor, client, role):
    client.force_login(build.member(role).user)

    assert page(client, vendor).status_code == 403
    assert client.post(f"/{vendor.slug}/audit/verification/").status_code == 403


def test_members_of_another_vendor_find_nothing_there(vendor, client, admin):
    other = build.vendor()

    assert page(client, other).status_code == 404


def test_the_log_is_narrowed_by_subject_person_and_day(vendor, client, admin):
    partner = build.partner()
    manager = build.member(name="Ola Nordmann")
    partners.suspend(partner, by=manager)

    def shown(**query):
        text = page(client, vendor, **query).content.decode()
        return [word for word in ("Joined the program", "suspended the partner") if word in text]

    assert shown() == ["Joined the program", "suspended the partner"]
    assert shown(who="nordmann") == ["suspended the partner"]
    assert shown(about="partners.partner", record=str(partner.pk)) == ["Joined the program", "suspended the partner"]
    assert shown(about="prm.member") == []
    assert shown(since="2020-01-01", until="2020-02-01") == []
    assert shown(since="2020-01-01") == ["Joined the program", "suspended the partner"]


def test_verification_says_that_the_chain_holds(vendor, client, admin):
    build.partner()
    sealing.seal_all(vendor.pk)

    answer = client.post(f"/{vendor.slug}/audit/verification/")
    fragment = client.post(f"/{vendor.slug}/audit/verification/", headers={"HX-Request": "true"})

    assert "The chain holds" in answer.content.decode()
    assert fragment.content.decode().strip().startswith('<div id="verification"')


def test_the_log_costs_as_many_queries_for_many_rows_as_for_one(vendor, client, admin):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            page(client, vendor)
        return len(captured)

    build.partner()
    page(client, vendor)
    few = queries()
    for _ in range(20):
        build.partner()

    assert queries() == few
