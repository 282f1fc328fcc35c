import pytest
from django.db import DatabaseError, connection, transaction

from deals.models import Registration
from deals.queries import search
from partners.enums import PartnerType
from prm.accounts.roles import Role
from prm.tenancy.context import Actor, Scope, acting_as, as_system
from tests import build


def found_by(member, text):
    with acting_as(member.actor):
        return search.registrations(text)


@pytest.mark.parametrize(
    "typed", ["Müller", "müll", "muller", "MULLER", "maschinen", "gmbh mül", "  müller   bau ", "mueller-bau.example"]
)
def test_a_deal_is_found_by_parts_of_its_customer(vendor, typed):
    deal = build.submitted(customer_name="Müller Maschinenbau GmbH", customer_website="www.mueller-bau.example")
    build.submitted(customer_name="Ostrava Rail")

    assert found_by(build.manager(), typed) == [deal.pk]


def test_a_deal_is_found_by_its_number(vendor):
    deal = build.submitted()
    build.submitted()

    assert found_by(build.manager(), deal.number) == [deal.pk]
    assert found_by(build.manager(), deal.number.lower()[-6:]) == [deal.pk]


def test_a_name_in_another_script_is_found_in_both(vendor):
    deal = build.submitted(customer_name="Газпром нефть", customer_country="RS")

    assert found_by(build.manager(), "газпром") == [deal.pk]
    assert found_by(build.manager(), "gazprom") == [deal.pk]


def test_two_letters_find_the_beginnings_of_words(vendor):
    deal = build.submitted(customer_name="3M Deutschland", customer_website="")
    build.submitted(customer_name="A3M Works", customer_website="")

    assert found_by(build.manager(), "3m") == [deal.pk]


@pytest.mark.parametrize("typed", ["", " ", "a", "\0", "%", "__", "%%%", "\\", "100%", "x\0y", "\ud800"])
def test_signs_stand_for_themselves(vendor, typed):
    build.submitted(customer_name="Ordinary Name")

    assert found_by(build.manager(), typed) == []


def test_a_percent_sign_is_found_where_it_is(vendor):
    deal = build.submitted(customer_name="100% Solar")
    build.submitted(customer_name="1000 Solar")

    assert found_by(build.manager(), "100%") == [deal.pk]


def test_the_latest_come_first_and_no_more_than_asked_for(vendor):
    deals = [build.submitted(customer_name=f"Solar {number}") for number in range(3)]

    assert found_by(build.manager(), "solar") == [deal.pk for deal in reversed(deals)]
    with acting_as(build.manager().actor):
        assert len(search.registrations("solar", most=2)) == 2


def test_words_may_come_in_any_order_and_number(vendor):
    deal = build.submitted(customer_name="Alpha Beta Gamma Delta Ltd")
    build.submitted(customer_name="Alpha Beta Gamma Omega Ltd")

    assert found_by(build.manager(), "delta gamma alpha be lt") == [deal.pk]
    assert found_by(build.manager(), "delta omega") == []


def test_an_old_deal_is_found_behind_thousands_of_others(vendor):
    old = build.submitted(customer_name="Ostrava Rail")
    columns = [field.column for field in Registration._meta.local_fields]
    changed = {"id": "gen_random_uuid()", "number": "'X' || n", "customer_name": "'Other'", "saved_at": "now()"}
    values = ", ".join(changed.get(column, column) for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO deals_registration ({", ".join(columns)})
                SELECT {values} FROM deals_registration, generate_series(1, 2100) n WHERE id = %s""",
            [old.pk],
        )
        cursor.execute("UPDATE deals_registration SET name_key = '', saved_at = '2020-01-01' WHERE id = %s", [old.pk])
        cursor.execute("UPDATE deals_registration SET name_key = '' WHERE id <> %s", [old.pk])

    assert found_by(build.manager(), "ostrava") == [old.pk]
    assert len(found_by(build.manager(), "other")) == search.MOST


def test_another_vendors_deals_are_never_found(vendor):
    other = build.vendor()
    with as_system(other.pk):
        theirs = build.submitted(customer_name="Ostrava Rail")
        assert search.registrations("ostrava") == [theirs.pk]

    assert search.registrations("ostrava") == []
    assert found_by(build.manager(), "ostrava") == []


def test_a_partner_finds_only_its_own(vendor):
    mine, theirs = build.seller(), build.seller()
    own = build.submitted(by=mine, customer_name="Ostrava Rail")
    build.submitted(by=theirs, customer_name="Ostrava Rail")

    assert found_by(mine, "ostrava") == [own.pk]


def test_a_distributor_finds_those_of_its_resellers_and_they_not_its(vendor):
    distributor = build.partner(type=PartnerType.DISTRIBUTOR)
    above = build.seller(of=distributor)
    below, sibling = (build.seller(of=build.partner(distributor=distributor)) for _ in range(2))
    stranger = build.seller()
    deals = {who: build.submitted(by=who, customer_name="Ostrava Rail").pk for who in (above, below, sibling, stranger)}

    assert set(found_by(above, "ostrava")) == {deals[above], deals[below], deals[sibling]}
    assert found_by(below, "ostrava") == [deals[below]]


@pytest.mark.parametrize(
    "actor",
    [
        lambda vendor: Actor(None),
        lambda vendor: Actor(vendor.pk, Scope.NOBODY),
        lambda vendor: Actor(vendor.pk, Scope.PARTNER, ""),
        lambda vendor: Actor(vendor.pk, Scope.TREE, ""),
        lambda vendor: Actor(None, Scope.VENDOR),
    ],
)
def test_somebody_without_a_place_finds_nothing(vendor, actor):
    build.submitted(customer_name="Ostrava Rail")

    with acting_as(actor(vendor)):
        assert search.registrations("ostrava") == []


def test_raw_sql_of_the_application_finds_no_more(vendor):
    mine = build.seller()
    build.submitted(customer_name="Ostrava Rail")

    with acting_as(mine.actor), connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("prm_app",)
        cursor.execute("SELECT deals_search_registrations(ARRAY['%'], ARRAY['%'], 1000000)")
        assert cursor.fetchall() == []


def test_the_function_belongs_to_a_role_that_cannot_sign_in(vendor):
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT r.rolname, r.rolcanlogin, r.rolsuper OR r.rolbypassrls, p.prosecdef,
                      has_function_privilege('public', p.oid, 'EXECUTE'), p.proconfig
               FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner WHERE proname = 'deals_search_registrations'"""
        )
        owner, can_login, is_mighty, is_definer, is_public, settings = cursor.fetchone()

    assert (owner, can_login, is_mighty, is_definer, is_public) == ("prm_search", False, False, True, False)
    assert "search_path=pg_catalog, public, pg_temp" in settings


def test_the_application_cannot_change_the_function(vendor):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER FUNCTION deals_search_registrations(text[], text[], integer) SECURITY INVOKER")


def test_somebody_who_sees_only_own_deals_still_needs_visible_to(vendor):
    firm = build.partner()
    colleague = build.seller(of=firm)
    alone = build.member(Role.PARTNER_SALES, of=firm, sees="own")
    build.submitted(by=colleague, customer_name="Ostrava Rail")

    with acting_as(alone.actor):
        ids = search.registrations("ostrava")
        assert len(ids) == 1
        assert not Registration.objects.visible_to(alone).filter(pk__in=ids).exists()
