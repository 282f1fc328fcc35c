"""When a customer is free again, whoever asked next has a turn; what was refused is asked for anew."""

from datetime import date, timedelta

import pytest

from deals.enums import ProtectionState, Review
from deals.models import Registration, RegistrationLine
from deals.queries import queue as queries
from deals.queries import types
from deals.rules.terms import AREA, Terms
from deals.services import amendments, decisions, outcomes, protection, queue
from deals.services import types as kinds
from deals.services.drafts import Content, Line
from deals.services.moves import NotPossible
from prm.accounts.roles import Role
from prm.drafts import services as throwing
from prm.drafts.kinds import KINDS
from prm.events.models import Event
from prm.events.outbox import deliver_due
from prm.policies import versions
from prm.tenancy.context import as_system
from prm.tenancy.fields import uuid7
from tests import build
from tests.build import MONDAY

GLOBEX = {"customer_website": "globex.example", "customer_name": "Globex", "customer_country": "DE"}


def days(count):
    return MONDAY + timedelta(days=count)


@pytest.fixture
def seller(vendor):
    return build.seller()


@pytest.fixture
def held(seller):
    """A deal that holds the customer."""
    return build.approved(by=seller, **GLOBEX)


def refused(at=MONDAY, *families, reason="duplicate", by=None):
    late = build.submitted(*families, at=at, by=by, **GLOBEX)
    return decisions.reject(late, reason_code=reason, note="", by=build.manager(), at=at)


def reconsidered(ended):
    return queue.reconsider(Registration.objects.get(pk=ended.pk), after=uuid7(), at=days(5))


def terms(**facts):
    versions.publish(AREA, Terms(**facts).body(), effective_on=date(2021, 1, 1), at=MONDAY)


def test_the_turn_is_of_whoever_asked_first(held, seller):
    first, second = refused(days(1)), build.submitted(at=days(2), **GLOBEX)
    protection.release(held, by=seller, at=days(3))

    assert reconsidered(held) == first
    fact = Event.objects.get(name="deals.turn.came")
    assert (fact.subject_id, fact.payload["of"]) == (first.pk, 2)
    assert second.pk


def test_a_family_that_a_deal_gives_up_comes_to_whoever_asked_next_for_it(vendor, seller):
    deal = build.approved("edge", "mesh", by=seller, **GLOBEX)
    for_mesh, _for_edge = refused(days(1), "mesh"), refused(days(1), "edge")
    amendments.propose(deal, Content({}, [Line(build.family("edge"))]), by=seller, at=days(2))

    deliver_due(vendor.pk)

    with as_system(vendor.pk):
        assert Event.objects.get(name="deals.turn.came").subject_id == for_mesh.pk


def test_what_was_of_a_type_that_is_switched_off_is_asked_for_again_as_a_draft(held, seller):
    again = build.seller()
    late = refused(days(1), by=again)
    protection.release(held, by=seller, at=days(2))
    found = next(each for each in types.all_types() if each.code == late.type)
    facts = {name: getattr(found, name) for name in kinds.VALUES} | {"is_active": False}
    kinds.change(found.code, facts, seen=kinds.fingerprint(found), by=build.member(Role.ADMIN), at=days(2))

    assert queue.ask_again(late, by=again, at=days(3)).review == Review.DRAFT


def test_of_one_end_somebodys_turn_comes_once(held, seller):
    refused()
    protection.release(held, by=seller, at=days(1))
    after = uuid7()

    ended = Registration.objects.get(pk=held.pk)
    turns = [queue.reconsider(ended, after=after, at=days(1)) for _twice in range(2)]

    assert [turn is not None for turn in turns] == [True, False]


def test_a_deal_that_is_lost_after_its_protection_gives_no_second_turn(vendor, held, seller):
    refused()
    protection.release(held, by=seller, at=days(1))
    outcomes.lose(held, reason_code="price", note="", by=seller, at=days(2))
    deliver_due(vendor.pk)

    with as_system(vendor.pk):
        assert Event.objects.filter(name="deals.turn.came").count() == 1


