from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override

from prm.money.amounts import Money
from prm.ui import formats

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        ("184000", "EUR", "€184,000"),
        ("184000.00", "EUR", "€184,000"),
        ("96500.5", "EUR", "€96,500.50"),
        ("-40.50", "EUR", "-€40.50"),
        ("1500", "JPY", "¥1,500"),
        ("0.005", "EUR", "€0.005"),
        ("12", "DKK", "DKK\xa012"),
    ],
)
def test_money_keeps_every_digit_but_needless_zeros(amount, currency, text):
    assert formats.money(Money(Decimal(amount), currency)) == text


def test_exact_money_shows_the_smallest_unit():
    assert formats.money(Money(Decimal(1000), "EUR"), exact=True) == "€1,000.00"


def test_money_follows_the_readers_language():
    with override("de"):
        assert formats.money(Money(Decimal("184000.5"), "EUR")) == "184.000,50\xa0€"


@pytest.mark.parametrize(("amount", "text"), [("1284000", "€1.28M"), ("18450", "€18,450"), ("21906.40", "€21,906")])
def test_summaries_round(amount, text):
    assert formats.money_short(Money(Decimal(amount), "EUR")) == text


def test_a_day_names_its_year_only_when_it_is_another():
    assert formats.day(date(2026, 12, 3), TODAY) == "3 December"
    assert formats.day(date(2027, 1, 14), TODAY) == "14 January 2027"
    assert formats.day(date(2027, 1, 14), TODAY, short=True) == "14 Jan 2027"


def test_a_moment_is_told_in_the_readers_zone():
    sent_at = datetime(2026, 11, 19, 23, 30, tzinfo=UTC)

    assert formats.moment(sent_at, TODAY, ZoneInfo("Europe/Berlin")) == "20 November, 00:30"


@pytest.mark.parametrize(
    ("until", "text"),
    [
        (date(2026, 12, 3), "9 days left, until 3 Dec"),
        (date(2026, 11, 25), "1 day left, until 25 Nov"),
        (date(2026, 11, 24), "Last day today"),
        (date(2026, 11, 20), "Ended on 20 Nov"),
    ],
)
def test_the_last_day_still_counts(until, text):
    assert formats.days_left(until, TODAY) == text


@pytest.mark.parametrize(
    ("due", "text"),
    [
        (datetime(2026, 11, 24, 18, tzinfo=UTC), "Today, 18:00"),
        (datetime(2026, 11, 25, 9, tzinfo=UTC), "Tomorrow, 09:00"),
        (datetime(2026, 11, 27, 9, tzinfo=UTC), "Friday"),
        (datetime(2026, 12, 10, 9, tzinfo=UTC), "10 Dec"),
        (datetime(2026, 11, 20, 9, tzinfo=UTC), "20 Nov"),
    ],
)
def test_the_nearer_the_more_exact(due, text):
    assert formats.due(due, datetime(2026, 11, 24, 8, tzinfo=UTC), UTC) == text


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Maja Lindqvist", "ML"), ("Sable & Finch", "SF"), ("Kestrel", "K"), ("Ana María de la Cruz", "AC"), ("", "?")],
)
def test_initials_are_the_first_and_the_last_name(name, letters):
    assert formats.initials(name) == letters


@pytest.mark.parametrize(("size", "text"), [(1, "1 KB"), (412_000, "412 KB"), (3_100_000, "3.1 MB")])
def test_file_sizes_are_short(size, text):
    assert formats.file_size(size) == text
