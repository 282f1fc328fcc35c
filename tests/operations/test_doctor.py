import os

import pytest
from django.core.management import call_command

from prm.operations import doctor, packages, postgres_binaries
from prm.operations.doctor import State
from prm.operations.postgres_binaries import PostgresMissing


@pytest.mark.django_db(databases=["default", "system"])
def test_a_healthy_installation_has_nothing_to_mend(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("doctor")

    assert "missing" not in capsys.readouterr().out


def test_what_is_missing_comes_with_the_command_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(recorded: int | None = None) -> None:
        raise PostgresMissing("No PostgreSQL is here.")

    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setattr(postgres_binaries, "find", nowhere)
    monkeypatch.setattr(packages.shutil, "which", lambda name: "/usr/bin/dnf" if name == "dnf" else None)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    postgres = doctor.postgres()

    assert postgres.state is State.BAD
    assert postgres.remedy == "sudo dnf install postgresql-server postgresql-contrib"


def test_a_broker_that_does_not_answer_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://:secret@127.0.0.1:1/0")

    broker = doctor.broker()

    assert broker.state is State.BAD
    assert "secret" not in broker.words


def test_deliveries_that_wait_too_long_point_to_the_worker() -> None:
    assert doctor.outbox(12.0).state is State.GOOD
    assert doctor.outbox(3600.0).remedy == "python manage.py worker"
