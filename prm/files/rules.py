"""Which files are taken: the name, the beginning and the inside of a file must say the same, and be harmless.

Only the standard library and the readers of images and PDF are needed, so that `inspection` can run this in a process
of its own, where a hostile file can use up neither memory nor time of the portal.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, BinaryIO
from xml.parsers import expat


class Reason(StrEnum):
    """Why a file is not taken; each has a sentence in `templates/files/refusals/`."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    KIND = "kind"  # not on the list
    MISMATCH = "mismatch"  # something else than its name says
    DAMAGED = "damaged"
    LOCKED = "locked"  # by a password
    TOO_LONG = "too_long"  # pages
    TOO_BIG_A_PICTURE = "too_big_a_picture"  # pixels or frames
    EXPANDS = "expands"  # unpacks to far more than it is
    MACROS = "macros"
    EXTERNAL = "external"  # loads parts from elsewhere when it is opened
    ACTIVE = "active"  # runs something when it is opened
    TWO_KINDS = "two_kinds"  # is a second kind of file at the same time
    TOO_HARD = "too_hard"  # took too long to look at
    INFECTED = "infected"
    TOO_MANY = "too_many"  # on one record


class Unfit(Exception):
    """A file that is not taken."""

    def __init__(self, reason: Reason, **facts: Any) -> None:
        super().__init__(reason.value)
        self.reason, self.facts = reason, facts


@dataclass(frozen=True)
class Found:
    """What a file is that is fit to be taken; `pages` of what has pages."""

    media_type: str
    pages: int | None = None


@dataclass(frozen=True)
class Kind:
    """A kind of file we take: its media type and how to look into it, which counts the pages of what has any."""

    media_type: str
    look: Callable[[BinaryIO], int | None]
    begins: tuple[bytes, ...] = ()
    is_shown: bool = False  # a browser may show it inside a page


PAGES = 500
PIXELS = 50_000_000
FRAMES = 200
ENTRIES = 5_000
UNPACKED = 200 * 1024 * 1024
RATIO = 200  # an office file of text packs about 20 to 1
XML = 4 * 1024 * 1024


