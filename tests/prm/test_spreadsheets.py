"""Lists as files: what a spreadsheet could run is text, and numbers stay numbers."""

import csv
import io
from decimal import Decimal

import pytest

from prm.spreadsheets import csv_file, defused


@pytest.mark.parametrize("cell", [-5, 0, 12, Decimal("-1234.50"), Decimal("0.00")])
def test_numbers_stay_numbers(cell):
    assert defused(cell) == cell
    assert type(defused(cell)) is type(cell)


@pytest.mark.parametrize("cell", ["=1+1", "+49 40 1234", "-5", "@SUM(A1)", "\tx", "\rx"])
def test_text_that_starts_like_a_formula_is_marked_as_text(cell):
    assert defused(cell) == f"'{cell}"


@pytest.mark.parametrize(("cell", "written"), [(None, ""), ("", ""), ("Müller", "Müller"), ("a=b", "a=b")])
def test_other_text_is_written_as_it_is(cell, written):
    assert defused(cell) == written


def test_a_file_has_its_mark_its_head_and_its_rows():
    answer = csv_file(["Name", "Change"], [("=cmd()", Decimal("-10.00"))], name="ledger.csv")

    assert answer.headers["Content-Disposition"] == 'attachment; filename="ledger.csv"'
    assert answer.content.startswith("\ufeff".encode())
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows == [["Name", "Change"], ["'=cmd()", "-10.00"]]
