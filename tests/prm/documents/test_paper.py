import io
from contextlib import contextmanager

import pypdf
import pypdfium2
import pytest
import time_machine

from prm.documents import fonts, paper
from tests.prm.documents import sample
from tests.prm.documents.test_fonts import NAMES

pytestmark = pytest.mark.skipif(not paper.can_set_type(), reason="Pango is not installed")


def text_of(content):
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)


def letters_of(content):
    reader = pypdf.PdfReader(io.BytesIO(content))
    fonts_used = [font for page in reader.pages for font in page["/Resources"]["/Font"].get_object().values()]
    return {font.get_object()["/BaseFont"].split("+")[1] for font in fonts_used}


def test_the_same_document_is_the_same_to_the_last_byte_whenever_it_is_written(partner):
    document = sample.document(partner, names=tuple(NAMES))

    first = paper.pdf(document)
    document.refresh_from_db()
    with time_machine.travel("2031-05-17 03:04"):
        later = paper.pdf(document)

    assert first == later


def test_other_facts_make_another_document(partner):
    assert paper.pdf(sample.document(partner)) != paper.pdf(sample.document(partner, lines=3))


def test_later_changes_of_the_brand_leave_a_document_alone(vendor, partner):
    document = sample.document(partner)
    before = paper.pdf(document)

    from prm.accounts.models import VendorProfile

    VendorProfile.objects.update(brand_color="#ff0000", time_zone="Asia/Tokyo")
    vendor.name = "Renamed"
    vendor.save()
    document.refresh_from_db()

    assert paper.pdf(document) == before


def test_it_says_what_it_is_who_issued_it_and_how_to_check_it(vendor, partner):
    document = sample.document(partner)

    words = text_of(paper.pdf(document))

    assert vendor.name in words
    assert "S-1" in words
    assert document.spoken_code in words
    assert f"/verify/{document.code}/" in words
    assert "Page 1 of 1" in words


def test_money_and_days_are_written_in_its_language(partner):
    german = paper.html(sample.document(partner, language="de"))
    english = paper.html(sample.document(partner, language="en"))

    assert "1.234,50\xa0€" in german
    assert "€1,234.50" in english
    assert "24 December 2026" in english


@pytest.mark.parametrize("name", NAMES)
def test_names_of_any_script_are_set_in_our_own_letters(partner, name):
    content = paper.pdf(sample.document(partner, names=(name,)))

    wanted = {part.family.replace(" ", "-") for part in fonts.needed(name)}
    assert wanted <= letters_of(content) | {"Paper-latin"}
    assert all(family.startswith("Paper-") for family in letters_of(content))


def test_what_a_person_typed_is_text_and_never_markup(partner):
    hostile = ['<img src="file:///etc/passwd">', "<style>*{background:url(http://127.0.0.1:9/)}</style>"]

    page = paper.html(sample.document(partner, names=tuple(hostile)))

    assert "<img" not in page
    assert "&lt;img" in page
    assert "&lt;style&gt;" in page


@pytest.mark.parametrize(
    "markup",
    [
        '<img src="{url}">',
        '<link rel="stylesheet" href="{url}">',
        '<link rel="attachment" href="{url}">',
        "<style>@import url({url}); body {{ background: url({url}) }}</style>",
        "<style>@font-face {{ font-family: x; src: url({url}) }} p {{ font-family: x }}</style>",
        '<object data="{url}"></object>',
        '<svg><image href="{url}"/></svg>',
        '<base href="{url}"><img src="x.png">',
    ],
)
@pytest.mark.parametrize("kind", ["file", "http", "relative"])
def test_nothing_but_data_is_ever_opened(tmp_path, monkeypatch, markup, kind):
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret of this machine")
    monkeypatch.chdir(tmp_path)
    url = {"file": secret.as_uri(), "http": "http://127.0.0.1:9/secret", "relative": "secret.txt"}[kind]

    with nothing_opened(secret) as opened:
        content = paper.set_in_type(f'<html lang="en"><body><p>Text</p>{markup.format(url=url)}</body></html>')

    assert opened == []
    assert b"the secret" not in content
    assert "/EmbeddedFiles" not in str(pypdf.PdfReader(io.BytesIO(content)).trailer["/Root"])


@contextmanager
def nothing_opened(secret):
    """Note every socket that is connected, and every opening of the file."""
    import sys

    opened, on = [], [True]

    def note(event, args):
        is_file = event == "open" and str(args[0]) == str(secret)
        if on and (is_file or event in ("socket.connect", "socket.getaddrinfo")):
            opened.append(event)

    sys.addaudithook(note)
    try:
        yield opened
    finally:
        on.clear()


def test_a_long_document_repeats_its_head_on_every_page_and_stays_small(partner):
    content = paper.pdf(sample.document(partner, lines=100))

    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    assert len(pages) > 2
    assert all("S-1" in page.extract_text() for page in pages)
    assert f"Page 2 of {len(pages)}" in pages[1].extract_text()
    assert len(content) < 60_000


def test_a_page_can_be_drawn_and_is_not_empty(partner):
    picture = pypdfium2.PdfDocument(paper.pdf(sample.document(partner, names=tuple(NAMES))))[0].render(scale=1).to_pil()

    assert len(picture.convert("L").getcolors()) > 20
