import io

import pytest

from prm.files import rules
from prm.files.rules import Reason, Unfit
from tests.prm.files import samples


def verdict(name, content):
    """The media type, or the reason against the file."""
    try:
        return rules.look_into(name, io.BytesIO(content)).media_type
    except Unfit as unfit:
        return unfit.reason


def named(value: object) -> str:
    """Name a case by its words: samples hold the time of their making, and every test process makes its own."""
    return str(value) if isinstance(value, str) else "-"


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("offer.pdf", samples.pdf(3), "application/pdf"),
        ("owner-locked.PDF", samples.pdf(owner_password="secret"), "application/pdf"),
        ("shot.png", samples.picture(), "image/png"),
        ("shot.jpg", samples.picture("JPEG"), "image/jpeg"),
        ("shot.jpeg", samples.picture("JPEG"), "image/jpeg"),
        ("shot.webp", samples.picture("WEBP"), "image/webp"),
        ("shot.gif", samples.picture("GIF"), "image/gif"),
        ("letter.docx", samples.office(), rules.KINDS["docx"].media_type),
        ("list.xlsx", samples.office("xl/workbook.xml"), rules.KINDS["xlsx"].media_type),
        ("talk.pptx", samples.office("ppt/presentation.xml"), rules.KINDS["pptx"].media_type),
        (
            "linked.docx",
            samples.office(
                word___rels__document="", **{"word___rels__a.rels": samples.relations("hyperlink", "https://x")}
            ),
            rules.KINDS["docx"].media_type,
        ),
        ("list.csv", "Müller;3,50\r\n".encode(), "text/csv"),
        ("list.csv", "Müller;3,50\r\n".encode("cp1252"), "text/csv"),
        ("list.csv", "Müller\t3,50\r\n".encode("utf-16"), "text/csv"),
        ("note.txt", "日本語\n".encode(), "text/plain"),
        ("note.txt", b"a < b and <b>bold</b>", "text/plain"),
    ],
    ids=named,
)
def test_files_that_are_what_they_say_are_taken(name, content, media_type):
    assert verdict(name, content) == media_type


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        # not on the list, whatever is in them
        ("setup.exe", samples.EXE, Reason.KIND),
        ("invoice.pdf.exe", samples.EXE, Reason.KIND),
        ("logo.svg", samples.SVG, Reason.KIND),
        ("page.html", samples.HTML, Reason.KIND),
        ("no-extension", samples.pdf(), Reason.KIND),
        ("macros.docm", samples.office(), Reason.KIND),
        # renamed
        ("invoice.pdf", samples.EXE, Reason.MISMATCH),
        ("logo.png", samples.SVG, Reason.MISMATCH),
        ("logo.png", samples.HTML, Reason.MISMATCH),
        ("logo.png", samples.picture("JPEG"), Reason.MISMATCH),
        ("page.txt", samples.HTML, Reason.MISMATCH),
        ("page.csv", b"\xef\xbb\xbf \n<SVG onload=alert(1)>", Reason.MISMATCH),
        ("page.txt", "<html>".encode("utf-16"), Reason.MISMATCH),
        ("run.txt", b"#!/bin/sh\nrm -rf /", Reason.MISMATCH),
        ("binary.csv", samples.EXE, Reason.MISMATCH),
        ("paper.txt", samples.pdf(), Reason.MISMATCH),
        ("letter.docx", samples.archive(a=b"x"), Reason.MISMATCH),
        ("letter.docx", samples.office("xl/workbook.xml"), Reason.MISMATCH),
        # damaged
        ("cut.png", samples.picture(size=(500, 500))[:200], Reason.DAMAGED),
        ("cut.pdf", samples.pdf()[:-30], Reason.DAMAGED),
        ("cut.docx", samples.office()[:60], Reason.DAMAGED),
        ("empty.pdf", b"%PDF-1.7\n%%EOF", Reason.DAMAGED),
        # locked
        ("secret.pdf", samples.pdf(password="secret"), Reason.LOCKED),
        ("secret.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, Reason.LOCKED),
        # too much
        ("bomb.png", samples.png_bomb(), Reason.TOO_BIG_A_PICTURE),
        ("bomb.png", samples.png_bomb(10_000, 5_001), Reason.TOO_BIG_A_PICTURE),
        ("long.pdf", samples.pdf(rules.PAGES + 1), Reason.TOO_LONG),
        ("bomb.docx", samples.office(word__media__zeros=b"\0" * 60_000_000), Reason.EXPANDS),
        ("many.xlsx", samples.office("xl/workbook.xml", **{f"p{n}": b"" for n in range(5001)}), Reason.EXPANDS),
        # runs something
        ("script.pdf", samples.pdf(script=True), Reason.ACTIVE),
        ("launch.pdf", samples.pdf(action="/Launch"), Reason.ACTIVE),
        ("macros.docx", samples.office(word__vbaProject="", **{"word__vbaProject.bin": b"x"}), Reason.MACROS),
        ("macros.docx", samples.office(type=samples.MACRO), Reason.MACROS),
        ("macros.xlsx", samples.office("xl/workbook.xml", xl__macrosheets__sheet1=b"x"), Reason.MACROS),
        ("object.docx", samples.office(**{"word__embeddings__oleObject1.bin": b"x"}), Reason.MACROS),
        ("hidden.docx", samples.office(**{"word__media__setup.exe": samples.EXE}), Reason.MACROS),
        # loads something
        (
            "t.docx",
            samples.office(**{"word___rels__s.rels": samples.relations("attachedTemplate", "http://x")}),
            "external",
        ),
        ("t.docx", samples.office(**{"word___rels__s.rels": samples.relations("image", "http://x/1.png")}), "external"),
        (
            "t.docx",
            samples.office(**{"word___rels__s.rels": samples.relations("oleObject", "file://x").encode("utf-16")}),
            "external",
        ),
        (
            "entities.docx",
            samples.office(**{"_rels__s.rels": samples.relations("x", "y", '<!DOCTYPE a [<!ENTITY b "c">]>')}),
            Reason.MISMATCH,
        ),
        ("up.docx", samples.office(**{"..__..__etc__passwd": b"x"}), Reason.MISMATCH),
        # two files in one
        ("both.pdf", samples.pdf() + samples.archive(a=b"x"), Reason.TWO_KINDS),
        ("both.png", samples.picture() + samples.archive(a=b"x"), Reason.TWO_KINDS),
        ("both.jpg", samples.picture("JPEG") + samples.office(), Reason.TWO_KINDS),
        ("both.txt", b"hello" + samples.archive(a=b"x"), Reason.TWO_KINDS),
        ("late.pdf", b"GIF89a" + samples.pdf(), Reason.MISMATCH),
    ],
    ids=named,
)
def test_files_that_are_not_are_refused_with_the_reason(name, content, reason):
    assert verdict(name, content) == reason


@pytest.mark.parametrize(("size", "reason"), [(0, Reason.EMPTY), (101, Reason.TOO_LARGE)])
def test_size_is_bounded(size, reason):
    with pytest.raises(Unfit) as refusal:
        rules.refuse_size(size, 100)

    assert refusal.value.reason == reason


def test_a_stored_picture_that_became_something_else_is_not_shown():
    assert rules.begins_as("image/webp", io.BytesIO(samples.picture("WEBP")))
    assert not rules.begins_as("image/png", io.BytesIO(samples.HTML))
