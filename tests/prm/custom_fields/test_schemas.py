"""What is shown, required and counted: by conditions about the record and about other fields."""

from datetime import date
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from prm.custom_fields.definitions import Option
from prm.custom_fields.schemas import Schema
from prm.policies.evaluation import Facts
from prm.policies.fields import Catalogue, Field, Kind
from tests.deals.rulebook import every, when
from tests.prm.custom_fields.asking import definition

TODAY = date(2026, 11, 23)
BUILT_IN = Catalogue((Field("type", "type", Kind.TEXT),))
SECTOR = definition("Sector", "choice", "Public", "Private")
TENDER = definition("Tender", "text", shown_when=when("custom.sector", "is", "public"), is_required=True)
LAWYER = definition("Lawyer", "text", shown_when=when("custom.tender", "given"))


def states(*asked, stored=None, **facts):
    return Schema(asked, BUILT_IN).follow(stored or {}, Facts(facts, TODAY))


def shown(*asked, stored=None, **facts):
    return [key for key, state in states(*asked, stored=stored, **facts).states.items() if state.is_shown]


def test_a_field_follows_another_one():
    assert shown(SECTOR, TENDER) == ["sector"]
    assert shown(SECTOR, TENDER, stored={"sector": "private"}) == ["sector"]
    assert shown(SECTOR, TENDER, stored={"sector": "public"}) == ["sector", "tender"]


def test_a_field_follows_the_record():
    field = definition("Term", shown_when=when("type", "is", "managed"))

    assert shown(field) == []
    assert shown(field, type="managed") == ["term"]


def test_a_hidden_value_is_neither_required_nor_counted():
    stored = {"sector": "private", "tender": "17/2026", "lawyer": "Ada"}
    found = states(LAWYER, TENDER, SECTOR, stored=stored)

    assert {key: state.is_shown for key, state in found.states.items()} == {
        "lawyer": False,
        "tender": False,
        "sector": True,
    }
    assert not found.states["tender"].is_required
    assert found.facts.values == {"custom.sector": "private"}


def test_what_has_to_be_filled_is_said_only_to_whoever_can_fill_it():
    schema = Schema(
        (definition("Reference", is_required=True), definition("Margin", is_required=True, is_internal=True))
    )
    found = schema.follow({}, Facts({}, TODAY))

    assert [each.key for each in schema.lacking({}, found, for_vendor=False)] == ["reference"]
    assert [each.key for each in schema.lacking({}, found, for_vendor=True)] == ["reference", "margin"]
    assert [each.key for each in schema.lacking({"reference": "x"}, found, for_vendor=False)] == []


def test_no_is_an_answer():
    schema = Schema((definition("Audited", "boolean", is_required=True),))

    assert not schema.lacking({"audited": False}, schema.follow({"audited": False}, Facts({}, TODAY)), for_vendor=True)


def test_a_condition_requires_only_what_is_certain():
    field = definition("Reference", is_required=True, required_when=when("type", "is", "managed"))

    assert [
        states(field, **facts).states["reference"].is_required for facts in ({}, {"type": "x"}, {"type": "managed"})
    ] == [
        False,
        False,
        True,
    ]


def test_a_retired_field_is_not_required_and_still_counts():
    field = definition("Reference", is_required=True, is_retired=True)
    found = states(field, stored={"reference": "A-1"})

    assert not found.states["reference"].is_required
    assert found.facts.values == {"custom.reference": "A-1"}


@given(st.fixed_dictionaries({}, optional={"sector": st.sampled_from(["public", "private"]), "tender": st.just("1")}))
def test_the_order_of_fields_does_not_matter(stored):
    found = [dict(states(*asked, stored=stored).states) for asked in permutations([SECTOR, TENDER, LAWYER])]

    assert all(each == found[0] for each in found)


def test_fields_that_wait_for_each_other_are_refused():
    schema = Schema((SECTOR, TENDER, LAWYER), BUILT_IN)
    sector = definition("Sector", "choice", "Public", "Private", shown_when=when("custom.lawyer", "given"))

    assert [problem.code for problem in schema.problems_of(sector)] == ["cycle"]
    assert schema.problems_of(TENDER) == []


def test_a_field_is_never_about_itself_or_what_is_retired():
    schema = Schema((SECTOR, definition("Old", is_retired=True)), BUILT_IN)
    own = definition("Sector", shown_when=when("custom.sector", "given"))
    old = definition("New", shown_when=when("custom.old", "given"))

    assert [problem.code for problem in schema.problems_of(own)] == ["unknown_field"]
    assert [problem.code for problem in schema.problems_of(old)] == ["retired_field"]


def test_a_field_that_partners_see_is_never_about_what_is_kept_from_them():
    schema = Schema((definition("Risk", is_internal=True),), BUILT_IN)

    assert schema.problems_of(definition("Plan", shown_when=when("custom.risk", "given")))[0].code == "unknown_field"
    assert not schema.problems_of(definition("Plan", is_internal=True, shown_when=when("custom.risk", "given")))


def test_two_hundred_fields_in_a_row_are_followed():
    first = definition("F0")
    rest = [definition(f"F{n}", shown_when=every(when(f"custom.f{n - 1}", "given"))) for n in range(1, 200)]
    stored = {f"f{n}": "x" for n in range(200) if n != 150}

    assert len(shown(*reversed(rest), first, stored=stored)) == 151


def test_choices_keep_their_words():
    field = definition("Sector", "choice")
    named = type(field)("sector", "Sector", field.type, options=(Option("public", "Öffentlich"),))

    assert named.field.label_of("public") == "Öffentlich"
