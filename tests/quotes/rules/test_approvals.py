from decimal import Decimal as D

import pytest

from quotes.rules import approvals
from quotes.rules.approvals import Line
from quotes.rules.terms import Rung, Tax, Terms, Volume


@pytest.mark.parametrize(
    ("percent", "role"),
    [(0, None), (10, None), ("10.01", "channel_manager"), (25, "channel_manager"), (40, "admin"), (41, "executive")],
)
def test_the_ladder_says_who_has_to_agree(percent, role):
    need = approvals.needed([Line("Edge", D(percent))], Terms())

    assert (need.role if need else None) == role


def test_the_highest_rung_of_any_line_decides_and_every_line_is_a_reason():
    need = approvals.needed([Line("A", D(20)), Line("B", D(5)), Line("C", D(35))], Terms())

    assert need.role == "admin"
    assert [reason["line"] for reason in need.reasons] == ["A", "C"]


def test_what_was_agreed_before_is_not_asked_for_again_but_more_is():
    assert approvals.needed([Line("A", D(20), agreed=D(20))], Terms()) is None
    assert approvals.needed([Line("A", D(21), agreed=D(20))], Terms()).role == "channel_manager"


def test_a_margin_below_the_floor_goes_to_the_top_of_the_ladder_and_names_no_figure():
    need = approvals.needed([Line("A", D(0), margin=D(12))], Terms(margin_floor=D(15)))

    assert need.role == "executive"
    assert need.reasons == ({"code": "margin", "line": "A"},)


def test_without_a_cost_or_a_floor_no_margin_is_looked_at():
    assert approvals.needed([Line("A", D(0), margin=D(1))], Terms()) is None
    assert approvals.needed([Line("A", D(0))], Terms(margin_floor=D(15))) is None


def test_terms_come_back_as_they_were_stored():
    terms = Terms(
        volumes=(Volume(10, D("2.5")),),
        ladder=(Rung(D(5)), Rung(D(100), "admin")),
        margin_floor=D("12.5"),
        taxes=(Tax("USt.", D(19)),),
    )

    assert Terms.from_body(terms.body()) == terms
    assert Terms.from_body({}) == Terms()
    assert terms.free_up_to == D(5)
