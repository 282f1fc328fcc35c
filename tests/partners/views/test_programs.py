import json
import re
from datetime import timedelta
from html import unescape

import pytest

from partners.enums import Metric
from partners.models import Outlook, Preview, Tier, TierMembership
from partners.rules.programs import AREA, ProgramTerms
from partners.services import evaluation, programs
from prm.accounts.roles import Role
from prm.policies import versions
from prm.policies.models import PolicyVersion
from tests import build
from tests.build import MONDAY
from tests.partners.programs import need, program, terms, tier
from tests.prm.ui.test_shell import sign_in


@pytest.fixture
def portal(vendor):
    return f"/{vendor.slug}/program/"


@pytest.fixture
def admin(vendor):
    return sign_in(build.member(Role.ADMIN))


def in_draft():
    return versions.draft_of(AREA).body


def typed(tier_body, **more):
    """What a browser sends of a tier's page that was only looked at."""
    given = tier_body["benefits"]
    fields = {
        "tier-name": tier_body["name"],
        **{f"tier-{name}": given[name] or "" for name in given},
    }
    return fields | more


@pytest.fixture
def gold(vendor):
    """The programme of a test, and the page of its highest tier in a draft."""
    program(terms=terms(tier("Silver", 1), tier("Gold", 2, need(Metric.REVENUE, 100))))
    return Tier.objects.get(name="Gold", is_offered=True)


def test_a_new_vendor_starts_with_three_tiers_in_its_language(db):
    from prm.accounts.vendors import open_portal
    from prm.tenancy.context import as_system

    with as_system(open_portal("neu", "Neu", language="de", currency="CHF", at=MONDAY).pk):
        programs.prepare(MONDAY)

        assert [row.name for row in Tier.objects.order_by("rank")] == ["Registriert", "Silber", "Gold"]
        assert PolicyVersion.objects.filter(area=AREA).count() == 1


def test_the_program_shows_each_tier_with_what_it_asks_and_gives(portal, admin, gold):
    page = admin.get(portal).content.decode()

    assert "At least €100 revenue in the last 12 months" in page
    assert "Version 2" in page
    assert "Change the program" in page
    assert "Change the program" not in sign_in(build.manager()).get(portal).content.decode()


def test_a_tier_is_added_named_and_asked_for_without_scripts(portal, admin, gold):
    answer = admin.post(f"{portal}draft/tiers/", {"revision": ""})
    page = answer.headers["Location"]
    made = in_draft()["tiers"][-1]

    admin.post(page, typed(made, revision="1", do=f"need:{made['requirement']['id']}", **{"tier-name": "Platinum"}))
    part = in_draft()["tiers"][-1]["requirement"]["parts"][0]
    values = {
        f"{part['id']}-metric": "won_deals",
        f"{part['id']}-target": "3",
        f"{part['id']}-window": "rolling_months",
    }
    saved = admin.post(
        page,
        typed(made, revision="2", **{"tier-name": "Platinum", "tier-discount_percent": "30"}, **values)
        | {f"{part['id']}-length": "6"},
    )

    assert saved.status_code == 302
    kept = ProgramTerms.from_body(in_draft()).ranked[-1]
    assert (kept.name, kept.rank, kept.benefits.discount_percent) == ("Platinum", 3, 30)
    (asked,) = kept.requirement.parts
    assert (asked.metric, asked.target, asked.window.length) == (Metric.WON_DEALS, 3, 6)


def test_what_cannot_be_read_is_kept_and_said_beside_its_control(portal, admin, gold):
    page = f"{portal}draft/tiers/{gold.pk}/"
    kept = PolicyVersion.objects.get(area=AREA, number=2).body["tiers"][1]
    part = kept["requirement"]["parts"][0]["id"]

    answer = admin.post(
        page, typed(kept, revision="", **{f"{part}-target": "lots", "tier-discount_percent": "130", "tier-name": ""})
    )
    html = answer.content.decode()

    assert answer.status_code == 422
    assert 'value="lots"' in html
    assert "Write a number above zero." in html
    assert "A percentage from 0 to 100." in html
    assert f'aria-describedby="{part}-target-error"' in html
    overview = admin.get(f"{portal}draft/").content.decode()
    assert "3 things are to be put right" in overview
    assert "Publish" not in overview


def test_two_administrators_do_not_overwrite_each_other_unnoticed(portal, admin, gold):
    page = f"{portal}draft/tiers/{gold.pk}/"
    kept = PolicyVersion.objects.get(area=AREA, number=2).body["tiers"][1]
    admin.post(page, typed(kept, revision="", **{"tier-name": "Gold star"}))

    late = sign_in(build.member(Role.ADMIN)).post(page, typed(kept, revision="", **{"tier-name": "Golden"}))

    assert late.status_code == 422
    assert 'value="Golden"' in late.content.decode()
    assert in_draft()["tiers"][1]["name"] == "Gold star"


