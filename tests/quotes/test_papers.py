"""The customer's offer as a file: small, tagged, and the same with fewer bytes as with all that WeasyPrint writes."""

import io
from datetime import date
from decimal import Decimal

import pypdf
import pypdfium2
import pytest
from PIL import ImageChops

from prm import documents
from prm.documents import paper
from prm.money import Money
from tests import build
from tests.build import MONDAY

TEXT = """
industrial managed switch with redundant power supply for DIN rail mounting in an extended temperature range
subscription three years including onsite replacement on the next business day annual maintenance outdoor access
point antenna bracket stainless steel cable gland commissioning training remote monitoring gateway compute node
"""
WORDS = TEXT.split()
SCRIPTS = ("北港物流有限公司", "شركة الميناء الشمالي", "Северно пристанище", "Příliš žluťoučký kůň", "Thị xã bến cảng")


def offer(lines: int, names: tuple[str, ...] = ()):
    """An offer whose lines are called differently, and at length."""

    def name(number):
        return " ".join([*names[number % 5 : number % 5 + 1], *(WORDS[number * 5 * n % 43] for n in range(3, 17))])

    rows = [
        {
            "sku": f"HE-{number * 7919 % 90000}-{number}",
            "name": name(number),
            "unit": "piece",
            "quantity": number * 37 % 900 + 1,
            "unit_price": Money(Decimal(number * 104729 % 9999999) / 100, "EUR"),
            "total": Money(Decimal(number * 15485863 % 99999999) / 100, "EUR"),
        }
        for number in range(1, lines + 1)
    ]
    total = sum((row["total"] for row in rows), Money(Decimal(0), "EUR"))
    facts = {
        "number": "Q-2026-000123",
        "issued_on": MONDAY,
        "valid_until": date(2026, 12, 20),
        "customer": ["Hafencity Klinikum gGmbH", "Am Sandtorkai 4", "20457 Hamburg"],
        "partner": "Kestrel IT",
        "person": "Jonas Weber",
        "lines": rows,
        **dict.fromkeys(("net", "tax", "gross"), total),
    }
    return documents.request(
        "quotes.offer", on=build.partner(), facts=facts, title="Offer", by=None, at=MONDAY, language="en"
    )


def test_an_offer_of_a_hundred_long_lines_stays_below_sixty_kilobytes(vendor):
    content = paper.pdf(offer(100))

    assert len(pypdf.PdfReader(io.BytesIO(content)).pages) >= 7
    assert len(content) < 60_000


@pytest.mark.parametrize("names", [(), SCRIPTS])
def test_what_is_taken_out_of_a_file_is_neither_seen_nor_read(vendor, monkeypatch, names):
    document = offer(12, names)
    slim = pypdfium2.PdfDocument(paper.pdf(document))
    monkeypatch.setattr(paper, "slim", lambda document, pdf: None)
    whole = pypdfium2.PdfDocument(paper.pdf(document))

    assert len(slim) == len(whole)
    for before, after in zip(whole, slim, strict=True):
        assert before.get_textpage().get_text_range() == after.get_textpage().get_text_range()
        drawn, redrawn = (page.render(scale=1).to_pil().convert("L") for page in (before, after))
        differences = ImageChops.difference(drawn, redrawn).histogram()
        assert sum(differences[96:]) < sum(differences) / 200


def test_every_text_of_a_file_stays_in_the_tree_that_is_read_aloud(vendor):
    root = pypdf.PdfReader(io.BytesIO(paper.pdf(offer(30, SCRIPTS)))).trailer["/Root"]["/StructTreeRoot"]
    parents = root["/ParentTree"]["/Nums"]

    for page in [row.get_object() for row in parents[1::2] if isinstance(row.get_object(), list)]:
        for number, element in enumerate(page):
            assert number in element.get_object()["/K"]
    tags = {element.get_object()["/S"] for row in parents[1::2] if isinstance(row, list) for element in row}
    assert {"/H1", "/TH", "/TD", "/P"} <= tags
    assert not tags & {"/Span", "/NonStruct"}
