"""A quote until it is sent."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal as D

import pytest

from deals.enums import Award
from deals.services import catalog, outcomes, protection
from prm.tenancy.context import acting_as
from prm.tenancy.fields import uuid7
from quotes.enums import StepKind
from quotes.models import PriceStep, Quote, QuoteLine, QuoteRevision, ResalePrice
from quotes.queries import pricing
from quotes.rules.drift import Kind
from quotes.services import issuing, quotes
from quotes.services.quotes import (
    CurrencyNotOffered,
    Drifted,
    Incomplete,
    NotYours,
    Stale,
    ValidTooLong,
)
from tests import build
from tests.build import MONDAY
from tests.deals.rulebook import publish as publish_rules
from tests.deals.rulebook import rule
from tests.quotes import build as quoting
from tests.quotes.build import TODAY


@pytest.fixture
def edge(vendor):
    quoting.terms()
    return quoting.product("Edge 400")


def approved_with(product, quantity, by):
    """An approved registration of so many of a product."""
    content = build.content("edge")
    content = replace(content, lines=[build.drafts.Line(product.family, product, quantity)])
    draft = build.drafts.save(uuid7(), content, by=by, at=MONDAY)
    submitted = build.registrations.submit(draft, content, by=by, at=MONDAY)
    return build.decisions.approve(submitted, by=build.manager(), at=MONDAY)


def test_a_quote_of_a_registration_takes_over_customer_products_and_protection(edge):
    quoting.price_list({edge: 100})
    seller = build.seller()
    registration = approved_with(edge, 12, seller)

    revision = quotes.start(currency="EUR", by=seller, at=MONDAY, registration=registration)

    assert revision.quote.customer_name == registration.customer_name
    assert revision.quote.number.startswith("Q-2026-")
    (line,) = pricing.lines_of(revision.pk)
    assert (line.product, line.quantity, line.net_unit) == (edge, 12, D("95.0000"))
    assert revision.counts_registration
    assert [step.kind for step in pricing.steps_of(line)] == [StepKind.LIST, StepKind.REGISTRATION, StepKind.NET]


def test_a_quote_outlives_neither_the_prices_nor_the_protection(edge):
    quoting.price_list({edge: 100})
    seller = build.seller()
    registration = approved_with(edge, 1, seller)
    late = MONDAY + timedelta(days=80)

    early = quotes.start(currency="EUR", by=seller, at=MONDAY, registration=registration)
    near_the_end = quotes.start(currency="EUR", by=seller, at=late, registration=registration)

    assert early.valid_until == TODAY + timedelta(days=30)
    assert near_the_end.valid_until == registration.protected_until


@pytest.mark.parametrize("whose", ["another firm's", "not approved"])
def test_only_an_approved_registration_of_the_own_firm_is_quoted(edge, whose):
    quoting.price_list({edge: 100})
    seller = build.seller()
    registration = build.approved() if whose == "another firm's" else build.submitted(by=seller)

    with pytest.raises(NotYours):
        quotes.start(currency="EUR", by=seller, at=MONDAY, registration=registration)
    assert not Quote.objects.exists()


def test_there_is_no_quote_in_a_currency_without_a_price_list(edge):
    quoting.price_list({edge: 100})

    with pytest.raises(CurrencyNotOffered) as refused:
        quotes.start(currency="USD", by=build.seller(), at=MONDAY)
    assert "USD" in refused.value.sentence


def test_what_is_stored_recomputes_to_the_cent_and_adds_up(edge):
    mesh = quoting.product(family="mesh")
    quoting.price_list({edge: ("1234.56", {10: "1180.00"}), mesh: "0.35"})
    revision = quoting.quote(quoting.line(edge, 17, "7.25"), quoting.line(mesh, 3, 5))

    lines = pricing.lines_of(revision.pk)

    for line in lines:
        again = pricing.recomputed(line, "EUR")
        assert (again.unit.amount, again.total.amount) == (line.net_unit, line.net_total)
        assert again.steps == pricing.steps_of(line)
    assert revision.net_total == sum(line.net_total for line in lines)
    assert lines[0].net_unit == D("1094.45")


def test_a_partners_own_price_is_nowhere_but_behind_its_own_wall(edge):
    quoting.price_list({edge: 100})
    top = build.partner(type="distributor")
    seller = build.seller(of=build.partner(distributor=top))
    revision = quoting.quote(quoting.line(edge, 2, resale="4711.13"), by=seller)

    def sees(member):
        with acting_as(member.actor):
            assert QuoteRevision.objects.filter(pk=revision.pk).exists()
            return ResalePrice.objects.exists(), ResalePrice.across_tenants.exists()

    assert sees(seller) == (True, True)
    assert sees(build.member(build.Role.ADMIN)) == (False, False)
    assert sees(build.member(build.Role.PARTNER_ADMIN, of=top)) == (False, False)
    assert "4711" not in str(list(QuoteRevision.objects.values()) + list(QuoteLine.objects.values()))


def test_saving_keeps_lines_in_order_under_their_ids(edge):
    mesh = quoting.product(family="mesh")
    quoting.price_list({edge: 100, mesh: 10})
    seller = build.seller()
    first, second = quoting.line(edge), quoting.line(mesh)
    revision = quoting.quote(first, second, by=seller)

    quotes.save(revision, quotes.Content(lines=[second, first]), by=seller, at=MONDAY)

    assert [line.pk for line in pricing.lines_of(revision.pk)] == [second.key, first.key]


def test_a_line_never_takes_the_id_of_another_quotes_line(edge):
    quoting.price_list({edge: 100})
    taken = quoting.line(edge)
    quoting.quote(taken)

    other = quoting.quote(taken)

    assert pricing.lines_of(other.pk)[0].pk != taken.key
    assert QuoteLine.objects.count() == 2


def test_an_old_page_overwrites_nothing(edge):
    quoting.price_list({edge: 100})
    seller = build.seller()
    revision = quoting.quote(quoting.line(edge), by=seller)

    with pytest.raises(Stale):
        quotes.save(revision, quotes.Content(lines=[]), by=seller, at=MONDAY, version=revision.version - 1)
    assert QuoteLine.objects.count() == 1


def test_a_draft_keeps_its_prices_until_somebody_updates_them(edge):
    seller = build.seller()
    earlier = quoting.price_list({edge: 100})
    revision = quoting.quote(quoting.line(edge, 3), by=seller)
    quoting.next_version(earlier, {edge: 110})

    lines = pricing.lines_of(revision.pk)
    (found,) = pricing.drift_of(revision, lines, TODAY)
    assert (found.kind, found.was, found.now) == (Kind.DEARER, 100, 110)
    revision = quotes.save(revision, quotes.Content(lines=[quoting.line(edge, 4)]), by=seller, at=MONDAY)
    assert revision.net_total == 400

    revision = quotes.update_prices(revision, by=seller, at=MONDAY)

    assert revision.net_total == 440
    assert pricing.drift_of(revision, pricing.lines_of(revision.pk), TODAY) == []


def test_updating_prices_lets_go_of_what_is_retired_and_of_a_lost_protection(edge):
    mesh = quoting.product(family="mesh")
    quoting.price_list({edge: 100, mesh: 10})
    seller = build.seller()
    registration = approved_with(edge, 1, seller)
    revision = quotes.start(currency="EUR", by=seller, at=MONDAY, registration=registration)
    kept = [*quotes.lines_as_kept(revision), quoting.line(mesh)]
    revision = quotes.save(revision, quotes.Content(lines=kept), by=seller, at=MONDAY)
    mesh.refresh_from_db()
    admin = build.member(build.Role.ADMIN)
    catalog.change_product(
        mesh, {"is_active": False, "sku": mesh.sku}, seen=catalog.fingerprint(mesh), by=admin, at=MONDAY
    )
    protection.release(registration, by=seller, at=MONDAY)
    revision = QuoteRevision.objects.select_related("quote__registration", "policy").get(pk=revision.pk)

    kinds = {found.kind for found in pricing.drift_of(revision, pricing.lines_of(revision.pk), TODAY)}
    assert kinds == {Kind.UNAVAILABLE, Kind.UNPROTECTED, Kind.DEARER}

    revision = quotes.update_prices(revision, by=seller, at=MONDAY)

    assert [line.product for line in pricing.lines_of(revision.pk)] == [edge]
    assert revision.net_total == 100
    assert not revision.counts_registration


@pytest.mark.parametrize(
    ("change", "missing"),
    [({"customer": {"customer_name": ""}}, "customer_name"), ({"lines": []}, "lines")],
)
def test_what_a_customer_has_to_read_is_there_before_it_is_sent(edge, change, missing):
    quoting.price_list({edge: 100})
    seller = build.seller()
    revision = quotes.save(quoting.quote(quoting.line(edge), by=seller), quotes.Content(**change), by=seller, at=MONDAY)

    with pytest.raises(Incomplete) as refused:
        quotes.refuse_unfit(revision, TODAY)
    assert refused.value.facts["missing"] == [missing]


def test_a_day_beyond_what_is_held_or_past_is_refused(edge):
    quoting.price_list({edge: 100})

    for day in (date(2027, 6, 1), TODAY - timedelta(days=1)):
        revision = quoting.quote(quoting.line(edge), offer={"valid_until": day})
        with pytest.raises(ValidTooLong):
            quotes.refuse_unfit(revision, TODAY)


def test_a_quote_with_old_prices_is_not_sent(edge):
    earlier = quoting.price_list({edge: 100})
    revision = quoting.quote(quoting.line(edge))
    quoting.next_version(earlier, {edge: 90})

    with pytest.raises(Drifted):
        quotes.refuse_unfit(revision, TODAY)


def test_a_sealed_line_and_its_steps_cannot_be_changed_or_deleted_by_anybody(edge):
    quoting.price_list({edge: 100})
    revision = quoting.quote(quoting.line(edge))
    issuing.seal(revision)

    for rows in (QuoteLine.objects.filter(revision=revision), PriceStep.objects.filter(line__revision=revision)):
        assert rows.update(is_sealed=False) == 0
        assert rows._raw_delete("default") == 0
        assert rows.exists()


def test_a_second_partner_without_a_protection_gets_the_discount_that_the_rules_give_it(edge):
    quoting.price_list({edge: 100})
    publish_rules(rule("All", decision="approve", contested="second", discount="20", second_share="25"))
    same = {"customer_website": "globex.example", "customer_name": "Globex"}
    seller = build.seller()
    build.submitted(**same)
    second = build.submitted(by=seller, **same, at=MONDAY + timedelta(hours=1))
    assert second.award == Award.SECOND

    revision = quotes.start(currency="EUR", by=seller, at=MONDAY, registration=second)

    assert pricing.today(revision.quote, MONDAY.date()).basis.registration_percent == D("5.00")
    assert revision.counts_registration


def test_a_deal_beside_others_that_is_lost_gives_no_discount_any_more(edge):
    quoting.price_list({edge: 100})
    publish_rules(rule("All", decision="approve", contested="second", discount="20", second_share="25"))
    same = {"customer_website": "globex.example", "customer_name": "Globex"}
    seller = build.seller()
    build.submitted(**same)
    second = build.submitted(by=seller, **same, at=MONDAY + timedelta(hours=1))
    revision = quotes.start(currency="EUR", by=seller, at=MONDAY, registration=second)
    assert pricing.drift_of(revision, [], MONDAY.date()) == []

    outcomes.lose(second, reason_code="price", note="", by=seller, at=MONDAY + timedelta(hours=2))

    revision.quote.registration.refresh_from_db()
    assert pricing.today(revision.quote, MONDAY.date()).basis.registration_percent is None
    assert [found.kind for found in pricing.drift_of(revision, [], MONDAY.date())] == [Kind.UNPROTECTED]


def test_a_discount_that_a_rule_gave_a_registration_takes_the_place_of_the_usual_one(edge):
    quoting.price_list({edge: 100})
    publish_rules(rule("Found by the partner", decision="person", discount="12.5"))
    seller = build.seller()
    registration = approved_with(edge, 1, seller)

    revision = quotes.start(currency="EUR", by=seller, at=MONDAY, registration=registration)

    (line,) = pricing.lines_of(revision.pk)
    assert line.net_unit == D("87.5000")
    (step,) = [step for step in pricing.steps_of(line) if step.kind == StepKind.REGISTRATION]
    assert (step.percent, step.facts["by_rule"]) == (D("12.5"), True)
    assert pricing.recomputed(line, "EUR").unit.amount == D("87.50")
