import pytest
from hypothesis import given
from hypothesis import strategies as st

from deals.rules.matching import names


@pytest.mark.parametrize(
    ("typed", "core"),
    [
        ("Veldhaven Maschinenbau GmbH & Co. KG", ("veldhaven", "maschinenbau")),
        ("The Orlinda Company, Inc.", ("orlinda",)),
        ("Orlinda S.A. de C.V.", ("orlinda",)),
        ("PT Orlinda Jaya Tbk", ("orlinda", "jaya")),
        ("ООО Ромашка", ("romashka",)),
        ("株式会社オルリンダ", ("orurinda",)),
        ("V. E. L. Systems", ("vel", "systems")),
        ("V&H Logistics", ("vh", "logistics")),
        ("ORLINDA LIMTED", ("orlinda",)),
        ("E-Hwa Trading", ("ehwa", "trading")),
        ("GmbH", ("gmbh",)),
        ("", ()),
    ],
)
def test_a_name_is_what_is_left_without_its_legal_form(typed, core):
    assert names.read(typed).core == core


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("Orlinda Fund II LP", {2}),
        ("Orlinda Fund Three LP", {3}),
        ("Orlinda 7", {7}),
        ("Orlinda Fonds I", {1}),
        ("Orlinda Fonds V GmbH", {5}),
        ("Orlinda Fonds I und Partner", set()),
        ("One Orlinda Bank", set()),
    ],
)
def test_what_counts_companies_is_told_from_what_names_them(typed, numbers):
    assert names.read(typed).numbers == numbers


def test_a_word_of_another_script_is_read_by_its_meaning():
    assert names.read("オルリンダ大学").core == ("orurinda", "university")


@given(st.text(max_size=400))
def test_any_text_can_be_read(text):
    name = names.read(text)

    assert len(name.core) <= names.MOST_WORDS
    assert bool(name.core) == bool(name.text)
