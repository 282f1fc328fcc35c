"""Who is asked, in which order, and what decisions come to."""

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prm.approvals.plans import Approver, Decision, Facts, Hindrance, Outcome, Standing, Turn, plan, plan_from
from tests.prm.approvals.sample import OWNER, agreed, eur, person, role, standing, step, within

MANAGER, FINANCE, ADMIN = Approver("maja", "channel_manager"), Approver("finn", "finance"), Approver("ada", "admin")


def keys(steps):
    return [step.key for step in steps]


def test_without_steps_nobody_has_to_agree():
    assert standing().outcome == Outcome.APPROVED


def test_stages_follow_one_another_and_steps_of_one_are_asked_at_once():
    start = standing(step("board", role("executive"), stage=3), step("legal", role("finance")), step("sales"))
    assert keys(start.waiting) == ["legal", "sales"]

    half = agreed(start, "maja")
    assert keys(half.waiting) == ["legal"]
    whole = agreed(half, "finn", "finance")

    assert keys(whole.waiting) == ["board"]
    assert agreed(whole, "eva", "executive").outcome == Outcome.APPROVED


def test_only_the_named_steps_are_asked():
    assert keys(plan([step("legal"), step("sales")], Facts(), keys={"sales"}).steps) == ["sales"]


@pytest.mark.parametrize(
    ("approver", "requester", "hindrance"),
    [
        (MANAGER, "maja", Hindrance.OWN),
        (Approver("maja", "channel_manager", "sven", "channel_manager"), "sven", Hindrance.OWN),
        (FINANCE, "", Hindrance.NOT_YET),
        (Approver("eva", "executive"), "", Hindrance.NOT_ASKED),
    ],
)
def test_whoever_is_not_asked_learns_why(approver, requester, hindrance):
    found = standing(step("sales"), step("legal", role("finance"), stage=2), requester=requester)

    assert found.turn(approver) == hindrance


@pytest.mark.parametrize("approver", [MANAGER, Approver("eva", "channel_manager", "maja", "channel_manager")])
def test_whoever_wrote_a_record_agrees_to_nothing_of_it_nor_who_stands_in_for_them(approver):
    found = standing(step("sales"), facts=Facts(eur(7), author="maja"), requester="ida")

    assert found.turn(approver) == Hindrance.OWN
    assert plan_from(found.plan.body()) == found.plan


def test_nobody_decides_twice_also_not_for_somebody_else():
    once = agreed(standing(step("sales", need=2)), "maja")

    assert once.turn(MANAGER) == Hindrance.ALREADY
    assert once.turn(Approver("maja", "channel_manager", "sven", "channel_manager")) == Hindrance.ALREADY
    assert once.turn(Approver("sven", "channel_manager", "maja", "channel_manager")) == Hindrance.ALREADY


def test_who_decided_through_a_stand_in_does_not_decide_again():
    once = standing(step("sales", need=2), decisions=(Decision("sales", "sven", (0,), on_behalf="maja"),))

    assert once.turn(MANAGER) == Hindrance.ALREADY


def test_a_limit_sends_a_larger_amount_to_those_above():
    rung = step("money", role("channel_manager", 5000), role("finance"))

    assert isinstance(standing(rung, facts=Facts(eur(5000))).turn(MANAGER), Turn)
    for facts in (Facts(eur(5001)), Facts(None)):
        assert standing(rung, facts=facts).turn(MANAGER) == Hindrance.LIMIT
        assert isinstance(standing(rung, facts=facts).turn(FINANCE), Turn)


def test_the_owner_is_whoever_looks_after_the_partner():
    mine = step("owner", OWNER)

    assert isinstance(standing(mine, facts=Facts(owner="maja")).turn(MANAGER), Turn)
    assert standing(mine, facts=Facts(owner="sven")).turn(MANAGER) == Hindrance.NOT_ASKED


def test_without_an_owner_an_administrator_is_asked():
    nobody = standing(step("owner", OWNER))

    assert isinstance(nobody.turn(ADMIN), Turn)
    assert nobody.turn(MANAGER) == Hindrance.NOT_ASKED


@pytest.mark.parametrize("order", list(permutations(["maja", "sven", "finn"])))
def test_where_each_has_to_agree_the_order_does_not_matter(order):
    found = standing(step("all", role("channel_manager"), person("maja"), role("finance"), need=None))
    for user in order:
        found = agreed(found, user, "finance" if user == "finn" else "channel_manager")

    assert found.outcome == Outcome.APPROVED


def test_where_each_has_to_agree_a_place_is_taken_once():
    found = agreed(standing(step("all", role("channel_manager"), role("finance"), need=None)), "maja")

    assert found.turn(Approver("sven", "channel_manager")) == Hindrance.NOT_NEEDED


def test_when_time_is_over_the_next_person_may_decide_too():
    slow = step("sales", **within(8, role("executive")))
    boss = Approver("eva", "executive")

    assert standing(slow).turn(boss) == Hindrance.NOT_ASKED
    late = standing(slow, late=frozenset({"sales"}))
    assert isinstance(late.turn(boss), Turn)
    assert isinstance(late.turn(MANAGER), Turn)


def test_one_refusal_ends_it():
    found = standing(step("sales"), step("legal", role("finance")))

    assert agreed(found, "maja", is_approval=False).outcome == Outcome.REJECTED
    assert agreed(found, "maja", is_approval=False).turn(FINANCE) == Hindrance.OVER


