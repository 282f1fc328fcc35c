"""Databases are saved and come back, whole or not at all."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from prm.operations import archive, backup, databases, restore
from prm.operations.archive import Manifest
from prm.operations.restore import Different, NotEmpty
from tests import services

SOURCE, TARGET = services.database_name("backup"), services.database_name("restored")


@pytest.fixture
def urls() -> Iterator[dict[str, str]]:
    yield with_a_wall(services.create_database(SOURCE))
    for name in (SOURCE, TARGET):
        databases.drop_database(services.admin_url(), name)


@pytest.fixture
def migrated(django_db_setup: None, urls: dict[str, str]) -> dict[str, str]:
    return with_a_wall(services.create_migrated_database(SOURCE))


def with_a_wall(urls: dict[str, str]) -> dict[str, str]:
    """Add a table behind row-level security that the owner cannot see all of."""
    services.run(urls["DATABASE_OWNER_URL"], "CREATE TABLE walled (tenant_id int, note text)")
    services.run(urls["DATABASE_OWNER_URL"], "INSERT INTO walled VALUES (1, 'ours'), (2, 'theirs')")
    services.run(
        urls["DATABASE_OWNER_URL"],
        "ALTER TABLE walled ENABLE ROW LEVEL SECURITY; ALTER TABLE walled FORCE ROW LEVEL SECURITY;"
        "CREATE POLICY one ON walled USING (tenant_id = 1)",
    )
    return urls


@pytest.fixture(autouse=True)
def settings_of_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands started by a restore read the environment, as they do for an operator."""
    monkeypatch.setenv("PRM_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("SECRET_KEY", "only-for-this-test")
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "prm.settings")


def save(urls: dict[str, str], folder: Path) -> Path:
    (folder / "media").mkdir()
    (folder / "media" / "logo.png").write_bytes(b"picture")
    url = urls["DATABASE_BACKUP_URL"]
    backup.back_up(folder / "backup.tar", url=url, media=folder / "media", versions={"portal": "1"})
    return folder / "backup.tar"


def test_rows_behind_row_level_security_are_saved_and_come_back(migrated: dict[str, str], tmp_path: Path) -> None:
    saved = save(migrated, tmp_path)

    manifest = restore.verify(saved, admin_url=services.admin_url(), passwords=services.passwords())
    assert manifest.rows["walled"] == 2

    restore.into_empty(
        saved,
        admin_url=services.admin_url(),
        name=TARGET,
        passwords=services.passwords(),
        media=tmp_path / "elsewhere",
    )

    restored = databases.urls(services.admin_url(), TARGET, services.passwords())
    notes = services.run(restored["DATABASE_BACKUP_URL"], "SELECT note FROM walled ORDER BY 1")
    assert notes == [("ours",), ("theirs",)]
    assert services.run(restored["DATABASE_OWNER_URL"], "SELECT note FROM walled") == [("ours",)]
    assert (tmp_path / "elsewhere" / "logo.png").read_bytes() == b"picture"


def test_a_row_too_few_is_noticed(urls: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    saved = save(urls, tmp_path)
    genuine = archive.examine

    def with_another_row(source: Path) -> Manifest:
        manifest = genuine(source)
        manifest.rows["walled"] += 1
        return manifest

    monkeypatch.setattr(archive, "examine", with_another_row)

    with pytest.raises(Different, match="walled: 3 saved, 2 restored"):
        restore.verify(saved, admin_url=services.admin_url(), passwords=services.passwords())


def test_a_database_with_people_in_it_is_never_replaced(
    urls: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved = save(urls, tmp_path)
    monkeypatch.setattr(restore, "SIGNS_OF_LIFE", ("walled",))

    with pytest.raises(NotEmpty, match="walled has 2 rows"):
        restore.into_empty(
            saved, admin_url=services.admin_url(), name=SOURCE, passwords=services.passwords(), media=tmp_path
        )
