"""A whole programme leaves one vendor and comes in at another that has none of it, and leaves that the same."""

import pytest

from deals.rules.terms import AREA as DEALS
from mdf.queries import terms as fund_terms
from partners.models import AgreementText, ChecklistTemplate, Tier
from partners.queries import programs
from prm.accounts.roles import Role
from prm.policies import versions
from prm.programme import exchange, yaml
from prm.tenancy.context import as_system
from quotes.queries import terms as quote_terms
from tests import build
from tests.build import MONDAY
from tests.deals.rulebook import rule, when

TODAY = MONDAY.date()
NEED = {"metric": "figure", "label": "Net new users", "target": "300", "window": "rolling_months", "length": 12}
WANTED = {
    "format": 1,
    "program": {
        "name": "Odoo-like",
        "review_months": 3,
        "grace_days": 30,
        "tiers": [
            {"name": "Ready", "requirement": {"parts": []}, "benefits": {"discount_percent": "10"}},
            {
                "name": "Gold",
                "is_by_invitation": True,
                "requirement": {
                    "parts": [
                        NEED,
                        {
                            "junction": "any",
                            "parts": [
                                {"metric": "certified", "target": 4},
                                {"metric": "confirmed", "label": "A plan with its sponsor"},
                            ],
                        },
                    ]
                },
                "benefits": {"discount_percent": 20, "fund_share_percent": "60", "protection_days": 120},
            },
        ],
    },
    "agreements": [
        {"name": "Data", "partner_types": ["msp"], "wordings": {"en": {"title": "On data", "text": "Keep it safe."}}}
    ],
    "checklists": [
        {"partner_type": "msp", "tier": "Gold", "tasks": [{"kind": "bank", "checked_by": "finance"}]},
    ],
    "rules": {
        "partners.joining": {
            "decision_business_days": 3,
            "questions": {"isv": [{"code": "why", "kind": "text", "text": "Why us?", "points": 3}]},
        },
        "mdf.terms": {"share_percent": 40, "one_approver_to": 2000, "finance_above": None},
        "mdf.request": {
            "rules": {
                "mode": "first",
                "default": {"decision": "person"},
                "rules": [rule("Gold", when("partner_tier", "is", "program:Gold"), decision="approve")],
            }
        },
        "quotes.terms": {
            "ladder": [
                {"up_to": 5, "role": ""},
                {"up_to": 15, "role": "channel_manager"},
                {"up_to": 30, "role": "admin"},
                {"up_to": 100, "role": "executive"},
            ]
        },
        DEALS: {
            "protection_days": 180,
            "rules": {
                "mode": "first",
                "default": {"decision": "person"},
                "rules": [rule("Gold", when("partner_tier", "is", "program:Gold"), decision="approve")],
            },
        },
    },
}


@pytest.fixture
def admin(vendor):
    return build.member(Role.ADMIN)


def try_out(by, wanted, on=TODAY):
    return exchange.try_out({"format": 1, **wanted}, by=by, at=MONDAY, effective_on=on)


def take(by, wanted, on=TODAY):
    trial = try_out(by, wanted, on)
    assert trial.problems == ()
    return exchange.take_over({"format": 1, **wanted}, mark=trial.mark, by=by, at=MONDAY, effective_on=on)


def said(trial):
    return {".".join(map(str, problem.path)): problem.sentence for problem in trial.problems}


def test_what_leaves_one_vendor_comes_in_at_another_and_leaves_it_the_same(admin):
    take(admin, WANTED)
    text = exchange.text_of(exchange.written(TODAY))
    wanted, _lines = yaml.read(text)

    other = build.vendor()
    with as_system(other.pk):
        by = build.member(Role.ADMIN)
        take(by, wanted)

        assert exchange.text_of(exchange.written(TODAY)) == text
        assert take(by, wanted) == []
        gold = Tier.objects.get(name="Gold")
        condition = versions.in_force(DEALS, TODAY).body["rules"]["rules"][0]["when"]
    assert condition["value"] == str(gold.pk)


LISTED = {
    "families": [{"code": "edge", "name": "Edge"}],
    "products": [{"sku": "E-1", "family": "edge", "name": "Edge 1", "unit": "piece"}],
    "lists": [{"name": "Named", "kind": "customers"}, {"name": "Not for resale", "kind": "products"}],
    "list_entries": [
        {"list": "Named", "website": "initech.example"},
        {"list": "Named", "name": "Globex", "website": "globex.example", "country": "DE"},
        {"list": "Not for resale", "product": "E-1"},
    ],
}


