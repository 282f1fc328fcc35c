from pathlib import Path

import pytest

from prm.operations import installation, roles, settings_file
from prm.operations.errors import CannotRun
from prm.operations.installation import Installation

DECIDED = [role.setting for role in roles.LOGINS] + ["REDIS_URL", "SECRET_KEY", "SITE_URL", "PORT"]


@pytest.fixture(autouse=True)
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PRM_VAR", str(tmp_path))
    for name in (
        "DATABASE_URL",
        "DATABASE_OWNER_URL",
        "DATABASE_SYSTEM_URL",
        "REDIS_URL",
        "SECRET_KEY",
        "SITE_URL",
        "PORT",
    ):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_our_own_decision_of_last_time_is_not_taken_for_the_persons(monkeypatch: pytest.MonkeyPatch) -> None:
    settings_file.write({"DATABASE_URL": "postgres://ours"})
    monkeypatch.setenv("DATABASE_URL", "postgres://ours")  # as Django's settings do
    assert installation.has_own_database()

    monkeypatch.setenv("DATABASE_URL", "postgres://theirs")
    assert not installation.has_own_database()


def test_an_empty_address_of_the_broker_asks_for_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert installation.has_own_broker()

    monkeypatch.setenv("REDIS_URL", "")

    assert not installation.has_own_broker()


def test_the_secret_key_stays_the_same_and_is_for_the_owner_alone() -> None:
    first = Installation.decide()
    first.save()

    assert Installation.decide().own["SECRET_KEY"] == first.own["SECRET_KEY"]
    assert settings_file.path().stat().st_mode & 0o077 == 0


def test_a_database_of_ones_own_needs_all_its_roles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://prm_app:x@db.example.com/prm")

    with pytest.raises(CannotRun, match="DATABASE_OWNER_URL and DATABASE_SYSTEM_URL"):
        Installation.decide()
