"""Administrators write the steps of an area's draft, read as sentences."""

import pytest

from deals.rules.terms import AREA
from prm.accounts.roles import Role
from prm.policies import versions
from tests import build
from tests.build import MONDAY
from tests.deals import rulebook
from tests.deals.rulebook import rule

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SALES = {"key": "sales", "name": "Sales agrees", "asked": [{"role": "channel_manager"}], "stage": 1, "need": 1}


@pytest.fixture
def admin(vendor):
    return build.member(Role.ADMIN, name="Ingrid Solberg")


@pytest.fixture
def page(client, admin):
    client.force_login(admin.user, backend=BACKEND)
    return client


@pytest.fixture
def steps(vendor):
    return f"/{vendor.slug}/rules/{AREA}/steps/"


def drafted(admin, *steps, rules=()):
    body = rulebook.body(*rules) | {"steps": list(steps)}
    return versions.save_draft(AREA, body, revision=None, by=admin, at=MONDAY)


def typed(**more):
    return {
        "name": "Terms are sound",
        "stage": "2",
        "need": "any",
        "asked0": "role:finance",
        "asked0_up_to_currency": "EUR",
        "asked0_up_to_amount": "",
        "asked1": "",
        "then0": "",
        "unit": "days",
        "revision": "",
        **more,
    }


def kept():
    return versions.draft_of(AREA).body["steps"]


def test_a_step_is_added_by_typing_and_starts_a_draft(page, steps):
    answer = page.post(f"{steps}new/", typed(looks_at=["value"], count="3", then0="role:executive"))

    assert answer.status_code == 302
    assert kept() == [
        {
            "key": "terms-are-sound",
            "name": "Terms are sound",
            "stage": 2,
            "need": "any",
            "asked": [{"role": "finance"}],
            "looks_at": ["value"],
            "within": {"count": 3, "unit": "days"},
            "then": [{"role": "executive"}],
        }
    ]
    text = " ".join(page.get(steps).text.split())
    assert "After 3 business days may decide too: Executive" in text
    assert "Asked again only if this changes: Value" in text
    assert "No rule asks for it yet." in text


def test_people_and_limits_are_kept_and_shown_again(page, steps, admin):
    person = build.member(Role.FINANCE, name="Tomas Reiter")
    limited = {"asked0_up_to_amount": "25000", "asked1": f"person:{person.user_id}", "asked2": "owner:"}

    page.post(f"{steps}new/", typed(**limited, need="number", needed="2"))

    limit = {"amount": "25000", "currency": "EUR"}
    owner = {"owner": True}
    assert kept()[0]["asked"] == [{"role": "finance", "up_to": limit}, {"person": str(person.user_id)}, owner]
    assert kept()[0]["need"] == 2
    text = " ".join(page.get(f"{steps}terms-are-sound/").text.split())
    assert f'value="person:{person.user_id}" selected' in text
    assert 'value="25,000.00"' in text
    assert "Tomas Reiter" in page.get(steps).text


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"stage": "0"}, "stage"),
        ({"asked0": ""}, "asked0"),
        ({"asked0": "role:nobody"}, "asked0"),
        ({"asked1": "role:finance"}, "asked0"),
        ({"asked0_up_to_amount": "100"}, "asked0"),
        ({"asked0_up_to_amount": "many"}, "asked0_up_to"),
        ({"need": "number"}, "needed"),
        ({"asked0": "owner:", "need": "number", "needed": "2"}, "needed"),
        ({"count": "2"}, "then0"),
        ({"then0": "role:executive"}, "then0"),
        ({"looks_at": ["weather"]}, "looks_at"),
    ],
)
def test_what_is_wrong_is_said_where_it_was_typed(page, steps, wrong, field):
    answer = page.post(f"{steps}new/", typed(**wrong))

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert versions.draft_of(AREA) is None


def test_rules_that_ask_for_what_is_not_there_are_named(page, steps, admin):
    drafted(admin, SALES, rules=[rule("Tenders", steps=["legal", "sales"])])

    text = " ".join(page.get(steps).text.split())

    assert "These rules ask for a step that is not there: Tenders" in text
    assert "Asked for by: Tenders" in text


def test_a_step_is_changed_and_removed(page, steps, admin):
    draft = drafted(admin, SALES)

    page.post(f"{steps}sales/", typed(name="Sales stands behind it", revision=draft.revision))
    assert [(step["key"], step["name"]) for step in kept()] == [("sales", "Sales stands behind it")]
    page.post(f"{steps}sales/removal/", {"revision": versions.draft_of(AREA).revision})

    assert kept() == []


def test_a_step_taken_out_is_put_back_where_it_was_once(page, steps, admin):
    others = [{**SALES, "key": "legal", "name": "Legal"}, {**SALES, "key": "last", "name": "Last"}]
    drafted(admin, others[0], SALES, others[1])
    page.post(f"{steps}sales/removal/", {"revision": versions.draft_of(AREA).revision})
    undo = steps.replace("/steps/", "/removed-step/restoration/")
    assert f'action="{undo}"' in page.get(steps).content.decode()

    for _ in range(2):
        page.post(undo, {"revision": versions.draft_of(AREA).revision})

    assert kept() == [others[0], SALES, others[1]]
    assert undo not in page.get(steps).content.decode()


def test_what_changed_meanwhile_is_not_overwritten_by_putting_a_step_back(page, steps, admin):
    draft = drafted(admin, SALES)
    page.post(f"{steps}sales/removal/", {"revision": draft.revision})

    page.post(steps.replace("/steps/", "/removed-step/restoration/"), {"revision": draft.revision})

    assert kept() == []


def test_whoever_was_slower_overwrites_nothing(page, steps, admin):
    draft = drafted(admin, SALES)
    versions.save_draft(AREA, draft.body, revision=draft.revision, by=admin, at=MONDAY)

    answer = page.post(f"{steps}sales/", typed(revision=draft.revision))

    assert answer.status_code == 422
    assert kept() == [SALES]


def test_what_cannot_be_read_is_shown_to_be_put_right(page, steps, admin):
    drafted(admin, {"key": "legal", "name": "Legal"}, {"name": 7, "asked": "x"})

    text = page.get(steps).text

    assert "A list belongs here." in text
    assert page.get(f"{steps}legal/").status_code == 200


def test_steps_are_for_administrators_and_areas_that_have_some(client, page, steps, vendor):
    assert page.get(f"/{vendor.slug}/rules/partners.program/steps/").status_code == 404
    assert page.get(f"{steps}nowhere/").status_code == 404
    client.force_login(build.manager().user, backend=BACKEND)
    assert client.get(steps).status_code == 403
