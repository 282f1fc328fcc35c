"""Rules about custom fields: those of the record, those of its partner, and what becomes of a change by the vendor."""

import pytest

from deals.queries import rules as rule_queries
from deals.rules.terms import Terms
from deals.services import decisions, registrations
from deals.views import rulings
from mdf.areas import problems_of as problems_of_requests
from prm.approvals import queries as approvals
from prm.custom_fields import services
from prm.custom_fields.definitions import Option
from prm.custom_fields.kinds import KINDS
from prm.policies import following
from prm.policies.areas import AREAS
from prm.policies.rulesets import Mode
from quotes.services import quotes
from tests import build
from tests.build import MONDAY
from tests.deals.rulebook import every, matched, publish, rule, when
from tests.mdf import build as mdf
from tests.mdf import rulebook as requests
from tests.prm.custom_fields.asking import DEALS, admin, ask, change
from tests.prm.custom_fields.test_services import answered, told
from tests.quotes import build as quoting
from tests.quotes import rulebook as quote_rules

PARTNER, REQUEST = "partners.partner", "mdf.request"
FOCUS = "partner.custom.focus"
pytestmark = pytest.mark.usefixtures("vendor")


@pytest.fixture
def focus():
    return ask("Focus", "choice", "Health", "Retail", of=PARTNER)


def firm(**custom):
    return build.partner(custom=custom)


def registered(of):
    return build.submitted(by=build.seller(of))


def requested(of, **custom):
    share = mdf.allocation(5_000, to=of)
    content = mdf.content(share)
    content = mdf.drafts.Content(content.fields, content.lines, custom=custom)
    by = mdf.marketer(of)
    return mdf.requests.submit(mdf.drafts.save(build.uuid7(), content, by=by, at=MONDAY), content, by=by, at=MONDAY)


# -- the partner -----------------------------------------------------------------------------------------
def test_rules_about_registrations_know_the_fields_of_the_partner(focus):
    publish(rule("Health", when(FOCUS, "is", "health"), decision="approve"))

    assert registered(firm(focus="health")).review == "approved"
    assert registered(firm(focus="retail")).review == "submitted"
    assert registered(firm()).review == "submitted"


def test_rules_about_quotes_know_the_fields_of_the_partner(focus):
    quote_rules.publish(rule("Health", when(FOCUS, "is", "health"), decision="refuse", reason="other"))

    def asked(of):
        by = build.seller(of)
        return quotes.send(quoting.drafted(quoting.some(product, special=20), by=by), by=by, at=MONDAY).status

    product = quoting.usual()
    assert asked(firm(focus="health")) == "draft"
    assert asked(firm(focus="retail")) == "pending_approval"
    with pytest.raises(services.FieldTypeInUse):
        change(focus, type="text")


def test_rules_about_requests_know_their_own_fields_and_those_of_the_partner(focus):
    ask("Demos", "whole", of=REQUEST)
    wanted = every(when(FOCUS, "is", "health"), when("custom.demos", "at_least", "10"))
    requests.publish(rule("Worth it", wanted, decision="approve"))

    assert requested(firm(focus="health"), demos="12").status == "approved"
    assert requested(firm(focus="health"), demos="9").status == "submitted"
    assert requested(firm(focus="retail"), demos="12").status == "submitted"


def test_a_value_of_the_partner_that_is_hidden_does_not_count(focus):
    change(focus, shown_when=when("has_distributor", "is", True))
    publish(rule("Health", when(FOCUS, "is", "health"), decision="approve"))
    above = build.partner(type="distributor")
    below = build.partner(custom={"focus": "health"}, distributor=above)

    assert registered(firm(focus="health")).review == "submitted"
    assert registered(below).review == "approved"


def test_fields_of_a_record_can_depend_on_those_of_its_partner_but_not_on_internal_ones(focus):
    ask("Ward", is_required=True, shown_when=when(FOCUS, "is", "health"))
    ask("Credit", of=PARTNER, is_internal=True)

    with pytest.raises(services.CustomFieldsMissing):
        registered(firm(focus="health"))
    assert registered(firm(focus="retail")).number
    with pytest.raises(services.ConditionUnfit):
        ask("Guarantee", shown_when=when("partner.custom.credit", "given"))
    with pytest.raises(services.ConditionUnfit):
        ask("Own", of=PARTNER, shown_when=when(FOCUS, "given"))


def test_what_rules_of_others_ask_for_stays_with_the_partner(focus):
    publish(rule("Health", when(FOCUS, "is", "health"), decision="approve"))

    with pytest.raises(services.FieldTypeInUse) as refusal:
        change(focus, type="text")
    assert "Health" in refusal.value.sentence
    with pytest.raises(services.ChoiceInUse):
        change(focus, options=(Option("retail", "Retail"),))


def test_new_rules_are_never_about_what_is_retired(focus):
    own = ask("Demos", "whole", of=REQUEST)
    body = requests.body(
        rule("A", when(FOCUS, "is", "health"), decision="approve"),
        rule("B", when("custom.demos", "given"), decision="approve"),
    )
    assert not problems_of_requests(body)
    for field in (focus, own):
        services.retire(field, by=admin(), at=MONDAY)

    assert [problem.code for problem in problems_of_requests(body)] == ["retired_field", "retired_field"]
    assert AREAS[REQUEST].catalogue({}).field[FOCUS].label == "Focus of the partner"