def test_a_deal_that_is_lost_while_it_is_protected_gives_a_turn(vendor, held, seller):
    refused()
    outcomes.lose(held, reason_code="price", note="", by=seller, at=days(2))
    deliver_due(vendor.pk)

    with as_system(vendor.pk):
        assert Event.objects.filter(name="deals.turn.came").count() == 1


def test_nobody_has_a_turn_while_the_customer_is_held(held, seller):
    refused()
    assert reconsidered(held) is None

    outcomes.lose(held, reason_code="price", note="", by=seller, at=days(1))
    build.approved(at=days(2), **GLOBEX)
    assert reconsidered(held) is None


@pytest.mark.parametrize("reason", ["incomplete", "not_eligible"])
def test_who_was_refused_for_something_else_has_no_turn(held, seller, reason):
    refused(reason=reason)
    protection.release(held, by=seller, at=days(1))

    assert reconsidered(held) is None


def test_another_product_or_a_time_long_ago_gives_no_turn(held, seller):
    refused(MONDAY, "mesh")
    refused(days(-300))
    terms(look_back_days=100)
    other = build.approved("edge", at=days(1), by=seller, customer_website="initech.example")
    protection.release(held, by=seller, at=days(1))

    assert queries.behind(held, today=days(2).date(), terms=Terms(look_back_days=100), at=days(2)) == []
    assert other.pk


def test_a_vendor_may_reconsider_nobody(vendor):
    terms(offers_next=False, tells_next=False)
    seller = build.seller()
    held = build.approved(by=seller, **GLOBEX)
    refused()
    protection.release(held, by=seller, at=days(1))

    assert reconsidered(held) is None


def test_what_was_refused_is_asked_for_again_as_it_was(held, seller):
    late = refused()
    owner = build.seller(of=late.partner)
    protection.release(held, by=seller, at=days(1))

    again = queue.ask_again(late, by=owner, at=days(2))

    assert (again.review, again.repeats_id, again.number != late.number) == (Review.SUBMITTED, late.pk, True)
    assert (again.customer_id, again.value, again.close_on) == (late.customer_id, late.value, late.close_on)
    assert again.owner_id == owner.user_id
    lines = RegistrationLine.objects.filter(registration__in=[late, again]).values_list("family_id", flat=True)
    assert len(set(lines)) == 1
    assert queue.ask_again(late, by=owner, at=days(3)) == again
    approved = decisions.approve(again, by=build.manager(), at=days(3))
    assert approved.protection == ProtectionState.ACTIVE


def test_who_has_asked_again_is_no_longer_in_line_for_the_old_one(held, seller):
    late = refused()
    protection.release(held, by=seller, at=days(1))
    queue.ask_again(late, by=build.seller(of=late.partner), at=days(2))

    line = queries.behind(held, today=days(3).date(), terms=Terms(), at=days(3))

    assert [row.repeats_id for row in line] == [late.pk]


def test_while_somebody_else_is_protected_it_becomes_a_draft(held):
    late = refused()

    again = queue.ask_again(late, by=build.seller(of=late.partner), at=days(1))

    assert (again.review, again.number) == (Review.DRAFT, "")


def test_a_deal_that_should_have_closed_is_looked_through_first(held, seller):
    late = refused()
    protection.release(held, by=seller, at=days(1))

    again = queue.ask_again(late, by=build.seller(of=late.partner), at=days(100))

    assert again.review == Review.DRAFT


def test_what_waits_for_a_decision_is_not_asked_for_again(vendor, seller):
    with pytest.raises(NotPossible):
        queue.ask_again(build.submitted(by=seller), by=seller, at=MONDAY)


def test_a_draft_is_not_put_back_beside_another_that_asks_for_the_same(held):
    late = refused()
    owner = build.seller(of=late.partner)
    kind = KINDS["deals.registration"]
    first = queue.ask_again(late, by=owner, at=days(1))
    throwing.throw_away(kind, first.pk, by=owner, at=days(1))
    second = queue.ask_again(late, by=owner, at=days(2))

    with pytest.raises(queue.AskedAgain) as refusal:
        throwing.put_back(kind, first.pk, by=owner, at=days(3))

    assert "Another draft" in refusal.value.sentence
    throwing.throw_away(kind, second.pk, by=owner, at=days(3))
    assert throwing.put_back(kind, first.pk, by=owner, at=days(3)).thrown_away_at is None
