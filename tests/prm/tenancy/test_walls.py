import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from partners.models import Partner
from prm.accounts.memberships import portals_of
from prm.accounts.roles import Role
from prm.tenancy.context import NoTenant, acting_as, as_system
from prm.tenancy.fields import WrongTenant
from tests import build


def test_rows_cannot_be_asked_for_outside_a_tenant(db):
    with pytest.raises(NoTenant):
        list(Partner.objects.all())


def test_the_database_alone_hides_other_tenants(db):
    ours, theirs = build.vendor(), build.vendor()
    with as_system(theirs.pk):
        build.partner("Hidden")
    with as_system(ours.pk):
        mine = build.partner("Mine")

        assert list(Partner.across_tenants.all()) == [mine]


def test_the_outer_tenant_comes_back_after_a_nested_block(db):
    ours, theirs = build.vendor(), build.vendor()
    with as_system(ours.pk):
        mine = build.partner("Mine")
        with as_system(theirs.pk):
            build.partner("Hidden")

        assert list(Partner.across_tenants.all()) == [mine]


def test_a_partner_sees_its_own_rows_a_distributor_also_those_below(vendor):
    distributor = build.partner("D", type="distributor")
    below = build.partner("Below", distributor=distributor)
    build.partner("Beside")
    top, bottom = build.member(Role.PARTNER_ADMIN, of=distributor), build.member(Role.PARTNER_ADMIN, of=below)

    for rows in (Partner.objects, Partner.across_tenants):
        with acting_as(top.actor):
            assert {partner.name for partner in rows.all()} == {"D", "Below"}
        with acting_as(bottom.actor):
            assert {partner.name for partner in rows.all()} == {"Below"}


def test_a_row_cannot_be_written_into_another_tenant(vendor):
    other = build.vendor()
    partner = build.partner()
    partner.tenant_id = other.pk

    with pytest.raises(WrongTenant):
        partner.save()
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE partners_partner SET tenant_id = %s WHERE id = %s", [other.pk, partner.pk])


def test_a_reference_to_another_tenants_row_cannot_be_stored(vendor):
    other = build.vendor()
    with as_system(other.pk):
        foreign = build.partner(type="distributor")

    with pytest.raises(IntegrityError), transaction.atomic():
        build.partner(distributor=foreign)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_person_finds_their_own_memberships_everywhere(db):
    person = build.user()
    for vendor in (build.vendor(), build.vendor()):
        with as_system(vendor.pk):
            build.member(user=person)
            build.member()
    assert len(portals_of(person)) == 2
    assert {portal.membership.user_id for portal in portals_of(person)} == {person.pk}


def test_an_event_cannot_be_changed(vendor):
    build.partner()
    for statement in ("UPDATE prm_event SET name = 'x'", "DELETE FROM prm_event", "TRUNCATE prm_event"):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_joins_carry_the_tenant(vendor):
    sql = str(Partner.objects.filter(distributor__name="x").query)

    assert '"partners_partner"."tenant_id"' in sql.partition(" ON ")[2].partition(" WHERE ")[0]
