import tarfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from prm.operations import archive
from prm.operations.archive import Damaged, Manifest
from prm.operations.errors import CannotRun


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """A backup with one uploaded file."""
    (tmp_path / "media" / "claims").mkdir(parents=True)
    (tmp_path / "media" / "claims" / "Beleg für Köln.pdf").write_bytes(b"a receipt")
    (tmp_path / "database.dump").write_bytes(b"rows")
    manifest = Manifest("2026-01-05T09:00:00+00:00", {"postgres": "16"}, {"deal": 3})
    archive.pack(tmp_path / "backup.tar", manifest, tmp_path / "database.dump", tmp_path / "media")
    return tmp_path / "backup.tar"


def rewritten(backup: Path, change: Callable[[tarfile.TarInfo, bytes], bytes | None]) -> Path:
    """Copy a backup, letting `change` decide on each member's content; None leaves it out."""
    copy = backup.with_name("rewritten.tar")
    with tarfile.open(backup) as source, tarfile.open(copy, "w") as target:
        for member in source:
            content = change(member, source.extractfile(member).read())
            if content is not None:
                member.size = len(content)
                target.addfile(member, BytesIO(content))
    return copy


def test_what_goes_in_comes_out(backup: Path, tmp_path: Path) -> None:
    manifest = archive.examine(backup)
    archive.extract_dump(backup, tmp_path / "out" / "dump")
    files = archive.extract_media(backup, tmp_path / "out" / "media")

    assert manifest.rows == {"deal": 3}
    assert files == 1
    assert (tmp_path / "out" / "dump").read_bytes() == b"rows"
    assert (tmp_path / "out" / "media" / "claims" / "Beleg für Köln.pdf").read_bytes() == b"a receipt"


def test_only_its_owner_reads_a_backup(backup: Path) -> None:
    assert backup.stat().st_mode & 0o077 == 0


def test_a_changed_file_is_noticed(backup: Path) -> None:
    changed = rewritten(backup, lambda member, content: b"A receipt" if "Beleg" in member.name else content)

    with pytest.raises(Damaged, match=r"Beleg für Köln\.pdf is not what was saved"):
        archive.examine(changed)


def test_a_missing_dump_is_noticed(backup: Path) -> None:
    changed = rewritten(backup, lambda member, content: None if member.name == archive.DUMP else content)

    with pytest.raises(Damaged, match=r"database\.dump is missing"):
        archive.examine(changed)


@pytest.mark.parametrize("bytes_left", [0, 700, 2000])
def test_half_a_backup_is_none(backup: Path, bytes_left: int) -> None:
    backup.write_bytes(backup.read_bytes()[:bytes_left])

    with pytest.raises(Damaged):
        archive.examine(backup)


def test_a_wrong_path_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(CannotRun, match="There is no file"):
        archive.examine(tmp_path / "nothing.tar")


def test_a_file_cannot_be_put_outside_the_folder(backup: Path, tmp_path: Path) -> None:
    def lead_out(member: tarfile.TarInfo, content: bytes) -> bytes:
        member.name, member.pax_headers = member.name.replace("media/claims", "media/../.."), {}
        return content

    with pytest.raises(Damaged, match="it holds a file named"):
        archive.extract_media(rewritten(backup, lead_out), tmp_path / "deep" / "media")