def test_a_change_touches_only_the_steps_that_look_at_it():
    wanted = [
        step("sales", looks_at=frozenset({"value"})),
        step("legal", role("finance"), looks_at=frozenset({"text"})),
    ]
    both = agreed(agreed(standing(*wanted), "maja"), "finn", "finance")
    assert both.outcome == Outcome.APPROVED

    changed = both.touched({"value"}, both.plan)

    assert keys(changed.waiting) == ["sales"]
    assert changed.stale(changed.plan.step["sales"])
    assert isinstance(changed.turn(MANAGER), Turn), "whoever agreed before is asked again"


def test_a_step_that_names_nothing_looks_at_everything():
    once = agreed(standing(step("sales")), "maja")

    assert once.touched({"anything"}, once.plan).outcome == Outcome.WAITING
    assert once.touched(set(), once.plan).outcome == Outcome.APPROVED


def test_a_larger_amount_takes_away_what_was_over_the_limit():
    rung = step("money", role("channel_manager", 5000), role("finance"), looks_at=frozenset({"text"}))
    small = agreed(standing(rung, facts=Facts(eur(4000))), "maja")

    assert small.touched({"value"}, plan([rung], Facts(eur(5000)))).outcome == Outcome.APPROVED
    assert small.touched({"value"}, plan([rung], Facts(eur(9000)))).outcome == Outcome.WAITING


def test_a_step_that_is_added_is_asked_and_the_others_stand():
    once = agreed(standing(step("sales", looks_at=frozenset({"text"}))), "maja")
    more = plan([*once.plan.steps, step("legal", role("finance"))], Facts())

    assert keys(once.touched({"value"}, more).waiting) == ["legal"]


def test_a_change_never_gives_the_last_agreement():
    sales, legal = step("sales", looks_at=frozenset({"text"})), step("legal", role("finance"), stage=2)
    half = agreed(standing(sales, legal), "maja")
    assert keys(half.touched({"value"}, plan([sales], Facts())).waiting) == ["legal"], "who is asked now still is"

    limited = step("both", role("channel_manager"), role("finance", 5000), need=None, looks_at=frozenset({"text"}))
    half = agreed(standing(limited, facts=Facts(eur(4000))), "maja")
    over = half.touched({"value"}, plan([limited], Facts(eur(9000))))
    assert (keys(over.waiting), over.valid) == (["both"], ()), "nobody else may, so they are asked again"


def test_a_plan_reads_as_it_was_stored():
    stored = plan([step("sales", role("gone"), **within(4, OWNER))], Facts(eur(7), "maja"))

    assert plan_from(stored.body()) == stored


# -- any order of decisions ------------------------------------------------------------------------------
ROLE_NAMES = ("channel_manager", "finance", "executive")
PEOPLE = [Approver(f"{name}{number}", name) for name in ROLE_NAMES for number in range(3)]
seats = st.lists(
    st.one_of(
        st.sampled_from(ROLE_NAMES).map(role),
        st.sampled_from(PEOPLE).map(lambda one: person(one.user)),
        st.just(OWNER),
    ),
    min_size=1,
    max_size=4,
    unique=True,
)


@st.composite
def plans(draw):
    steps = [
        step(f"s{number}", *draw(seats), stage=draw(st.integers(1, 3)), need=draw(st.sampled_from([None, 1, 2])))
        for number in range(draw(st.integers(1, 4)))
    ]
    return plan(steps, Facts(None, draw(st.sampled_from([one.user for one in PEOPLE]))))


def fits(step, asked, approver, facts):
    return {"role": asked.name == approver.role, "person": asked.name == approver.user}.get(
        str(asked.means), facts.owner == approver.user
    )


@given(plans(), st.lists(st.tuples(st.sampled_from(PEOPLE), st.booleans()), max_size=14), st.sampled_from(PEOPLE))
@settings(max_examples=300, deadline=None)
def test_whatever_people_do_the_rules_hold(wanted, tries, requester):
    now = Standing(wanted, requester=requester.user)
    for approver, is_approval in tries:
        turn = now.turn(approver)
        if isinstance(turn, Hindrance):
            continue
        stage = min(one.stage for one in wanted.steps if not now.is_done(one))
        assert turn.step.stage == stage
        assert all(fits(turn.step, wanted.seats(turn.step)[place], approver, wanted.facts) for place in turn.places)
        decision = Decision(turn.step.key, approver.user, turn.places, is_approval=is_approval)
        now = Standing(wanted, (*now.decisions, decision), requester.user)
    users = [decision.by for decision in now.decisions]
    assert len(set(users)) == len(users)
    assert requester.user not in users
    assert sum(not decision.is_approval for decision in now.decisions) <= 1
    if now.outcome == Outcome.APPROVED:
        for one in wanted.steps:
            given = [decision for decision in now.decisions if decision.step == one.key]
            assert len(given) == (len(wanted.seats(one)) if one.need is None else one.need)
    for number in range(len(now.decisions)):
        assert Standing(wanted, now.decisions[:number], requester.user).outcome == Outcome.WAITING


def test_whoever_agrees_to_a_rung_of_a_ladder_agrees_to_those_below_it():
    low = step("low", role("channel_manager"), role("executive"))
    high = step("high", role("executive"), covers=frozenset({"low"}))
    start = standing(low, high)

    assert start.turn(Approver("eva", "executive")).step.key == "high"
    assert keys(agreed(start, "maja").waiting) == ["high"]
    assert agreed(start, "eva", "executive").outcome == Outcome.APPROVED
    assert plan_from(start.plan.body()).step["high"].covers == {"low"}
