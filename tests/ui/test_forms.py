from types import SimpleNamespace

import pytest
from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from prm.ui.forms import PortalForm
from prm.ui.widgets import AmountInput, ChoiceCards, Combobox, DateInput, FileDrop, Segments, Switch

STAGES = [("prospect", "Prospect"), ("qualified", "Qualified")]
LONG = [("a", "A label that is far too long for a segment"), ("b", "Short")]


class Sample(PortalForm):
    company = forms.CharField(help_text="As in the register.")
    city = forms.CharField(required=False)
    close = forms.DateField()
    stage = forms.ChoiceField(choices=STAGES, widget=forms.RadioSelect)
    why = forms.ChoiceField(choices=LONG, widget=forms.RadioSelect)
    terms = forms.BooleanField()
    token = forms.CharField(widget=forms.HiddenInput)


def test_a_field_names_its_help_and_its_error():
    html = str(Sample({})["company"].as_field_group())

    assert 'class="input"' in html
    assert 'aria-describedby="id_company_helptext id_company_error"' in html
    assert 'aria-invalid="true"' in html
    assert '<p class="help" id="id_company_helptext">As in the register.</p>' in html
    assert 'id="id_company_error"' in html


def test_optional_is_marked_and_required_is_not():
    form = Sample()

    assert "(optional)" in form["city"].as_field_group()
    assert "(optional)" not in form["company"].as_field_group()


def test_a_group_of_choices_is_a_fieldset_with_a_legend():
    html = Sample()["stage"].as_field_group()

    assert "<fieldset" in html
    assert "<legend" in html


def test_a_single_tick_box_has_its_label_at_the_side():
    html = Sample()["terms"].as_field_group()

    assert html.index("<input") < html.index("I have read" if "I have read" in html else "Terms")


@pytest.mark.parametrize(("name", "widget"), [("close", DateInput), ("stage", Segments), ("why", ChoiceCards)])
def test_forms_choose_the_control_that_fits(name, widget):
    assert type(Sample().fields[name].widget) is widget


def test_a_date_is_written_as_browsers_want_it():
    assert 'value="2026-12-03"' in str(Sample(initial={"close": "2026-12-03"})["close"])


def test_the_summary_links_to_every_mistake():
    html = str(Sample({}))

    assert "data-error-summary" in html
    assert 'href="#id_company"' in html
    assert 'href="#id_stage_0"' in html
    assert "6 fields" not in html
    assert "5 fields need your attention" in html


def test_one_mistake_needs_no_summary():
    form = Sample({"company": "", "close": "2026-12-03", "stage": "prospect", "why": "a", "terms": "on", "token": "x"})

    assert "data-error-summary" not in str(form)


def test_a_mistake_of_the_whole_form_is_said_above_it():
    form = Sample({"company": "N", "close": "2026-12-03", "stage": "prospect", "why": "a", "terms": "on", "token": "x"})
    form.add_error(None, "The fund has €400 left.")

    assert "The fund has €400 left." in str(form)


def test_an_amount_names_its_currency_and_keeps_what_was_typed():
    field = AmountInput([("EUR", "EUR")])
    html = field.render("value", ["EUR", "46,200"], {"id": "id_value"})

    assert 'aria-label="Currency"' in html
    assert 'value="46,200"' in html
    assert field.id_for_label("id_value") == "id_value_1"
    assert field.decompress(SimpleNamespace(currency="EUR", amount=5)) == ["EUR", 5]


def test_a_combobox_hands_over_what_was_chosen_and_what_was_typed():
    widget = Combobox(url="/options/")

    assert widget.value_from_datadict({"c": "7", "c_text": "Nordhavn"}, {}, "c") == {"id": "7", "text": "Nordhavn"}
    assert widget.value_from_datadict({"c": "", "c_text": ""}, {}, "c") is None
    assert 'value="Nordhavn"' in widget.render("c", {"id": "7", "text": "Nordhavn"}, {})


def test_uploaded_files_survive_a_failed_submit():
    widget = FileDrop("/upload/", describe=lambda ids: [{"name": f"File {id_}", "size": 1, "id": id_} for id_ in ids])
    sent = object()

    value = widget.value_from_datadict(QueryDict("f=&f=7&f=8"), MultiValueDict({"f": [sent]}), "f")

    assert value == ["7", "8", sent]
    html = widget.render("f", value[:2], {"id": "id_f"})
    assert html.count('<input type="hidden" name="f"') == 2


def test_a_switch_is_still_a_tick_box():
    assert 'type="checkbox"' in Switch().render("on", True)
