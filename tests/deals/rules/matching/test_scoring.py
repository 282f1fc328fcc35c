import pytest
from hypothesis import given
from hypothesis import strategies as st

from deals.rules.matching import classes, evidence
from deals.rules.matching.classes import Class
from deals.rules.matching.profiles import Facts
from tests.deals.rules.matching.companies import compared, german, scored

KNOWN = german("Veldhaven Maritime Systems GmbH", city="Bremen", website="veldhaven.example", number="HRB 40711")


def class_of(one: Facts, other: Facts) -> Class:
    return classes.of(scored(one, other)[0])


@pytest.mark.parametrize(
    "typed",
    [
        german("VELDHAVEN MARITIME SYSTEMS", city="Bremen"),
        german("Veldhaven Maritime Systems AG", city="Bremen"),
        german("Veldhavne Maritime Systems", city="Bremen"),
        german("Maritime Systems Veldhaven", city="Bremen"),
        german("Veldhaven Maritim Syst.", website="https://www.veldhaven.example/kontakt"),
        german("Velduhaven", email="ida@veldhaven.example", city="Bremen"),
        german("Something Else", number="HRB 40711", city="Bremen"),
    ],
    ids=lambda facts: facts.name,
)
def test_other_ways_to_write_a_company_are_found_to_be_it(typed):
    assert class_of(typed, KNOWN) in (Class.SAME, Class.MAY_BE_SAME)


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        (german("Orlinda Fund II LP"), german("Orlinda Fund III LP")),
        (german("Orlinda Fonds I"), german("Orlinda Fonds V")),
        (german("Orlinda"), Facts(name="Orlinda Ltd", country="GB", city="Leeds")),
    ],
    ids=["counted", "counted by letters", "another country"],
)
def test_relatives_are_not_taken_for_one(typed, known):
    assert class_of(typed, known) is Class.RELATED


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        (german("Kestrel Bakery", city="Kiel"), german("Orlinda Shipyard", city="Bremen")),
        (german("University of Kiel", city="Kiel"), german("University of Bremen", city="Bremen")),
    ],
)
def test_other_companies_are_others(typed, known):
    assert class_of(typed, known) is Class.DIFFERENT


def test_of_twins_the_nearer_is_first_and_both_are_less_sure_than_one_alone():
    twins = german("Orlinda Marine Nord", city="Kiel"), german("Orlinda Marine Süd", city="Ulm")
    typed = german("Orlinda Marine", city="Kiel")

    first, second = scored(typed, *twins)

    assert (first.key, second.key) == (0, 1)
    assert first.probability < scored(typed, german("Orlinda Marine", city="Kiel"))[0].probability


def test_a_shared_register_number_outweighs_another_name():
    typed, known = german("Kestrel", number="HRB 40711"), german("Orlinda", number="HRB 040711")

    assert class_of(typed, known) in (Class.SAME, Class.MAY_BE_SAME)


def test_every_reason_is_of_what_agrees_or_differs():
    reasons = {
        reason.code: reason.is_for for reason in evidence.of(compared(german("Veldhavn Maritime", city="Kiel"), KNOWN))
    }

    assert reasons == {"typo": True, "extends": False, "other_city": False}


def test_seen_from_the_other_side_a_reason_says_the_same():
    likeness = classes.likeness(scored(german("Veldhaven", website="veldhaven.test"), KNOWN)[0])

    assert {reason.code for reason in likeness.evidence} >= {"extends", "other_ending"}
    assert {reason.code for reason in likeness.turned().evidence} >= {"is_extended", "other_ending"}
    assert likeness.turned().turned() == likeness


TEXT = st.text(max_size=60)
FACTS = st.builds(
    Facts,
    **dict.fromkeys(("name", "country", "city", "postcode", "address", "phone", "website", "email", "number"), TEXT),
)


@given(FACTS, FACTS)
def test_whatever_was_typed_gets_a_probability_and_reasons(one, other):
    found = scored(one, other)[0]

    assert 0 <= found.probability <= 1
    assert all(reason.code for reason in classes.likeness(found).evidence)


@given(FACTS)
def test_a_company_with_a_name_is_itself(facts):
    found = scored(facts, facts)[0]

    if len(found.found.name.one.joined) >= 8:
        assert classes.of(found) is not Class.DIFFERENT


@pytest.mark.parametrize(
    ("typed", "known"),
    [("J.Crew", "J.Jill"), ("Dr.Oetker", "Dr.Schumacher")],
)
def test_a_point_in_a_name_makes_no_web_address_of_it(typed, known):
    assert class_of(german(typed), german(known)) in (Class.RELATED, Class.DIFFERENT)


@pytest.mark.parametrize("number", ["n/a", "unknown", "0000", "12"])
def test_what_is_no_number_identifies_nobody(number):
    assert class_of(german("Kestrel Bakery", number=number), german("Orlinda Mining", number=number)) is Class.DIFFERENT


def test_a_number_is_one_with_and_without_its_country():
    reasons = evidence.of(compared(german("Orlinda", number="DE129273398"), german("Orlinda", number="DE 129 273 398")))

    assert "same_number" in {reason.code for reason in reasons}


def test_numbers_of_two_countries_say_nothing():
    one, other = german("Kestrel", number="12345678"), Facts(name="Orlinda", country="US", number="12345678")

    assert not {"same_number", "other_number"} & {reason.code for reason in evidence.of(compared(one, other))}


def test_of_many_spellings_none_hides_another_that_would_be_sure_alone():
    first = german("Veldhaven Maritime Systems GmbH", city="Bremen")
    others = [
        german(f"Veldhaven Maritime {form}", city="Bremen") for form in ("System", "Syst.", "Systems AG", "Sistems")
    ]

    alone, among = scored(first, others[-1]), scored(first, *others)

    assert classes.of(alone[0]) is Class.SAME
    assert classes.of(next(one for one in among if one.key == 3)) is Class.MAY_BE_SAME