def test_a_higher_tier_that_is_easier_than_a_lower_one_is_pointed_out(portal, admin, vendor):
    program(terms=terms(tier("Silver", 1, need(Metric.REVENUE, 500)), tier("Gold", 2, need(Metric.REVENUE, 100))))

    page = admin.get(f"{portal}draft/").content.decode()

    assert "Gold can be reached without everything that Silver asks." in page


def drafted(admin, body):
    return programs.save_draft(body, revision=None, by=build.member(Role.ADMIN), at=MONDAY)


def test_the_preview_says_who_would_move_and_because_of_what_and_changes_nothing(portal, admin, gold):
    firm = build.partner("Northlight")
    evaluation.evaluate(firm, at=MONDAY)
    body = PolicyVersion.objects.get(area=AREA, number=2).body
    body["tiers"][1]["requirement"]["parts"] = []
    drafted(admin, body)

    page = admin.post(f"{portal}previews/", follow=True).content.decode()

    assert "One partner would move" in page
    assert "rises from Silver to Gold" in page
    assert TierMembership.objects.get(partner=firm).tier.name == "Silver"
    assert Preview.objects.get().status == "done"


def test_publishing_takes_a_day_from_today_on_and_says_what_changes(portal, admin, gold):
    body = json.loads(json.dumps(PolicyVersion.objects.get(area=AREA, number=2).body))
    body["tiers"][1]["requirement"]["parts"][0]["target"] = "250"
    drafted(admin, body)
    url = f"{portal}draft/publication/"
    shown = admin.get(url)
    today = shown.context["form"].initial["effective_on"]

    assert "Asks now: At least €250 revenue in the last 12 months" in shown.content.decode()
    past = admin.post(url, {"effective_on": (today - timedelta(days=1)).isoformat(), "revision": "1"})
    assert past.status_code == 422
    assert "effective_on" in past.context["form"].errors

    assert admin.post(url, {"effective_on": today.isoformat(), "revision": "1"}).status_code == 302
    assert versions.draft_of(AREA) is None
    assert PolicyVersion.objects.filter(area=AREA).latest("number").number == 3
    assert "before: At least €100" in admin.get(f"{portal}versions/3/").content.decode()


def test_a_stale_page_publishes_nothing(portal, admin, gold):
    drafted(admin, PolicyVersion.objects.get(area=AREA, number=2).body)
    url = f"{portal}draft/publication/"
    today = admin.get(url).context["form"].initial["effective_on"]

    answer = admin.post(url, {"effective_on": today.isoformat(), "revision": "7"})

    assert answer.status_code == 422
    assert PolicyVersion.objects.filter(area=AREA).count() == 2


def test_everybody_is_evaluated_on_demand(vendor, admin, gold):
    firms = [build.partner(), build.partner()]

    page = admin.post(f"/{vendor.slug}/standings/evaluation/", follow=True).content.decode()

    assert "2 partners evaluated, 2 moved" in page
    assert Outlook.objects.filter(partner__in=firms, outcome="safe").count() == 2


def test_terms_are_kept_with_dated_rates(portal, admin, gold):
    page = f"{portal}draft/terms/"
    sent = {
        "terms-name": "Compass",
        "terms-currency": "EUR",
        "terms-promotion": "proposed",
        "terms-review_months": "6",
        "terms-review_from": "2",
        "terms-grace_days": "30",
        "terms-warning_days": "45",
        "rate-0-currency": "USD",
        "rate-0-rate": "0.92",
        "rate-0-starts_on": "2026-01-01",
    }

    assert admin.post(page, {**sent, "revision": ""}).status_code == 302
    kept = ProgramTerms.from_body(in_draft())
    assert (kept.name, kept.promotion, kept.review_months, kept.grace_days) == ("Compass", "proposed", 6, 30)
    assert [(rate.currency, str(rate.rate)) for rate in kept.rates] == [("USD", "0.92")]
    refused = admin.post(page, {**sent, "revision": "1", "terms-grace_days": "soon"})
    assert refused.status_code == 422
    assert "Write a whole number from 0 to 366." in refused.content.decode()


def test_a_choice_changes_its_row_at_once_and_without_scripts_there_is_a_button(portal, admin, gold):
    page = f"{portal}draft/tiers/{gold.pk}/"
    answer = admin.get(page).content.decode()
    assert "<noscript><button" in answer
    found = re.search(r'<select name="(\w+)-metric"[^>]*hx-post=""[^>]*hx-vals="([^"]+)"', answer)
    assert found
    part, asked = found[1], json.loads(unescape(found[2]))
    assert asked == {"do": f"refresh:{part}"}

    body = {"revision": "", f"{part}-metric": Metric.CONFIRMED, **asked}
    changed = admin.post(page, body, headers={"HX-Request": "true"}).content.decode()

    assert changed.lstrip().startswith("<form")
    assert f'name="{part}-label"' in changed
    assert f'name="{part}-window"' not in changed
    assert "data-focus" not in changed, "the control that was changed keeps the focus"
