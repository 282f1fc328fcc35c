"""Writing rules on screen: each click is a form, nothing typed is lost, and versions follow one another."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from deals.rules.terms import AREA, Terms
from prm.accounts.roles import Role
from prm.audit import words
from prm.events.models import Event
from prm.policies import versions
from prm.policies.areas import AREAS
from prm.policies.models import PolicyVersion
from prm.policies.screens import services
from prm.tenancy.models import Vendor
from prm.ui.widgets import Ordered
from tests import build
from tests.build import MONDAY
from tests.deals.rulebook import body, eur, every, publish, rule, some, when
from tests.prm.policies import trial

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
TODAY = MONDAY.date()
LARGE = rule("Large", when("value", "at_least", eur(25000)), decision="approve")
TENDERS = rule("Tenders", when("is_tender", "is", True), decision="person")


@pytest.fixture
def admin(vendor):
    return build.member(Role.ADMIN)


@pytest.fixture
def page(client, admin):
    client.force_login(admin.user, backend=BACKEND)
    with time_machine.travel(MONDAY, tick=False):
        yield client


def url(name, *args):
    return f"/{Vendor.objects.get().slug}{reverse(name, 'prm.urls_vendor', args=[AREA, *args])}"


def stored(key="large"):
    rules = versions.draft_of(AREA).body["rules"]["rules"]
    return next(one for one in rules if one["key"] == key)


def sent(page, key="large", *, do="save", **typed):
    """Send the form of a rule as it was last drawn, with what is typed; `__` stands for a dash."""
    shown = page.get(url("rule", key)).context
    fields = {"do": do, "revision": shown["revision"], "name": shown["rule"]["name"]}
    for form in [*_parts(shown["root"])]:
        fields |= {form.add_prefix(name): form.initial.get(name, "") for name in form.fields}
    for line in shown["given"]:
        fields |= {control.html_name: control.initial for control in line["controls"]}
    fields |= {name.replace("__", "-"): value for name, value in typed.items()}
    return page.post(url("rule", key), {name: "" if value is None else value for name, value in fields.items()})


def _parts(node):
    yield node["form"]
    for part in node["parts"]:
        yield from _parts(part)


def test_every_area_is_listed_with_its_versions_and_its_draft(page, vendor, admin):
    publish(LARGE, on=TODAY + timedelta(days=7))
    trial.draft(admin, LARGE)

    shown = page.get(f"/{vendor.slug}/rules/").content.decode()

    assert "Deal registration" in shown
    assert "from 30 November" in shown
    assert admin.user.name in shown


def test_rules_in_force_read_as_sentences(page):
    publish(LARGE)

    shown = page.get(url("rule-area")).content.decode()

    assert "<b>value</b> is at least €25,000" in shown
    assert "<b>Approve at once</b>" in shown


def test_a_rule_is_built_click_by_click_without_scripts(page):
    page.post(url("rule-new"), {"revision": ""})
    key = versions.draft_of(AREA).body["rules"]["rules"][0]["key"]

    sent(page, key, do="field:when")
    sent(page, key, do="refresh:when_0", when_0__subject="value")
    sent(page, key, do="group:when", **{"when_0__is": "at_least", "when_0__value": "25,000"})
    sent(page, key, do="field:when_1", **{"when_1__junction": "any", "when_0__value-currency": "EUR"})
    sent(page, key, do="field:when_1", when_1_0__subject="is_tender")
    sent(page, key, do="refresh:when_1_1", when_1_0__value="yes", when_1_1__subject="type")
    answer = sent(page, key, when_1_1__value="resale", then__decision="approve", name="Large")

    assert answer.status_code == 302, [stored(key)["when"], AREAS[AREA].problems(versions.draft_of(AREA).body)]
    found = stored(key)
    assert found["name"] == "Large"
    assert found["when"] == every(
        when("value", "at_least", eur(25000)), some(when("is_tender", "is", True), when("type", "is", "resale"))
    )
    assert found["then"] == {"decision": "approve"}
    assert not AREAS[AREA].problems(versions.draft_of(AREA).body)


def test_totals_and_collections_have_controls_of_their_own(page, admin):
    trial.draft(admin, rule("Large", decision="approve"))

    sent(page, do="total:when")
    sent(page, do="refresh:when_0", when_0__subject="registrations", when_0__window="rolling_months")
    sent(page, do="each:when", when_0__length="6", when_0__value="3", when_0__is="over")
    sent(page, do="field:when_1_0", when_1__in="lines")
    sent(page, do="refresh:when_1_0_0", when_1_0_0__subject="quantity")
    answer = sent(page, when_1_0_0__is="at_least", when_1_0_0__value="5")

    assert answer.status_code == 302
    window = {"kind": "rolling_months", "length": 6}
    assert stored()["when"] == every(
        {"total": "registrations", "how": "count", "window": window, "is": "over", "value": "3"},
        {"in": "lines", "any": when("quantity", "at_least", "5")},
    )


def test_what_cannot_be_read_is_kept_and_said_beside_its_control(page, admin):
    trial.draft(admin, LARGE)

    answer = sent(page, when_0__value="a lot")

    assert answer.status_code == 422
    assert "a lot" in answer.content.decode()
    assert answer.context["root"]["parts"][0]["problems"]
    assert stored()["when"]["value"]["amount"] == "a lot"
    assert "Publish</a>" not in page.get(url("rule-draft")).content.decode()


def test_of_two_administrators_the_slower_one_keeps_what_was_typed(page, admin):
    trial.draft(admin, LARGE, TENDERS)
    page.get(url("rule", "large"))

    stale = {"revision": "0", "name": "Huge", "do": "save", "when-node": "group", "when-junction": "all"}
    answer = page.post(url("rule", "large"), stale)

    assert answer.status_code == 422
    assert "Huge" in answer.content.decode()
    assert stored()["name"] == "Large"
    assert answer.context["revision"] == 1

    page.post(url("rule", "large"), stale | {"revision": "1"})
    assert stored()["name"] == "Huge"
    assert stored("tenders")["name"] == "Tenders"


def test_a_removed_rule_comes_back_where_it_was(page, admin):
    trial.draft(admin, LARGE, TENDERS)

    page.post(url("rule-order", "large"), {"revision": "1", "do": "remove"})
    assert [one["key"] for one in versions.draft_of(AREA).body["rules"]["rules"]] == ["tenders"]
    page.post(url("rule-restoration"), {"revision": "2"})

    assert [one["key"] for one in versions.draft_of(AREA).body["rules"]["rules"]] == ["large", "tenders"]


def test_rules_are_moved_and_copied(page, admin):
    trial.draft(admin, LARGE, TENDERS)

    page.post(url("rule-order", "large"), {"revision": "1", "do": "down"})
    page.post(url("rule-order", "large"), {"revision": "2", "do": "copy"})

    names = [one["name"] for one in versions.draft_of(AREA).body["rules"]["rules"]]
    assert names == ["Tenders", "Large", "Large (copy)"]


def test_findings_stand_beside_their_rule(page, admin):
    always = rule("Everything", decision="person")
    trial.draft(admin, always, LARGE)

    lines = page.get(url("rule-draft")).context["told"].lines

    assert "never reached" in lines[1].findings[0][0]


def test_a_version_about_what_is_gone_is_shown_and_does_not_break(page):
    gone = rule("Gone", when("colour", "is", "red"), decision="approve")
    versions.publish(AREA, body(gone, LARGE), effective_on=TODAY, at=MONDAY)
    number = versions.latest_number(AREA)

    shown = page.get(url("rule-version", number)).content.decode()

    assert "There is no field “colour”." in shown
    assert "is at least €25,000" in shown
    assert page.get(url("rule-comparison"), {"from": 1, "to": number}).status_code == 200
    page.post(url("rule-version-draft", number))
    assert "colour" in page.get(url("rule", "gone")).content.decode()
    sent(page, "gone", when_0__subject="is_tender", when_0__value="no", do="refresh:when_0")
    assert stored("gone")["when"]["field"] == "is_tender"


@pytest.mark.parametrize(
    "condition",
    [
        {"all": "x"},
        "x",
        [],
        {"any": [{"none": [{}]}]},
        {"all": []},
        {"field": ["x"], "is": 3},
        {"total": "x", "how": {}},
    ],
)
def test_strange_conditions_in_a_draft_open_and_save(page, admin, condition):
    trial.draft(admin, rule("Large", decision="approve") | {"when": condition})

    assert page.get(url("rule-draft")).status_code == 200
    assert sent(page).status_code in (302, 422)


def test_more_parts_than_anybody_types_are_refused(page, admin):
    trial.draft(admin, LARGE)
    parts = {f"when_{number}-node": "field" for number in range(11_000)}

    answer = page.post(url("rule", "large"), {"revision": "1", "when-node": "group", **parts})

    assert answer.status_code == 400
    assert stored()["when"] == LARGE["when"]


def test_the_draft_is_published_from_a_day_on_and_older_records_keep_theirs(page, admin):
    trial.draft(admin, LARGE)
    monday = TODAY + timedelta(days=7)

    late = page.post(url("rule-publication"), {"effective_on": "2020-01-01", "revision": "1"})
    assert late.status_code == 422
    assert "in the past" in late.content.decode()
    answer = page.post(url("rule-publication"), {"effective_on": monday.isoformat(), "revision": "1"})

    assert answer.status_code == 302
    assert versions.draft_of(AREA) is None
    assert versions.in_force(AREA, TODAY).body != body(LARGE)
    assert versions.in_force(AREA, monday).body["rules"]["rules"] == [LARGE]
    event = Event.objects.get(name="prm.rules.published")
    assert "Deal registration" in words.sentence(event)


def test_what_is_to_be_looked_at_again_is_said_before_it_is_published(page, admin):
    never = every(when("value", "at_least", eur(9)), when("value", "under", eur(5)))
    trial.draft(admin, LARGE, rule("Never", decision="refuse", reason="other") | {"when": never})

    shown = page.get(url("rule-publication"))

    assert any("Never" in said for said in shown.context["warnings"])
    assert "Look at this again before you publish" in shown.content.decode()


def test_a_scheduled_version_is_taken_back_before_its_day_only(page, admin):
    made = publish(LARGE, on=TODAY + timedelta(days=1))

    with pytest.raises(services.InForce):
        services.recall(made, today=TODAY + timedelta(days=1), by=admin, at=MONDAY)
    page.post(url("rule-version-recall", made.number))

    assert not PolicyVersion.objects.filter(pk=made.pk).exists()


def test_the_number_of_a_version_that_was_taken_back_is_never_used_again(page, vendor):
    day = TODAY + timedelta(days=1)
    made = versions.publish(AREA, body(LARGE), effective_on=day, at=MONDAY)
    page.post(url("rule-version-recall", made.number))

    again = versions.publish(AREA, body(LARGE), effective_on=day, at=MONDAY)
    page.post(url("rule-version-recall", again.number))
    third = versions.publish(AREA, body(TENDERS), effective_on=day, at=MONDAY)

    assert [again.number, third.number] == [made.number + 1, made.number + 2]


def test_what_holds_otherwise_is_changed_in_the_draft(page, admin):
    trial.draft(admin, LARGE)
    form = page.get(url("rule-following")).context["form"]
    typed = {name: form[name].initial for name in form.fields} | {"revision": "1", "default-decision": "approve"}

    answer = page.post(url("rule-following"), typed | {"mode": "all"})

    assert answer.status_code == 302
    rules = versions.draft_of(AREA).body["rules"]
    assert rules["mode"] == "all"
    assert rules["default"] == {"decision": "approve"}


def test_terms_are_changed_in_the_same_draft_and_told_apart_from_those_in_force(page, admin):
    trial.draft(admin, LARGE)
    typed = terms_as_shown(page)

    wrong = page.post(url("rule-terms"), typed | {"protection_days": "0", "reminder_days": "14, x"})
    assert wrong.status_code == 422
    assert set(wrong.context["form"].errors) == {"protection_days", "reminder_days"}
    right = {"protection_days": "120", "reminder_days": "7, 14,1, 7", "discloses_end": ""}
    answer = page.post(url("rule-terms"), typed | right)

    assert answer.status_code == 302
    kept = versions.draft_of(AREA).body
    assert (kept["protection_days"], kept["reminder_days"], kept["discloses_end"]) == (120, [14, 7, 1], False)
    assert kept["rules"]["rules"] == [LARGE]
    assert not AREAS[AREA].problems(kept)
    shown = page.get(url("rule-publication")).content.decode()
    assert "Protection: now 120 days, before 90 days." in shown
    assert "Reminders before the end: now 14, 7, and 1, before 30, 14, 7, and 1." in shown
    assert "Partners see until when it is protected: now no, before yes." in shown


def test_of_two_who_change_terms_the_slower_one_is_told(page, admin):
    trial.draft(admin, LARGE)
    typed = terms_as_shown(page)
    trial.draft(admin, TENDERS)

    answer = page.post(url("rule-terms"), typed | {"protection_days": "120"})

    assert answer.status_code == 422
    assert "Not saved yet" in answer.content.decode()
    assert versions.draft_of(AREA).body["protection_days"] == 90


def terms_as_shown(page):
    """What the form of the terms sends if nothing is typed."""
    shown = page.get(url("rule-terms")).context
    sent = {"revision": shown["revision"]}
    for field in shown["form"]:
        is_order = isinstance(field.field.widget, Ordered)
        parts = {f"{field.html_name}_{n}": one for n, one in enumerate(field.value())} if is_order else None
        sent |= parts or {field.html_name: field.value()}
    return sent


def test_every_term_of_registrations_can_be_changed_and_keeps_its_limits(page):
    terms = {term.name: term for term in AREAS[AREA].terms}

    assert terms.keys() == Terms().body().keys()
    for term in terms.values():
        assert term.of({}) == Terms().body()[term.name]
        for value in (term.least - 1, term.most + 1) if term.most else ():
            wrong = [value] if term.is_list else value
            assert [found.path for found in AREAS[AREA].problems(body() | {term.name: wrong})]


def test_a_value_does_not_stay_where_another_field_cannot_have_it(page, admin):
    trial.draft(admin, rule("Large", when("type", "is", "resale"), decision="approve"))

    sent(page, do="refresh:when_0", when_0__subject="stage")

    assert stored()["when"] == when("stage", "is", "")
    assert "Something is missing here." in page.get(url("rule-draft")).content.decode()


def test_a_manager_does_not_see_them(client, vendor):
    client.force_login(build.manager().user, backend=BACKEND)

    assert client.get(url("rule-area")).status_code in (403, 404)


def test_another_draft_is_not_replaced_by_an_older_version(admin):
    made = publish(LARGE, on=date(2026, 2, 1))
    trial.draft(admin, TENDERS)

    with pytest.raises(services.DraftIsOpen):
        services.go_back_to(made, by=admin, at=MONDAY)
