"""Worked cases of published programmes that are about quotes: their rules are set, and the outcome comes from them."""

import pytest

from prm.accounts.roles import Role
from prm.policies import following
from quotes.enums import Approval, Status
from quotes.queries import approvals as queries
from quotes.services import approvals, quotes
from tests import build
from tests.build import MONDAY
from tests.deals.rulebook import every, rule, when
from tests.quotes import build as quoting
from tests.quotes.rulebook import publish

pytestmark = pytest.mark.usefixtures("vendor")


@pytest.fixture(autouse=True)
def _terms(vendor):
    quoting.terms()


def sent(*lines, by=None, **facts):
    by = by or build.seller()
    return quotes.send(quoting.drafted(*lines, by=by, **facts), by=by, at=MONDAY)


def outcome(revision):
    return revision.state, following.matched(following.latest(revision))


REFUSED, CLEARED = (Status.DRAFT, Approval.REJECTED), (Status.APPROVED, Approval.NOT_REQUIRED)


# -- GitLab -------------------------------------------------------------------------------------------------
def test_gitlab_sales_and_the_channel_manager_agree_to_a_deep_discount_on_a_large_deal():
    deep = every(when("list_value", "over", {"amount": "5000", "currency": "EUR"}), when("special", "over", "30"))
    steps = (
        {"key": "sales", "name": "Sales agrees", "asked": [{"role": "executive"}]},
        {"key": "channel", "name": "The channel agrees", "asked": [{"role": "channel_manager"}]},
    )
    publish(rule("Deep", deep, decision="person", steps=["sales", "channel"], ladder="instead"), steps=steps)

    revision = sent(quoting.some(quoting.usual(), 100, special=35))
    revision = approvals.approve(revision, by=build.manager(), at=MONDAY)
    assert revision.status == Status.PENDING_APPROVAL
    revision = approvals.approve(revision, by=build.member(Role.EXECUTIVE), at=MONDAY)

    assert revision.state == (Status.APPROVED, Approval.APPROVED)


def test_gitlab_an_open_partner_with_a_distributor_does_not_buy_directly():
    routed = every(when("has_distributor", "is", True), when("partner_type", "is_not", "distributor"))
    publish(rule("By way of the distributor", routed, decision="refuse", reason="other"))
    distributor = build.partner(type="distributor")
    below = build.partner(distributor=distributor)

    assert outcome(sent(by=build.seller(below))) == (REFUSED, ("By way of the distributor",))
    assert sent(by=build.seller(distributor)).state == CLEARED


def test_gitlab_no_special_discount_on_the_lowest_product_tier():
    lowest, premium = quoting.product(family="edge"), quoting.product(family="mesh")
    quoting.price_list({lowest: 10, premium: 100})
    basic = when("family", "one_of", [str(lowest.family_id)])
    given = {"in": "lines", "any": every(basic, when("special", "over", "0"))}
    publish(rule("Nothing off the lowest", given, decision="refuse", reason="other"))

    assert outcome(sent(quoting.some(lowest, special=5))) == (REFUSED, ("Nothing off the lowest",))
    assert sent(quoting.some(lowest), quoting.some(premium, special=5)).state == CLEARED


def test_gitlab_quotes_are_in_one_currency():
    publish(rule("Other currencies", when("currency", "is_not", "USD"), decision="refuse", reason="other"))

    assert outcome(sent()) == (REFUSED, ("Other currencies",))


# -- Gumdrop ------------------------------------------------------------------------------------------------
def test_gumdrop_the_top_band_of_units_needs_a_manager():
    units = {"total": "lines", "how": "sum", "of": "quantity", "is": "over", "value": "5000"}
    steps = ({"key": "top", "name": "The top band", "asked": [{"role": "channel_manager"}]},)
    publish(rule("Top band", units, decision="person", steps=["top"]), steps=steps)
    small, large = quoting.product(), quoting.product()
    quoting.price_list({small: 1, large: 2})

    assert sent(quoting.some(small, 2_500), quoting.some(large, 2_500)).state == CLEARED
    revision = sent(quoting.some(small, 2_500), quoting.some(large, 2_501))

    assert [step.label for step in queries.waiting_steps(revision)] == ["The top band"]


# -- Sharp/NEC ----------------------------------------------------------------------------------------------
def test_sharp_a_registration_does_not_combine_with_a_special_price():
    both = every(when("is_protected", "is", True), when("special", "over", "0"))
    publish(rule("Only one of the two", both, decision="refuse", reason="other"))
    by, product = build.seller(), quoting.usual()
    registration = build.approved(by=by)

    special = sent(quoting.some(product, special=5), by=by, registration=registration)

    assert outcome(special) == (REFUSED, ("Only one of the two",))
    assert sent(quoting.some(product), by=by, registration=registration).state == CLEARED
    assert sent(quoting.some(product, special=5), by=by).state == CLEARED


# -- NAKIVO -------------------------------------------------------------------------------------------------
def test_nakivo_more_than_the_base_discount_is_for_a_person_except_at_new_customers():
    publish(
        rule("Nothing special", when("special", "at_most", "0"), decision="approve"),
        rule("Special", when("special", "over", "0"), decision="person", guidance="Who developed the deal?"),
    )

    assert outcome(sent()) == (CLEARED, ("Nothing special",))
    revision = sent(quoting.some(quoting.usual(), special=5))

    assert revision.status == Status.PENDING_APPROVAL
    assert [step.label for step in queries.waiting_steps(revision)] == ["Somebody who looks after partners"]
