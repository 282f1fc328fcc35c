"""Files looked at where something is decided about them: tabs, and the one that is open, page by page.

The page that shows it says which file and page with `?file=…&page=…`, so it works without scripts too; with them only
this part is renewed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from prm.files import showing
from prm.files.models import File
from prm.files.rules import SHOWN, extension_of
from prm.files.showing import Table

ID = "evidence"
BESIDE = 1  # page buttons on either side of the open one


class How(StrEnum):
    """How a file is shown."""

    PAGES = "pages"
    PICTURE = "picture"
    TABLE = "table"
    FILE = "file"  # only offered to be saved


@dataclass(frozen=True)
class Tab:
    """One file, with a note on what it is."""

    file: File
    note: str
    url: str
    is_open: bool
    tone: str = ""


@dataclass(frozen=True)
class PageLink:
    """A button to a page; `number` 0 stands for those left out."""

    number: int
    url: str = ""
    is_open: bool = False


@dataclass(frozen=True)
class Sheet:
    """The file that is open."""

    file: File
    how: How
    page: int
    pages: int
    picture_url: str
    download_url: str
    links: tuple[PageLink, ...] = ()
    table: Table | None = None

    @property
    def left_out(self) -> int:
        """How many pages are only in the file."""
        return max(0, (self.file.pages or 0) - self.pages)

    @property
    def previous(self) -> PageLink | None:
        return next((link for link in self.links if link.number == self.page - 1), None)

    @property
    def next(self) -> PageLink | None:
        return next((link for link in self.links if link.number == self.page + 1), None)


@dataclass(frozen=True)
class Evidence:
    """What the viewer shows."""

    tabs: list[Tab]
    sheet: Sheet | None


def look_at(
    files: Sequence[File], asked: Mapping[str, str], url: str, *, tones: Mapping[object, str] | None = None
) -> Evidence:
    """Return a viewer of these files, open where it was asked for; `url` is the page it is on."""
    opened = next((file for file in files if str(file.pk) == asked.get("file")), files[0] if files else None)
    tabs = [Tab(file, note_on(file), _at(url, file), file is opened, (tones or {}).get(file.pk, "")) for file in files]
    return Evidence(tabs, _sheet(opened, asked.get("page", ""), url) if opened else None)


def note_on(file: File) -> str:
    """Say in two words what a file is."""
    kind = extension_of(file.name).upper()
    if file.media_type == showing.PDF and file.pages:
        pages = ngettext("%(count)d page", "%(count)d pages", file.pages) % {"count": file.pages}
        return f"{kind}, {pages}"
    return _("Picture") if file.media_type in SHOWN else kind


def how_of(file: File) -> How:
    """Say how a file is shown."""
    if file.media_type == showing.PDF:
        return How.PAGES
    if file.media_type in SHOWN:
        return How.PICTURE
    return How.TABLE if file.media_type in showing.TABLES else How.FILE


def _sheet(file: File, page: str, url: str) -> Sheet:
    how, pages = how_of(file), showing.pages_of(file)
    number = min(int(page[:4]), pages) if page.isdecimal() else 1
    number = max(number, 1)
    picture_url = reverse("file-preview", args=[file.pk]) if how == How.PICTURE else ""
    if how == How.PAGES:
        picture_url = reverse("file-page", args=[file.pk, number])
    return Sheet(
        file=file,
        how=how,
        page=number,
        pages=pages,
        picture_url=picture_url,
        download_url=reverse("file", args=[file.pk]),
        links=_links(file, number, pages, url) if pages > 1 else (),
        table=showing.table(file) if how == How.TABLE else None,
    )


def _links(file: File, opened: int, pages: int, url: str) -> tuple[PageLink, ...]:
    """Return buttons to the first and last page and to those around the open one."""
    around = range(opened - BESIDE, opened + BESIDE + 1)
    shown = [number for number in range(1, pages + 1) if number in (1, pages) or number in around]
    links: list[PageLink] = []
    for before, number in zip([0, *shown], shown, strict=False):
        if number > before + 1:
            links.append(PageLink(0))
        links.append(PageLink(number, _at(url, file, number), number == opened))
    return tuple(links)


def _at(url: str, file: File, page: int | None = None) -> str:
    asked = {"file": str(file.pk)} | ({"page": str(page)} if page else {})
    return f"{url}{'&' if '?' in url else '?'}{urlencode(asked)}"
