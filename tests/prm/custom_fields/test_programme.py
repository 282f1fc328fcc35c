"""Custom fields in the file of a programme: out, in again, and told apart."""

import pytest

from prm.custom_fields.models import CustomField
from prm.programme import exchange, yaml
from tests.build import MONDAY
from tests.deals.rulebook import when
from tests.prm.custom_fields.asking import admin, ask

TODAY = MONDAY.date()
FILE = """
format: 1
custom_fields:
  deals.registration:
    - key: tender
      label: Tender
      type: text
      is_required: true
      shown_when: {field: custom.sector, is: is, value: public}
    - key: sector
      label: Sector
      type: choice
      options: [{key: public, label: Public}, {key: old, label: Old, is_offered: false}]
    - {key: risk, label: Risk, type: text, is_internal: true, is_retired: true}
"""


@pytest.fixture(autouse=True)
def _portal(vendor):
    pass


def take(text):
    wanted, by = yaml.read(text)[0], admin()
    trial = exchange.try_out(wanted, by=by, at=MONDAY, effective_on=TODAY)
    if not trial.problems:
        exchange.take_over(wanted, mark=trial.mark, by=by, at=MONDAY, effective_on=TODAY)
    return trial


def kept():
    return exchange.written(TODAY)["custom_fields"]


def test_a_file_adds_fields_whose_conditions_are_about_later_ones():
    assert not take(FILE).problems
    assert [row.key for row in CustomField.objects.order_by("position")] == ["tender", "sector", "risk"]
    assert CustomField.objects.get(key="risk").retired_at is not None


def test_what_leaves_comes_in_again_and_changes_nothing():
    take(FILE)
    before = kept()

    assert take(exchange.text_of(exchange.written(TODAY))).changes == ()
    assert kept() == before


def test_what_a_file_would_change_is_said():
    ask("Sector", "choice", "Public", shown_when=when("type", "is", "tender"))
    trial = take(FILE.replace("label: Sector", "label: Branch"))

    told = {(change.steps[-2:], change.what.value) for change in trial.changes}
    assert ((("sector", "label"), "changed")) in told
    assert any(steps[-1] == "tender" and what == "added" for steps, what in told)
    assert CustomField.objects.get(key="sector").shown_when is None


ALL = """
format: 1
rules:
  mdf.request:
    rules:
      mode: first
      default: {decision: person}
      rules:
        - key: worth
          name: Worth it
          when: {all: [{field: custom.leads, is: at_least, value: "10"}, {field: partner.custom.focus, is: given}]}
          then: {decision: approve}
    steps: []
custom_fields:
  mdf.claim:
    - {key: won, label: Leads won, type: whole}
  mdf.request:
    - {key: leads, label: Leads, type: whole, shown_when: {field: partner.custom.focus, is: given}}
  deals.registration:
    - {key: ward, label: Ward, type: text, shown_when: {field: partner.custom.focus, is: is, value: health}}
  partners.application:
    - {key: heard, label: Heard, type: text, required_when: {field: country, is: is, value: DK}, is_required: true}
  partners.partner:
    - {key: focus, label: Focus, type: choice, options: [{key: health, label: Health}]}
"""


def test_fields_of_every_kind_leave_and_come_in_again_with_the_rules_that_are_about_them():
    assert not take(ALL).problems
    left = exchange.text_of(exchange.written(TODAY))

    assert {kind: [row["key"] for row in rows] for kind, rows in kept().items()} == {
        "partners.application": ["heard"],
        "partners.partner": ["focus"],
        "deals.registration": ["ward"],
        "mdf.request": ["leads"],
        "mdf.claim": ["won"],
    }
    assert take(left).changes == ()


def test_a_file_whose_rules_are_about_what_nobody_asks_is_refused():
    assert take(ALL.replace("field: custom.leads", "field: custom.demos")).problems
    assert not CustomField.objects.exists()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("type: text", "type: video"),
        ("key: tender", "key: Tender!"),
        ("value: public}", "value: nowhere}"),
        ("field: custom.sector", "field: custom.nothing"),
        ("is_required: true", "is_required: often"),
        ("key: sector", "key: tender"),
        ("label: Public", "label: ''"),
        ("type: choice", "type: day"),
        ("is_required: true", "colour: red"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_applied(before, after):
    assert take(FILE.replace(before, after)).problems
    assert not CustomField.objects.exists()