def extension_of(name: str) -> str:
    """Return what follows the last dot, in lower case."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def kind_of(name: str) -> Kind:
    """Return the kind a name promises; raises `Unfit` for one that is not taken."""
    try:
        return KINDS[extension_of(name)]
    except KeyError:
        raise Unfit(Reason.KIND, extension=extension_of(name)[:12]) from None


def refuse_size(size: int, limit: int) -> None:
    """Refuse an empty file and one over the limit."""
    if size <= 0:
        raise Unfit(Reason.EMPTY)
    if size > limit:
        raise Unfit(Reason.TOO_LARGE, limit=limit)


def look_into(name: str, content: BinaryIO) -> Found:
    """Return what a file is whose content is what its name says; raises `Unfit` otherwise."""
    kind = kind_of(name)
    beginning = _beginning(content)
    if kind.begins and not any(beginning.startswith(signature) for signature in kind.begins):
        raise Unfit(Reason.LOCKED if beginning.startswith(OLE) and kind.look is not _look_at_text else Reason.MISMATCH)
    content.seek(0)
    return Found(kind.media_type, kind.look(content))


def begins_as(media_type: str, content: BinaryIO) -> bool:
    """Say whether a stored file still begins as its media type says."""
    beginning = _beginning(content)
    kinds = [kind for kind in KINDS.values() if kind.media_type == media_type]
    return any(beginning.startswith(signature) for kind in kinds for signature in kind.begins)


def _beginning(content: BinaryIO) -> bytes:
    content.seek(0)
    beginning = content.read(16)
    content.seek(0)
    # RIFF is followed by a length, and only then by what it is.
    return b"WEBP" if beginning[:4] == b"RIFF" and beginning[8:12] == b"WEBP" else beginning


def _refuse_second_kind(content: BinaryIO) -> None:
    """A ZIP (a JAR, an office file) is read from its end, so it can hide behind any beginning."""
    try:
        with zipfile.ZipFile(content) as archive:
            hidden = bool(archive.infolist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        hidden = False
    if hidden:
        raise Unfit(Reason.TWO_KINDS)
    content.seek(0)


# -- pictures ----------------------------------------------------------------------------------------
def _look_at_picture(expected: str) -> Callable[[BinaryIO], None]:
    def look(content: BinaryIO) -> None:
        from PIL import Image, ImageFile

        Image.MAX_IMAGE_PIXELS = PIXELS
        ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint sets it for the whole process that imports it
        _refuse_second_kind(content)
        try:
            with Image.open(content, formats=[expected]) as picture:
                if picture.width * picture.height > PIXELS or getattr(picture, "n_frames", 1) > FRAMES:
                    raise Unfit(Reason.TOO_BIG_A_PICTURE)
                picture.load()
        except Image.DecompressionBombError:
            raise Unfit(Reason.TOO_BIG_A_PICTURE) from None
        except (Unfit, MemoryError):
            raise
        except Exception:
            raise Unfit(Reason.DAMAGED) from None

    return look


# -- PDF ---------------------------------------------------------------------------------------------
RUNS = {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToE", "/Rendition"}


def _look_at_pdf(content: BinaryIO) -> int:
    from pypdf import PdfReader

    _refuse_second_kind(content)
    content.seek(0, io.SEEK_END)
    content.seek(max(0, content.tell() - 4096))
    if b"%%EOF" not in content.read():
        raise Unfit(Reason.DAMAGED)
    content.seek(0)
    try:
        reader = PdfReader(content)
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unfit(Reason.LOCKED)
        pages, runs = len(reader.pages), _runs_something(reader.root_object)
    except (Unfit, MemoryError):
        raise
    except Exception:
        raise Unfit(Reason.DAMAGED) from None
    if not pages:
        raise Unfit(Reason.DAMAGED)
    if pages > PAGES:
        raise Unfit(Reason.TOO_LONG, pages=PAGES)
    if runs:
        raise Unfit(Reason.ACTIVE)
    return pages


def _runs_something(root: Any) -> bool:
    """Say whether opening the document runs a script, starts a program or sends its contents away."""
    names = _dictionary(root.get("/Names"))
    opening = _dictionary(root.get("/OpenAction"))
    on_events = [_dictionary(action) for action in _dictionary(root.get("/AA")).values()]
    return "/JavaScript" in names or any(action.get("/S") in RUNS for action in [opening, *on_events])


def _dictionary(value: Any) -> Any:
    value = value.get_object() if hasattr(value, "get_object") else value
    return value if isinstance(value, dict) else {}


# -- office files ------------------------------------------------------------------------------------
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # what office puts around a file with a password
PROGRAMS = re.compile(
    r"vbaproject|vbadata|macrosheets/|activex|oleobject|\.(exe|dll|js|vbs|bat|cmd|ps1|hta|lnk)$", re.I
)
LINKS = "/hyperlink"  # a person has to click it; anything else from outside is loaded on opening


def _look_at_office(main_part: str) -> Callable[[BinaryIO], None]:
    def look(content: BinaryIO) -> None:
        try:
            with zipfile.ZipFile(content) as archive:
                _look_into_archive(archive, main_part)
        except (Unfit, MemoryError):
            raise
        except Exception:
            raise Unfit(Reason.DAMAGED) from None

    return look


def _look_into_archive(archive: zipfile.ZipFile, main_part: str) -> None:
    parts = archive.infolist()
    names = [part.filename for part in parts]
    unpacked, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
    if len(parts) > ENTRIES or unpacked > UNPACKED or unpacked > RATIO * max(packed, 100_000):
        raise Unfit(Reason.EXPANDS)
    if any(part.flag_bits & 1 for part in parts):
        raise Unfit(Reason.LOCKED)
    if main_part not in names or "[Content_Types].xml" not in names or len(set(names)) != len(names):
        raise Unfit(Reason.MISMATCH)
    if any(name.startswith(("/", "\\")) or ".." in name.split("/") for name in names):
        raise Unfit(Reason.MISMATCH)
    if any(PROGRAMS.search(name) for name in names):
        raise Unfit(Reason.MACROS)
    if any(
        "macroenabled" in value.lower()
        for element in _elements(archive, "[Content_Types].xml")
        for value in element.values()
    ):
        raise Unfit(Reason.MACROS)
    for name in names:
        if name.lower().endswith(".rels") and any(map(_loads_from_elsewhere, _elements(archive, name))):
            raise Unfit(Reason.EXTERNAL)


def _loads_from_elsewhere(relation: dict[str, str]) -> bool:
    return relation.get("TargetMode", "").lower() == "external" and not relation.get("Type", "").endswith(LINKS)


def _elements(archive: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    """Return the attributes of all elements of a part; a document type could define more and is refused."""
    if archive.getinfo(name).file_size > XML:
        raise Unfit(Reason.EXPANDS)
    found: list[dict[str, str]] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda _tag, attributes: found.append(attributes)
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.Parse(archive.read(name), True)
    return found


def _refuse_doctype(*_: Any) -> None:
    raise Unfit(Reason.MISMATCH)


# -- text --------------------------------------------------------------------------------------------
MARKUP = re.compile(r"\s*(<(!doctype|html|head|body|svg|script|iframe|object|embed|\?xml|!--)|\{\\rtf|%pdf-|#!)", re.I)
NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0e-\x19\x1b-\x1f\x7f]")


def _look_at_text(content: BinaryIO) -> None:
    _refuse_second_kind(content)
    text = _decoded(content.read())
    if NOT_TEXT.search(text) or MARKUP.match(text):
        raise Unfit(Reason.MISMATCH)


def _decoded(raw: bytes) -> str:
    encodings = ["utf-16"] if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unfit(Reason.MISMATCH)


OFFICE = "application/vnd.openxmlformats-officedocument."
ZIP = (b"PK\x03\x04",)
_JPEG = Kind("image/jpeg", _look_at_picture("JPEG"), (b"\xff\xd8\xff",), is_shown=True)
KINDS: dict[str, Kind] = {
    "pdf": Kind("application/pdf", _look_at_pdf, (b"%PDF-1.", b"%PDF-2.")),
    "png": Kind("image/png", _look_at_picture("PNG"), (b"\x89PNG\r\n\x1a\n",), is_shown=True),
    "jpg": _JPEG,
    "jpeg": _JPEG,
    "webp": Kind("image/webp", _look_at_picture("WEBP"), (b"WEBP",), is_shown=True),
    "gif": Kind("image/gif", _look_at_picture("GIF"), (b"GIF87a", b"GIF89a")),
    "docx": Kind(f"{OFFICE}wordprocessingml.document", _look_at_office("word/document.xml"), ZIP),
    "xlsx": Kind(f"{OFFICE}spreadsheetml.sheet", _look_at_office("xl/workbook.xml"), ZIP),
    "pptx": Kind(f"{OFFICE}presentationml.presentation", _look_at_office("ppt/presentation.xml"), ZIP),
    "csv": Kind("text/csv", _look_at_text),
    "txt": Kind("text/plain", _look_at_text),
}
SHOWN = frozenset(kind.media_type for kind in KINDS.values() if kind.is_shown)
