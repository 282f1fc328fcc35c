"""Collecting texts and compiling translations with Babel, so that no machine needs gettext."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from prm.operations.places import PROJECT

SOURCES = ("prm", "partners", "deals", "quotes", "mdf", "templates")
# Django's names for gettext; its lazy forms take the same arguments.
KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}


def catalogs(folder: Path = PROJECT / "locale") -> list[Path]:
    return sorted(folder.glob("*/LC_MESSAGES/*.po"))


def compile_stale(files: list[Path]) -> list[Path]:
    """Compile the catalogs that changed since they were compiled last, and return them."""
    stale = [file for file in files if not _is_fresh(file)]
    for file in stale:
        with file.open("rb") as source:
            catalog = read_po(source, locale=_language(file), domain=file.stem)
        draft = file.with_suffix(".mo.making")
        with draft.open("wb") as target:
            write_mo(target, catalog)
        draft.replace(file.with_suffix(".mo"))
    return stale


def collect(files: list[Path]) -> dict[Path, int]:
    """Bring every catalog in line with the sources; return how many texts of each wait for a translation."""
    found = template()
    waiting = {}
    for file in files:
        with file.open("rb") as source:
            catalog = read_po(source, locale=_language(file), domain=file.stem)
        catalog.update(found, no_fuzzy_matching=True, update_creation_date=False)
        catalog.obsolete.clear()
        with file.open("wb") as target:
            write_po(target, catalog, omit_header=False, sort_output=True, include_lineno=False, width=110)
        waiting[file] = sum(not _is_translated(message.string) for message in catalog if message.id)
    return waiting


def template() -> Catalog:
    """Return every text of the sources, untranslated."""
    texts = Catalog(charset="utf-8")
    for file in _sources():
        name = str(file.relative_to(PROJECT))
        code = file.read_text(encoding="utf-8")
        text = code if file.suffix == ".py" else _as_python(code, name)
        for _, message, comments, context in extract("python", BytesIO(text.encode()), KEYWORDS, ["Translators:"]):
            texts.add(message, None, [(name, 0)], auto_comments=comments, context=context)
    return texts


def _as_python(template: str, name: str) -> str:
    """Django renders a template for xgettext as calls between filler; indented filler is no Python."""
    lines = (line.strip() for line in templatize(template, origin=name).splitlines())
    return "\n".join(line for line in lines if line.startswith("#") or "_(" in line or "gettext(" in line)


def _sources() -> Iterator[Path]:
    for folder in SOURCES:
        for pattern in ("*.py", "*.html", "*.txt"):
            yield from sorted((PROJECT / folder).rglob(pattern))


def _language(file: Path) -> str:
    return file.parent.parent.name


def _is_fresh(file: Path) -> bool:
    compiled = file.with_suffix(".mo")
    return compiled.exists() and compiled.stat().st_mtime >= file.stat().st_mtime


def _is_translated(text: str | tuple[str, ...] | list[str] | None) -> bool:
    return bool(text) if isinstance(text, str) else all(text or [""])
