"""Values are kept exactly, refused strictly, and never lost with what else changes."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prm.custom_fields import values
from prm.custom_fields.definitions import Option, new_key
from prm.money import Money
from prm.policies.values import Invalid
from tests.prm.custom_fields.asking import definition

AMOUNTS = st.decimals(min_value=0, max_value=10**13, places=4, allow_nan=False, allow_infinity=False)
GOOD = [
    ("text", " Retail ", "Retail"),
    ("long_text", "One\nTwo", "One\nTwo"),
    ("whole", "12", "12"),
    ("decimal", "-0.125", "-0.125"),
    ("money", {"amount": "0.0001", "currency": "KWD"}, {"amount": "0.0001", "currency": "KWD"}),
    ("day", "2026-02-28", "2026-02-28"),
    ("boolean", False, False),
    ("choice", "red", "red"),
    ("choices", ["red", "blue"], ["blue", "red"]),
    ("url", "https://a.example/x?y=1", "https://a.example/x?y=1"),
    ("email", "a@b.example", "a@b.example"),
]
BAD = [
    ("text", 5),
    ("text", "x" * 301),
    ("text", "a\0b"),
    ("whole", "1.5"),
    ("whole", 1.5),
    ("decimal", "1e9"),
    ("decimal", "NaN"),
    ("money", "12 EUR"),
    ("money", {"amount": "-1", "currency": "EUR"}),
    ("money", {"amount": "1", "currency": "XXX"}),
    ("day", "2026-02-30"),
    ("day", {"count": 1, "unit": "days"}),
    ("boolean", "yes"),
    ("choice", "green"),
    ("choice", "old"),
    ("choices", ["red", "old"]),
    ("choices", "red"),
    ("url", "javascript:alert(1)"),
    ("url", "https://user@evil.example@x"),
    ("email", "nobody"),
]


def field(kind):
    made = definition("Field", kind)
    options = (Option("red", "Red"), Option("blue", "Blue"), Option("old", "Old", is_offered=False))
    return (
        definition("Field", kind)
        if kind not in ("choice", "choices")
        else type(made)("field", "Field", made.type, options=options)
    )


@pytest.mark.parametrize(("kind", "body", "kept"), GOOD)
def test_a_value_is_kept_as_it_is_read(kind, body, kept):
    assert values.merged([field(kind)], {}, {"field": body}) == {"field": kept}


@pytest.mark.parametrize(("kind", "body"), BAD)
def test_what_does_not_fit_is_refused_and_said_where(kind, body):
    with pytest.raises(Invalid) as refusal:
        values.merged([field(kind)], {}, {"field": body})

    assert refusal.value.problems[0].path == ("field",)


@given(AMOUNTS)
def test_no_cent_is_lost(amount):
    money = definition("Budget", "money")
    stored = values.merged([money], {}, {"budget": {"amount": str(amount), "currency": "EUR"}})

    assert values.fact(money, stored) == Money(amount, "EUR")


@given(st.decimals(min_value=-(10**14), max_value=10**14, places=8, allow_nan=False, allow_infinity=False))
def test_no_decimal_is_lost(number):
    field = definition("Share", "decimal")

    assert values.fact(field, values.merged([field], {}, {"share": f"{number:f}"})) == number


@given(
    st.dictionaries(st.sampled_from("abcdef"), st.text("xyz", min_size=1)),
    st.dictionaries(st.sampled_from("abc"), st.one_of(st.none(), st.text("xyz", min_size=1))),
)
def test_what_is_not_given_stays(before, given_now):
    asked = [definition(key) for key in "abc"]
    after = values.merged(asked, before, given_now)

    assert {key: after.get(key) for key in before if key not in given_now} == {
        key: value for key, value in before.items() if key not in given_now
    }
    assert {key: after.get(key) for key in given_now} == given_now


def test_what_nobody_asks_is_refused():
    retired = definition("Old", is_retired=True)

    with pytest.raises(Invalid) as refusal:
        values.merged([retired], {"old": "kept"}, {"old": "new", "other": "x"})

    assert [problem.code for problem in refusal.value.problems] == ["unknown_field", "unknown_field"]


def test_a_choice_that_is_not_offered_any_more_stays_where_it_was_chosen():
    assert values.merged([field("choices")], {"field": ["old"]}, {"field": ["old", "red"]}) == {"field": ["old", "red"]}


def test_a_stored_value_that_cannot_be_read_counts_as_none():
    assert values.fact(definition("Budget", "money"), {"budget": "12"}) is None
    assert values.fact(definition("Count", "decimal"), {"count": "many"}) is None
    assert values.fact(definition("Count", "decimal"), {"count": "1.5"}) == Decimal("1.5")


@pytest.mark.parametrize(
    ("label", "key"),
    [("Höhe über NN", "hoehe_ueber_nn"), ("2. Phase", "field_2_phase"), ("日本", "field"), ("A" * 90, "a" * 36)],
)
def test_a_key_is_made_of_the_label(label, key):
    assert new_key(label, set()) == key
    assert new_key(label, {key}) == f"{key}_2"
