"""The file a backup is: a tar of the database's dump, the uploaded files, and a manifest that vouches for both."""

import hashlib
import json
import tarfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO

from prm.operations.errors import CannotRun

DUMP = "database.dump"
MANIFEST = "manifest.json"
MEDIA = "media"
BLOCK = 1 << 20


class Damaged(CannotRun):
    def __init__(self, what: str) -> None:
        super().__init__(f"The backup is damaged: {what}. Take another one.")


@dataclass
class Manifest:
    created_at: str
    versions: dict[str, str]
    rows: dict[str, int]
    sha256: dict[str, str] = field(default_factory=dict)
    format: int = 1

    def write(self) -> str:
        return json.dumps(asdict(self), indent=1, sort_keys=True)


def pack(target: Path, manifest: Manifest, dump: Path, media: Path) -> None:
    """Write all in one step: a backup that is there is whole. Only its owner can read it."""
    draft = target.with_name(f"{target.name}.making")
    draft.touch(mode=0o600)
    with tarfile.open(draft, "w") as archive:
        for name, file in [(DUMP, dump), *_media_files(media)]:
            archive.add(file, name, recursive=False)
        # What is vouched for is what went in, even if a file changed meanwhile.
    with tarfile.open(draft) as archive:
        manifest.sha256 = dict(_checksums(archive))
    note = dump.with_name(MANIFEST)
    note.write_text(manifest.write())
    with tarfile.open(draft, "a") as archive:
        archive.add(note, MANIFEST)
    draft.replace(target)


def examine(source: Path) -> Manifest:
    """Return the manifest of a backup that is whole. Raises `Damaged`, or `CannotRun` when it is none."""
    try:
        with tarfile.open(source) as archive:
            manifest = Manifest(**json.loads(_content(archive, MANIFEST).read()))
            found = dict(_checksums(archive))
    except FileNotFoundError as problem:
        raise CannotRun(f"There is no file {source}.") from problem
    except (tarfile.TarError, KeyError, ValueError, TypeError) as problem:
        raise Damaged(f"{source} is no complete backup ({problem})") from problem
    _compare(manifest.sha256, found)
    return manifest


def extract_dump(source: Path, target: Path) -> None:
    with tarfile.open(source) as archive:
        _copy(_content(archive, DUMP), target)


def extract_media(source: Path, folder: Path) -> int:
    """Put the uploaded files in place and return how many there were."""
    with tarfile.open(source) as archive:
        members = [member for member in archive if member.isfile() and member.name.startswith(f"{MEDIA}/")]
        for member in members:
            _copy(_content(archive, member.name), folder / _inside(member.name))
    return len(members)


def _inside(name: str) -> PurePosixPath:
    """Raises `Damaged` for a name that would lead out of the folder."""
    path = PurePosixPath(name).relative_to(MEDIA)
    if ".." in path.parts or path.is_absolute():
        raise Damaged(f"it holds a file named {name}")
    return path


def _media_files(media: Path) -> Iterator[tuple[str, Path]]:
    for file in sorted(media.rglob("*")):
        if file.is_file():
            yield f"{MEDIA}/{file.relative_to(media).as_posix()}", file


def _checksums(archive: tarfile.TarFile) -> Iterator[tuple[str, str]]:
    for member in archive:
        if member.isfile() and member.name != MANIFEST:
            yield member.name, _checksum(_content(archive, member.name))


def _checksum(content: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while block := content.read(BLOCK):
        digest.update(block)
    return digest.hexdigest()


def _compare(promised: dict[str, str], found: dict[str, str]) -> None:
    for name in sorted(promised.keys() | found.keys()):
        if name not in found:
            raise Damaged(f"{name} is missing")
        if found[name] != promised.get(name):
            raise Damaged(f"{name} is not what was saved")


def _content(archive: tarfile.TarFile, name: str) -> IO[bytes]:
    content = archive.extractfile(name)
    if content is None:
        raise KeyError(name)
    return content


def _copy(content: IO[bytes], target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file:
        while block := content.read(BLOCK):
            file.write(block)