def test_what_stands_on_lists_comes_in_is_told_one_by_one_and_nothing_is_taken_off(admin):
    told = [change for change in take(admin, LISTED) if change.section == "list_entries"]

    assert exchange.written(TODAY)["list_entries"] == LISTED["list_entries"]
    assert [change.what for change in told] == ["added"] * 3
    assert take(admin, LISTED) == []
    changes = take(admin, {"list_entries": [{"list": "Named", "name": "Umbrella"}]})
    assert [(change.steps, change.what) for change in changes] == [(("Umbrella",), "added")]
    assert len(exchange.written(TODAY)["list_entries"]) == 4


@pytest.mark.parametrize(
    ("entry", "place"),
    [
        ({"list": "Nobody", "name": "Globex"}, "list"),
        ({"list": "Not for resale", "product": "X-9"}, "product"),
        ({"list": "Named", "country": "DE"}, "3"),
        ({"list": "Named", "name": "Globex", "colour": "red"}, "colour"),
    ],
)
def test_all_or_nothing_of_what_stands_on_lists_comes_in(admin, entry, place):
    trial = try_out(admin, LISTED | {"list_entries": [*LISTED["list_entries"], entry]})

    assert [path.rpartition(".")[2] for path in said(trial)] == [place]
    assert not exchange.written(TODAY)["list_entries"]


def test_each_part_is_kept_where_its_own_screen_keeps_it(admin):
    take(admin, WANTED)

    program = programs.in_force(TODAY)[1]
    assert [(tier.name, tier.benefits.discount_percent) for tier in program.ranked] == [("Ready", 10), ("Gold", 20)]
    assert program.ranked[1].requirement.parts[0].label == "Net new users"
    assert Tier.objects.filter(is_offered=True).count() == 2
    assert AgreementText.objects.get(name="Data").wordings["en"]["title"] == "On data"
    assert ChecklistTemplate.objects.get().tier.name == "Gold"
    assert fund_terms.current(TODAY)[1].one_approver_to == 2000
    assert quote_terms.current(TODAY)[1].free_up_to == 5


def test_a_tier_and_its_requirements_stay_the_same_when_a_figure_changes(admin):
    take(admin, WANTED)
    before = programs.in_force(TODAY)[1].ranked[1]
    wanted = exchange.written(TODAY)
    wanted["program"]["tiers"][1]["requirement"]["parts"][0]["target"] = "500"

    changes = take(admin, {"program": wanted["program"]})

    after = programs.in_force(TODAY)[1].ranked[1]
    assert [change.section for change in changes] == ["program"]
    assert (after.id, after.requirement.parts[0].id) == (before.id, before.requirement.parts[0].id)
    assert after.requirement.parts[0].target == 500


@pytest.mark.parametrize(
    ("part", "body", "place"),
    [
        ("program", {"tiers": [{"name": "Gold", "rank": "first"}]}, "program.tiers.0.rank"),
        ("program", {"tiers": [{"name": "Gold", "requirement": {"parts": [{"metric": "luck"}]}}]}, "metric"),
        ("program", {"tiers": [{"name": "Gold"}, {"name": "gold"}]}, "program.tiers.1.name"),
        ("program", {"tiers": []}, "program.tiers"),
        ("program", {"currency": "XXX"}, "program.currency"),
        ("program", ["Gold"], "program"),
        ("agreements", [{"name": "Data", "wordings": {"xx": {}}}], "agreements.0.wordings.xx"),
        ("agreements", [{"name": "Data"}], "agreements.0"),
        ("checklists", [{"partner_type": "msp", "tier": "Lead", "tasks": []}], "checklists.0.tier"),
        ("checklists", [{"partner_type": "msp", "tasks": [{"kind": "bank", "checked_by": "nobody"}]}], "checklists.0"),
        ("rules", {"mdf.terms": {"share_percent": "half"}}, "rules.mdf.terms.share_percent"),
        ("rules", {"mdf.terms": {"one_approver_to": 9, "finance_above": 1}}, "rules.mdf.terms.finance_above"),
        ("rules", {"quotes.terms": {"ladder": [{"up_to": 5, "role": ""}]}}, "rules.quotes.terms.ladder"),
        ("rules", {"quotes.terms": {"order": ["tier"] * 4}}, "rules.quotes.terms.order"),
        ("rules", {"partners.joining": {"questions": {"isv": [{"code": "a", "kind": "text"}]}}}, "text"),
        ("rules", {"partners.joining": {"questions": {"nobody": []}}}, "rules.partners.joining.questions.nobody"),
        ("rules", {"partners.program": {}}, "rules.partners.program"),
    ],
)
def test_what_does_not_fit_is_named_with_its_place_and_changes_nothing(admin, part, body, place):
    before = exchange.written(TODAY)

    found = said(try_out(admin, {part: body, "families": [{"code": "new", "name": "New"}]}))

    assert any(path.endswith(place) for path in found), found
    assert exchange.written(TODAY) == before
