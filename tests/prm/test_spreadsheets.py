"""Lists as files: what a spreadsheet could run is text, and numbers stay numbers."""

import csv
import io
from decimal import Decimal

import openpyxl
import pytest

from prm.spreadsheets import csv_file, defused, xlsx_file


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


def test_a_workbook_has_numbers_as_numbers_and_runs_nothing():
    answer = xlsx_file(["Name", "Change"], [("=cmd()", Decimal("-10.25")), ("a\x00b", None)], name="ledger.xlsx")

    assert answer.headers["Content-Disposition"] == 'attachment; filename="ledger.xlsx"'
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert [[cell.value for cell in row] for row in sheet] == [["Name", "Change"], ["=cmd()", -10.25], ["ab", None]]
    assert sheet["A2"].data_type == "s"
