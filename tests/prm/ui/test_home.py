from datetime import timedelta

import pytest
from django.utils import translation

from prm.accounts.roles import Role
from prm.ui import home, navigation
from tests import build
from tests.prm.ui.test_shell import sign_in


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (0, "Nothing needs you today"),
        (1, "One thing needs you today"),
        (3, "Three things need you today"),
        (12, "Twelve things need you today"),
        (13, "13 things need you today"),
    ],
)
def test_the_title_says_how_much_waits(number, sentence):
    with translation.override("en"):
        assert home.situation(number) == sentence


@pytest.mark.parametrize("role", [role for role in Role if role != Role.EXECUTIVE])
def test_everybody_has_a_first_page(vendor, role):
    response = sign_in(build.member(role)).get(f"/{vendor.slug}/")

    assert response.status_code == 200
    assert "Nothing needs you today" in response.content.decode()


def test_what_the_apps_declare_is_shown(vendor, monkeypatch):
    row = {"tone": "warn", "icon": "warn", "title": "A <thing>", "text": "Soon", "url": "/x", "action": "Do it"}
    monkeypatch.setattr(navigation, "ATTENTION", [lambda visit: [row]])
    monkeypatch.setattr(navigation, "FIGURES", [lambda visit: [{"label": "Deals", "figure": "14", "note": "open"}]])

    page = sign_in(build.manager()).get(f"/{vendor.slug}/").content.decode()

    assert "One thing needs you today" in page
    assert "A &lt;thing&gt;" in page
    assert "<dt>Deals</dt>" in page


def test_a_stranger_is_told_that_nothing_is_here(vendor):
    other = build.vendor()
    stranger = build.manager()

    assert sign_in(stranger).get(f"/{other.slug}/").status_code == 404


# -- the order of the queue, the figures and the steps


def row(title, tone="", at=None):
    return {"tone": tone, "icon": "warn", "title": title, "text": "", "url": "/x", "action": "Do it", "at": at}


def test_the_most_urgent_comes_first_and_of_those_what_is_due_first(vendor, monkeypatch):
    monday = build.MONDAY
    rows = [
        row("no date"),
        row("tomorrow", "warn", monday.date() + timedelta(days=1)),
        row("tonight", "warn", monday.date()),
        row("now", "warn", monday),
        row("late", "bad"),
    ]
    monkeypatch.setattr(navigation, "ATTENTION", [lambda visit: rows])

    page = sign_in(build.manager()).get(f"/{vendor.slug}/").content.decode()

    found = sorted((page.index(f"<b>{entry['title']}</b>"), entry["title"]) for entry in rows)
    assert [title for _at, title in found] == ["late", "now", "tonight", "tomorrow", "no date"]


def figure(number, **more):
    return {"label": f"Figure {number}", "figure": str(number), "note": "", **more}


@pytest.mark.parametrize(("role", "shown"), [(Role.CHANNEL_MANAGER, 4), (Role.EXECUTIVE, 8)])
def test_a_page_shows_four_figures_and_that_of_an_executive_eight(vendor, monkeypatch, role, shown):
    figures = [figure(number, order=number) for number in range(10, 0, -1)]
    monkeypatch.setattr(navigation, "FIGURES", [lambda visit: figures])

    page = sign_in(build.member(role)).get(f"/{vendor.slug}/").content.decode()

    assert [number for number in range(1, 11) if f"<dt>Figure {number}</dt>" in page] == list(range(1, shown + 1))


def test_an_executive_reads_and_is_told_of_nothing_to_do(vendor):
    page = sign_in(build.member(Role.EXECUTIVE)).get(f"/{vendor.slug}/").content.decode()

    assert f"{vendor.name} at a glance" in page


def test_a_new_vendors_administrator_sees_what_is_still_to_set_up(vendor):
    admin = build.member(Role.ADMIN)

    page = sign_in(admin).get(f"/{vendor.slug}/").content.decode()

    assert "Make your portal ready" in page
    assert f'href="/{vendor.slug}/brand/"' in page


def test_a_step_that_is_done_stays_visible_until_all_are(vendor, monkeypatch):
    steps = [{"title": f"Step {n}", "detail": "", "url": "/x", "done": n == 1, "order": n} for n in (1, 2)]
    monkeypatch.setattr(navigation, "SETUP_STEPS", [lambda visit, step=step: step for step in steps])
    client, home_page = sign_in(build.member(Role.ADMIN)), f"/{vendor.slug}/"
    open_page = client.get(home_page).content.decode()

    steps[1]["done"] = True
    done_page = client.get(home_page).content.decode()

    assert "data-done" in open_page
    assert 'aria-current="step"' in open_page
    assert "Make your portal ready" not in done_page


@pytest.mark.parametrize("role", [Role.CHANNEL_MANAGER, Role.FINANCE, Role.PARTNER_ADMIN])
def test_whoever_cannot_set_up_is_not_asked_to(vendor, role):
    assert "Make your portal ready" not in sign_in(build.member(role)).get(f"/{vendor.slug}/").content.decode()