def test_a_partner_reads_no_rule_about_what_only_the_vendor_knows_of_it(focus):
    ask("Credit", of=PARTNER, is_internal=True)
    publish(
        rule("Healthy", when("partner.custom.credit", "given"), decision="person", guidance="Call them"),
        rule("Known", when(FOCUS, "is", "health"), decision="person"),
        mode=Mode.ALL,
        terms=Terms(discloses_rules=True),
    )
    registration = registered(firm(focus="health", credit="good"))
    explained = rule_queries.explained(rule_queries.rulings_of(registration).first())

    told_to = lambda member: [each["name"] for each in rulings.told(explained, member)["rules"]]  # noqa: E731
    assert told_to(build.manager()) == ["Healthy", "Known"]
    assert told_to(build.seller(registration.partner)) == ["Known"]


# -- changes by the vendor -------------------------------------------------------------------------------
def fill(kind, row, **given):
    row.refresh_from_db()
    return services.answer(KINDS[kind], row, given, seen=row.custom, by=build.manager(), at=MONDAY)


STEPS = [
    {"key": "legal", "name": "Legal", "asked": [{"role": "channel_manager"}], "stage": 1},
    {"key": "money", "name": "Finance", "asked": [{"role": "finance"}], "stage": 2},
]


def test_a_value_that_rules_used_makes_what_was_agreed_to_stale_and_brings_their_new_word():
    ask("Risk", "choice", "Low", "High", is_internal=True)
    ask("Note", is_internal=True)
    risky = rule("Risky", when("custom.risk", "is", "high"), decision="person", steps=["legal", "money"])
    usual = rule("Usual", None, decision="person", steps=["legal", "money"])
    publish(risky, usual, steps=STEPS)
    registration = answered()
    decisions.approve(registration, by=build.manager(), at=MONDAY)
    standing = lambda: approvals.standing_of(approvals.current_of(registration))  # noqa: E731
    assert [step.key for step in standing().waiting] == ["money"]

    fill(DEALS, registration, note="Met them at a fair.")
    assert [step.key for step in standing().waiting] == ["money"], "no rule asks for the note"
    fill(DEALS, registration, risk="high")
    assert [step.key for step in standing().waiting] == ["legal"]
    assert matched(registration) == ["Risky"]


def test_a_step_that_looks_at_custom_fields_is_touched_by_each_of_them():
    ask("Note", is_internal=True)
    steps = [STEPS[0] | {"looks_at": ["custom"]}, STEPS[1]]
    publish(rule("Usual", None, decision="person", steps=["legal", "money"]), steps=steps)
    registration = answered()
    decisions.approve(registration, by=build.manager(), at=MONDAY)

    fill(DEALS, registration, note="Met them at a fair.")
    assert [step.key for step in approvals.standing_of(approvals.current_of(registration)).waiting] == ["legal"]


def test_a_decided_registration_keeps_what_was_decided():
    ask("Risk", is_internal=True)
    publish(rule("Risky", when("custom.risk", "given"), decision="person"), default={"decision": "approve"})
    registration = answered()
    assert registration.review == "approved"

    fill(DEALS, registration, risk="high")
    registration.refresh_from_db()
    assert (registration.review, matched(registration)) == ("approved", [])


def test_a_request_is_judged_again_when_the_vendor_fills_in_what_its_rules_ask():
    ask("Risk", of=REQUEST, is_internal=True)
    publish_steps = ({"key": "legal", "name": "Legal", "asked": [{"role": "admin"}]},)
    risky = rule("Risky", when("custom.risk", "given"), decision="person", steps=["legal"])
    requests.publish(risky, steps=publish_steps)
    request = requested(firm())
    assert following.matched(following.latest(request)) == ()

    fill(REQUEST, request, risk="high")
    assert following.matched(following.latest(request)) == ("Risky",)
    assert [step.key for step in approvals.standing_of(approvals.current_of(request)).waiting] == ["legal"]


# -- a question ------------------------------------------------------------------------------------------
def test_an_answer_changes_the_field_that_was_asked_for_and_says_so():
    ask("Users", "whole")
    ask("Segment")
    publish(rule("Large", when("custom.users", "at_least", "100"), decision="person", steps=["legal"]), steps=STEPS)
    registration = answered(users="10", segment="Retail")
    decisions.ask(registration, question="Really?", fields=("custom.users",), by=build.manager(), at=MONDAY)
    content = registrations.Content(custom={"users": "120"})
    by = build.seller(registration.partner)
    registrations.answer(registration, content, text="More.", by=by, at=MONDAY)

    registration.refresh_from_db()
    assert registration.custom == {"users": "120", "segment": "Retail"}
    assert matched(registration) == ["Large"]
    assert [known.value for known in told(registration, for_vendor=False)] == [120, "Retail"]
