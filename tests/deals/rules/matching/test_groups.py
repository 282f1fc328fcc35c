"""Groups that a name names, by what their web domain is called."""

from __future__ import annotations

import pytest

from deals.rules.matching import groups, names, profiles
from deals.rules.matching.profiles import Facts


def at(*websites: str) -> list[profiles.Profile]:
    return [profiles.of(Facts(name="Anybody", country="DE", website=website)) for website in websites]


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("OrlTec Elmshain", "orltec"),
        ("Elmshain (OrlTec)", "orltec"),
        ("Oberland Rail Tunnels, Elmshain", "ort"),
        ("O.R. Tunnelling Society, Elmshain Office", "orts"),
        ("The Oberland Rail and Tunnels Trust", "ortt"),
    ],
)
def test_a_name_names_a_group_by_a_word_or_by_initials(name, label):
    assert label in groups.labels(names.read(name))


@pytest.mark.parametrize("name", ["", "x", "GmbH", "Bank", "The", "II"])
def test_general_words_and_short_initials_name_nobody(name):
    assert groups.labels(names.read(name)) <= {"gmbh"}


def test_a_crowd_is_a_fifth_of_those_found_and_at_least_three():
    others = [f"company{number}.example" for number in range(12)]

    assert groups.crowded(at("a.orltec.example", "b.orltec.example", "c.orltec.example", *others)) == {"orltec.example"}
    assert groups.crowded(at("a.orltec.example", "b.orltec.example")) == frozenset()
    assert (
        groups.crowded(at("a.orltec.example", "b.orltec.example", "c.orltec.example", *others, *others)) == frozenset()
    )
    assert groups.crowded([]) == frozenset()


def test_only_a_label_that_several_companies_have_is_that_of_a_group():
    theirs = at("a.orltec.example", "b.orltec.example", "orltec.example", "orltec.test")

    assert groups.named(frozenset({"orltec"}), theirs) == {"orltec.example"}
    assert groups.named(frozenset({"other"}), theirs) == frozenset()
