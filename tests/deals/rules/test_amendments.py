"""What a partner may change by itself of an approved deal, and what the vendor has to agree to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deals.enums import Ground
from deals.rules import amendments
from deals.rules.terms import Terms
from prm.money import Money

UNTIL = date(2027, 2, 21)
AGREED = Money(Decimal(40000), "EUR")
BEFORE: dict[str, Any] = {
    "type": "resale",
    "value": ["40000", "EUR"],
    "close_on": "2027-02-12",
    "products": [["edge", None, None]],
    "contact_name": "Ida Holm",
}


def grounds(*, terms=Terms(), agreed=AGREED, until=UNTIL, **after):  # noqa: B008
    return amendments.grounds(BEFORE, after, agreed=agreed, protected_until=until, terms=terms)


@pytest.mark.parametrize(
    "after",
    [
        {"contact_name": "Jan Holm"},
        {"close_on": "2027-02-21"},
        {"value": ["50000", "EUR"]},
        {"value": ["1", "EUR"]},
        {"products": [["edge", "router", 5]]},
        {"type": "resale"},
    ],
)
def test_small_changes_need_nobody(after):
    assert grounds(**after) == ()


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ({"value": ["50000.01", "EUR"]}, (Ground.VALUE,)),
        ({"value": ["1", "USD"]}, (Ground.CURRENCY,)),
        ({"products": [["edge", None, None], ["mesh", None, None]]}, (Ground.PRODUCTS,)),
        ({"products": [["mesh", None, None]]}, (Ground.PRODUCTS,)),
        ({"type": "tender"}, (Ground.TYPE,)),
        ({"close_on": "2027-02-22"}, (Ground.CLOSE,)),
        ({"type": "tender", "value": ["90000", "EUR"], "contact_name": "Jan"}, (Ground.VALUE, Ground.TYPE)),
    ],
)
def test_what_the_vendor_agreed_to_is_changed_with_the_vendor_only(after, expected):
    assert grounds(**after) == expected


def test_the_terms_say_what_needs_a_decision():
    free = Terms(amendment_value_percent=200, amendment_type_decided=False, amendment_close_decided=False)
    after = {"type": "tender", "value": ["120000", "EUR"], "close_on": "2029-01-01"}

    assert grounds(terms=free, **after) == ()
    assert grounds(terms=replace(free, amendment_all_decided=True), contact_name="Jan") == (Ground.ALL,)
    assert grounds(terms=replace(free, amendment_all_decided=True), contact_name="Ida Holm") == ()


def test_without_a_protection_no_close_date_is_too_late():
    assert grounds(until=None, close_on="2029-01-01") == ()


@pytest.mark.parametrize(
    ("asked", "looked_at"),
    [
        ({"is_tender"}, {"tender_published_on"}),
        ({"customer_letter", "last_activity_on"}, {"letter_on", "activities", "files"}),
        ({"names_distributor"}, {"distributor"}),
        ({"lines", "custom.floor", "partner_tier"}, {"products", "custom.floor"}),
        ({"value", "type", "close_on"}, set()),
    ],
)
def test_facts_are_looked_at_that_answer_what_the_rules_ask_unless_they_have_terms(asked, looked_at):
    assert amendments.looked_at(asked) == looked_at


def test_what_the_rules_looked_at_needs_the_vendor():
    facts: dict[str, Any] = {"agreed": AGREED, "protected_until": UNTIL, "terms": Terms(), "looked_at": {"source"}}

    assert amendments.grounds(BEFORE, {"source": "vendor"}, **facts) == (Ground.RULES,)
    assert amendments.grounds({"source": "vendor"}, {"source": "vendor"}, **facts) == ()
    assert amendments.grounds(BEFORE, {"contact_name": "Jan"}, **facts) == ()


AMOUNTS = st.decimals(min_value=0, max_value=10**9, places=2)


@given(agreed=AMOUNTS, now=AMOUNTS, wanted=AMOUNTS, percent=st.integers(0, 1000))
def test_a_value_counts_from_what_was_agreed_to_whatever_it_is_now(agreed, now, wanted, percent):
    before, after = {"value": [str(now), "EUR"]}, {"value": [str(wanted), "EUR"]}
    facts = {"agreed": Money(agreed, "EUR"), "protected_until": UNTIL}

    found = amendments.grounds(before, after, terms=Terms(amendment_value_percent=percent), **facts)

    is_more = wanted > agreed + agreed * percent / 100
    assert found == ((Ground.VALUE,) if is_more and str(now) != str(wanted) else ())


FAMILIES = st.frozensets(st.sampled_from(["edge", "mesh", "core", "wave"]), min_size=1)


@given(before=FAMILIES, after=FAMILIES)
def test_every_family_that_is_added_needs_the_vendor_and_none_that_is_left_out(before, after):
    facts = [{"products": [[family, None, None] for family in sorted(each)]} for each in (before, after)]

    found = amendments.grounds(*facts, agreed=AGREED, protected_until=UNTIL, terms=Terms())

    assert (Ground.PRODUCTS in found) == bool(after - before)


@given(days=st.integers(-400, 400))
def test_a_deal_may_close_until_its_protection_ends(days):
    close_on = UNTIL + timedelta(days=days)

    assert grounds(close_on=close_on.isoformat()) == ((Ground.CLOSE,) if days > 0 else ())
