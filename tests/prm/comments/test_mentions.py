"""Names with an @ in a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prm.comments.mentions import names_in, split

NAMES = {"Ida", "Ida Holm", "Jürgen Groß", "O'Brien (East)", "Ｍiyu 佐藤"}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("@Ida Holm, when?", {"Ida Holm"}),  # the longer of two that begin alike
        ("@Ida holds it", {"Ida"}),
        ("ask @ida  HOLM and @jürgen groß", {"Ida Holm", "Jürgen Groß"}),
        ("over two lines: @Ida\nHolm", {"Ida Holm"}),
        ("(@O'Brien (East))", {"O'Brien (East)"}),
        ("@Ju\u0308rgen Groß", {"Jürgen Groß"}),  # another way to write the same letter
        ("@Ｍiyu 佐藤", {"Ｍiyu 佐藤"}),
        ("mail ida@Ida or @@Ida or me.@Ida", set()),
        ("@Idaho", set()),
        ("Ida Holm", set()),
        ("@", set()),
        ("@" * 4000, set()),
    ],
)
def test_who_is_mentioned(text, meant):
    assert names_in(text, NAMES) == meant


def test_without_people_nobody_is_mentioned():
    assert names_in("@Ida", [""]) == set()
    assert "".join(part.text for part in split("@Ida", [])) == "@Ida"


@given(st.text(alphabet="@Ida Holm\n<>&é", max_size=80))
def test_the_pieces_are_the_text_and_the_mentions_are_those_found(text):
    parts = list(split(text, NAMES))

    assert "".join(part.text for part in parts) == text
    assert bool(names_in(text, NAMES)) == any(part.is_mention for part in parts)


def test_a_text_full_of_names_is_read_at_once():
    names = [f"Person {number} of {number}" for number in range(300)]

    assert len(names_in(" ".join(f"@{name}" for name in names), names)) == 300
