"""Steps are read strictly, and every mistake is named where it is."""

import pytest

from prm.approvals import steps
from prm.policies.values import Invalid
from tests.prm.approvals.sample import OWNER, ROLES, person, role, step, within

LEA = "0192b8a0-7c00-7000-8000-000000000007"
LEGAL = {"key": "legal", "name": "Legal", "asked": [{"role": "finance"}]}


def problems(*bodies, facts=()):
    with pytest.raises(Invalid) as refused:
        steps.read(list(bodies), roles=ROLES, facts=facts)
    return {".".join(map(str, problem.path)): problem.code for problem in refused.value.problems}


def test_what_is_stored_reads_as_it_was_written():
    written = (
        step("legal", role("finance"), person(LEA), need=None, looks_at=frozenset({"value"})),
        step("manager", OWNER, role("channel_manager", 5000), stage=2, need=2, **within(8, role("executive"))),
    )

    assert steps.read([one.body() for one in written], roles=ROLES) == written


def test_any_is_one_of_those_asked():
    assert steps.read([{**LEGAL, "need": "any"}], roles=ROLES)[0].need == 1


@pytest.mark.parametrize(
    ("change", "where", "code"),
    [
        ({"key": " "}, "steps.0.key", "text"),
        ({"name": "x" * 81}, "steps.0.name", "long"),
        ({"stage": 0}, "steps.0.stage", "whole"),
        ({"stage": True}, "steps.0.stage", "whole"),
        ({"asked": []}, "steps.0.asked", "nobody_asked"),
        ({"asked": "finance"}, "steps.0.asked", "list"),
        ({"asked": [{"role": "pope"}]}, "steps.0.asked.0", "unknown_role"),
        ({"asked": [{"role": ["finance"]}]}, "steps.0.asked.0", "unknown_role"),
        ({"asked": [{"person": "Lea"}]}, "steps.0.asked.0", "unknown_person"),
        ({"asked": [{"person": 7}]}, "steps.0.asked.0", "unknown_person"),
        ({"asked": [{"person": LEA.upper()}]}, "steps.0.asked.0", "unknown_person"),
        ({"asked": [{"role": "finance", "owner": True}]}, "steps.0.asked.0", "who"),
        ({"asked": [{"role": "finance"}, {"role": "finance"}]}, "steps.0.asked", "asked_twice"),
        ({"asked": [{"person": LEA}], "need": 2}, "steps.0.need", "too_few_asked"),
        ({"need": 0}, "steps.0.need", "whole"),
        ({"need": "most"}, "steps.0.need", "whole"),
        ({"looks_at": "value"}, "steps.0.looks_at", "list"),
        ({"within": {"count": 4, "unit": "weeks"}}, "steps.0.within", "time"),
        ({"within": {"count": 4, "unit": "hours"}}, "steps.0.then", "timeout_without_next"),
        ({"then": [{"role": "finance"}]}, "steps.0.then", "next_without_timeout"),
        ({"who": 1}, "steps.0", "unknown_key"),
    ],
)
def test_a_mistake_is_named_where_it_is(change, where, code):
    assert problems({**LEGAL, **change}) == {where: code}


def test_who_is_named_works_here():
    asked = [{**LEGAL, "asked": [{"person": LEA}]}]

    assert steps.read(asked, roles=ROLES, people=[LEA])[0].asked == (person(LEA),)
    with pytest.raises(Invalid) as refused:
        steps.read(asked, roles=ROLES, people=[])
    assert [problem.code for problem in refused.value.problems] == ["unknown_person"]


def test_somebody_may_agree_to_any_amount():
    limit = {"amount": "5000", "currency": "EUR"}

    assert problems({**LEGAL, "asked": [{"role": "finance", "up_to": limit}]}) == {"steps.0.asked": "nobody_above"}


@pytest.mark.parametrize(
    ("limit", "code"),
    [("5000", "keys"), ({"amount": "5", "currency": "XXZ"}, "currency"), ({"amount": "0", "currency": "EUR"}, "limit")],
)
def test_a_limit_is_an_amount_of_money(limit, code):
    asked = [{"role": "finance", "up_to": limit}, {"role": "admin"}]

    assert problems({**LEGAL, "asked": asked}) == {"steps.0.asked.0.up_to": code}


def test_steps_have_keys_of_their_own():
    assert problems(LEGAL, LEGAL) == {"steps.1.key": "key_taken"}


def test_steps_look_at_facts_that_there_are():
    assert problems({**LEGAL, "looks_at": ["moon"]}, facts=["value"]) == {"steps.0.looks_at.0": "unknown_field"}


@pytest.mark.parametrize("body", [None, "steps", {}, [None], [[]], 7])
def test_anything_else_is_refused(body):
    with pytest.raises(Invalid):
        steps.read(body, roles=ROLES)
