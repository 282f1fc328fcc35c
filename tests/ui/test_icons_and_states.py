import pytest
from django.template import Template, TemplateSyntaxError

from prm.ui.icons import ICONS, UnknownIcon, icon
from prm.ui.states import STATES, UnknownState, state_of


@pytest.mark.parametrize("name", ICONS)
def test_every_word_has_a_picture(name):
    assert icon(name).startswith('<svg class="i" viewBox="0 0 24 24" aria-hidden="true"><')


@pytest.mark.parametrize("code", STATES)
def test_every_state_has_a_known_tone_and_picture(code):
    assert STATES[code].tone in {"", "ok", "warn", "bad", "info"}
    assert STATES[code].icon in ICONS


def test_an_icon_without_text_says_its_name():
    assert 'role="img" aria-label="Late &lt;b&gt;"' in icon("clock", label="Late <b>")


def test_a_misspelt_icon_fails_when_the_template_loads():
    with pytest.raises(TemplateSyntaxError, match="hose"):
        Template('{% icon "hose" %}')


def test_an_unknown_icon_of_a_variable_says_where_to_add_it():
    with pytest.raises(UnknownIcon, match=r"prm/ui/icons\.py"):
        icon("hose")


def test_states_are_found_by_code_in_any_spelling():
    assert state_of("in-review") == state_of("IN_REVIEW") == STATES["in_review"]


def test_an_unknown_state_says_where_to_add_it():
    with pytest.raises(UnknownState, match=r"prm/ui/states\.py"):
        state_of("hose")
