from collections.abc import Iterator

import psycopg2
import pytest

from prm.operations import databases, roles
from prm.operations.roles import Role
from tests import services

NAME = services.database_name("preparation")


@pytest.fixture(scope="module")
def urls() -> Iterator[dict[str, str]]:
    yield services.create_database(NAME)
    databases.drop_database(services.admin_url(), NAME)


def test_preparing_twice_changes_nothing(urls: dict[str, str]) -> None:
    assert databases.prepare_database(services.admin_url(), NAME, services.passwords()) == urls


@pytest.mark.parametrize("role", roles.ROLES, ids=lambda role: role.name)
def test_no_role_but_the_backups_may_bypass_row_level_security(urls: dict[str, str], role: Role) -> None:
    powers = services.run(
        services.admin_url(), f"SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = '{role.name}'"
    )

    assert powers == [(False, role.sees_all_rows)]


@pytest.mark.parametrize("setting", ["DATABASE_URL", "DATABASE_SYSTEM_URL", "DATABASE_BACKUP_URL"])
def test_only_the_owner_may_create_tables(urls: dict[str, str], setting: str) -> None:
    services.run(urls["DATABASE_OWNER_URL"], "CREATE TABLE IF NOT EXISTS deal (id int)")

    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        services.run(urls[setting], "CREATE TABLE mine (id int)")


def test_a_new_table_is_closed_to_the_app_until_a_migration_grants_it(urls: dict[str, str]) -> None:
    services.run(urls["DATABASE_OWNER_URL"], "CREATE TABLE IF NOT EXISTS deal (id int)")

    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        services.run(urls["DATABASE_URL"], "SELECT * FROM deal")
    assert services.run(urls["DATABASE_BACKUP_URL"], "SELECT * FROM deal") == []


def test_the_owner_can_hand_a_function_to_the_search_role(urls: dict[str, str]) -> None:
    services.run(
        urls["DATABASE_OWNER_URL"],
        "CREATE OR REPLACE FUNCTION found() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';"
        "ALTER FUNCTION found() OWNER TO prm_search",
    )

    assert services.run(urls["DATABASE_URL"], "SELECT found()") == [(1,)]


def test_trigrams_know_letters_of_every_script(urls: dict[str, str]) -> None:
    [(trigrams,)] = services.run(urls["DATABASE_URL"], "SELECT cardinality(show_trgm('Ольга'))")

    assert trigrams == 6


def test_an_app_role_with_too_much_power_is_refused() -> None:
    with services.postgres() as (cluster, _):  # roles belong to the server, and the shared one is in use
        databases.prepare_database(cluster.admin_url, NAME, services.passwords())
        services.run(cluster.admin_url, "ALTER ROLE prm_app BYPASSRLS")

        with pytest.raises(roles.UnsafeRole, match="prm_app"):
            databases.prepare_database(cluster.admin_url, NAME, services.passwords())
