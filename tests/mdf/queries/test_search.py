import pytest
from django.db import connection, connections

from mdf.models import Claim, FundRequest
from mdf.queries import search
from partners.enums import PartnerType
from prm.accounts.roles import Role
from prm.tenancy.context import Actor, Scope, acting_as, as_system
from tests import build
from tests.mdf import build as mdf
from tests.mdf import claim_build as claiming


def found_by(member, text):
    with acting_as(member.actor):
        return search.requests(text)


def titled(title, of=None):
    share = mdf.allocation(to=of)
    return mdf.submitted(share, title=title)


@pytest.mark.parametrize("typed", ["Roadshow", "roads", "hamburg", "SHOW ham", "grün"])
def test_a_request_is_found_by_parts_of_its_title(vendor, typed):
    request = titled("Grüne Roadshow Hamburg")
    titled("Trade fair")

    assert found_by(build.manager(), typed) == [request.pk]


def test_a_request_and_its_claim_are_found_by_their_numbers(vendor):
    claim = claiming.submitted()
    request = claim.request

    with acting_as(build.manager().actor):
        assert search.requests(request.number.lower()[-6:]) == [request.pk]
        assert search.claims(claim.number) == [claim.pk]


@pytest.mark.parametrize("typed", ["", "a", "\0", "%", "%%%", "\\", "100%"])
def test_signs_stand_for_themselves(vendor, typed):
    titled("Spring roadshow")

    assert found_by(build.manager(), typed) == []


def test_lists_find_by_title_and_by_partner(vendor):
    firm = build.partner("Kestrel IT")
    claim = claiming.submitted(mdf.approved(mdf.allocation(to=firm)))
    FundRequest.objects.update(title="Harbour day")
    claiming.submitted()
    FundRequest.objects.exclude(pk=claim.request_id).update(title="Trade fair")

    with acting_as(build.manager().actor):
        for typed in ("harbour", "kestrel"):
            assert list(FundRequest.objects.filter(search.fitting_requests(typed))) == [claim.request]
            assert list(Claim.objects.filter(search.fitting_claims(typed))) == [claim]


def test_another_vendors_rows_are_never_found(vendor):
    with as_system(build.vendor().pk):
        theirs = claiming.submitted()
        assert search.requests("roadshow") == [theirs.request_id]
        number = theirs.number
        assert search.claims(number) == [theirs.pk]

    assert search.requests("roadshow") == search.claims(number) == []
    assert found_by(build.manager(), "roadshow") == []


def test_a_partner_finds_only_its_own_and_a_distributor_those_below(vendor):
    distributor = build.partner(type=PartnerType.DISTRIBUTOR)
    below, sibling = (build.partner(distributor=distributor) for _ in range(2))
    requests = {firm: titled("Roadshow", of=firm).pk for firm in (distributor, below, sibling, build.partner())}

    assert found_by(mdf.marketer(below), "roadshow") == [requests[below]]
    assert set(found_by(mdf.marketer(distributor), "roadshow")) == {
        requests[firm] for firm in (distributor, below, sibling)
    }


def test_a_partner_finds_no_claim_of_another(vendor):
    mine, theirs = claiming.submitted(), claiming.submitted()

    with acting_as(mdf.marketer(mine.partner).actor):
        assert search.claims(mine.number) == [mine.pk]
        assert search.claims(theirs.number) == []


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
    claim = claiming.submitted()

    with acting_as(actor(vendor)):
        assert search.requests("roadshow") == search.claims(claim.number) == []


def test_raw_sql_of_the_application_finds_no_more(vendor):
    titled("Roadshow")

    with acting_as(mdf.marketer(build.partner()).actor), connection.cursor() as cursor:
        for function in ("mdf_search_requests", "mdf_search_claims"):
            cursor.execute(f"SELECT {function}(ARRAY['%'], ARRAY['%'], 1000000)")
            assert cursor.fetchall() == []


@pytest.mark.parametrize("function", ["mdf_search_requests", "mdf_search_claims"])
def test_the_functions_belong_to_a_role_that_cannot_sign_in(vendor, function):
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT r.rolname, r.rolcanlogin, r.rolsuper OR r.rolbypassrls, p.prosecdef,
                      has_function_privilege('public', p.oid, 'EXECUTE'), p.proconfig
               FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner WHERE proname = %s""",
            [function],
        )
        owner, can_login, is_mighty, is_definer, is_public, settings = cursor.fetchone()

    assert (owner, can_login, is_mighty, is_definer, is_public) == ("prm_search", False, False, True, False)
    assert "search_path=pg_catalog, public, pg_temp" in settings


def test_among_thousands_the_indexes_answer(committed):
    """Both the words and the rows that a list takes from the answer are found without reading the table."""
    vendor = build.vendor()
    columns = [field.column for field in FundRequest._meta.local_fields]
    changed = {"id": "gen_random_uuid()", "number": "'X' || n", "title": "'Other ' || n", "saved_at": "now()"}
    values = ", ".join(changed.get(column, column) for column in columns)
    with as_system(vendor.pk), connection.cursor() as cursor:
        old, manager = titled("Harbour day"), build.manager()
        cursor.execute(
            f"""INSERT INTO mdf_fundrequest ({", ".join(columns)})
                SELECT {values} FROM mdf_fundrequest, generate_series(1, 4000) n WHERE id = %s""",
            [old.pk],
        )
        cursor.execute("UPDATE mdf_fundrequest SET saved_at = '2020-01-01' WHERE id = %s", [old.pk])
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE mdf_fundrequest")

    with acting_as(manager.actor), connection.cursor() as cursor:
        before = scans_of(cursor, "fund_request_words")
        assert search.requests("harbour") == [old.pk]
        assert scans_of(cursor, "fund_request_words") > before
        plan = FundRequest.objects.filter(search.fitting_requests("harbour")).order_by("-saved_at")[:26].explain()
    assert "Seq Scan on mdf_fundrequest" not in plan


def scans_of(cursor, index):
    cursor.execute("SELECT pg_stat_get_xact_numscans(%s::regclass)", [index])
    return cursor.fetchone()[0]


def test_somebody_who_sees_only_own_requests_still_needs_visible_to(vendor):
    share = mdf.allocation()
    alone = build.member(Role.PARTNER_MARKETING, of=share.partner, sees="own")
    mdf.submitted(share)

    with acting_as(alone.actor):
        ids = search.requests("roadshow")
        assert len(ids) == 1
        assert not FundRequest.objects.visible_to(alone).filter(pk__in=ids).exists()
