"""Rows that are pasted or uploaded become text, whatever program wrote them, or are refused beside their field."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from prm.files.pasted import PastedForm, decoded, rows_of

ROWS = [(1, ["id", "Käufer"]), (3, ["7", "Grün, AG"])]


def sent(content, name="rows.csv"):
    return PastedForm({}, {"file": SimpleUploadedFile(name, content)})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize(("mark", "end"), [(";", "\n"), ("\t", "\r\n"), (";", "\r")])
def test_a_file_is_read_as_spreadsheets_save_it(encoding, mark, end):
    text = end.join((f"id{mark}Käufer", "", f"7{mark}Grün, AG"))

    form = sent(text.encode(encoding))

    assert form.is_valid()
    assert list(rows_of(form.cleaned_data["text"])) == ROWS


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"\n \n", "Paste the rows"),
        (b"\x81\x8d", "not text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 8 + b">\0\x03\0\xfe\xff\t\0", "not text"),
        (b'id,"' + b"x" * 200_000, "rows and columns"),
        (b"id\n" * 1002, "more than 1000 lines"),
        (b"x" * 600_001, "larger than 600 KB"),
    ],
    ids=["nothing", "blank", "binary", "old workbook", "endless cell", "long", "large"],
)
def test_what_cannot_be_read_is_refused_beside_the_file(content, said):
    errors = sent(content).errors

    assert set(errors) == {"file"}
    assert said in str(errors["file"])


def test_nothing_at_all_is_refused_beside_the_text():
    assert set(PastedForm({}).errors) == {"text"}


def test_what_is_no_text_says_so():
    with pytest.raises(ValidationError) as refusal:
        decoded(b"\x81\x8d")
    assert refusal.value.code == "binary"
