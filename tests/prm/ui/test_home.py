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


@pytest.mark.parametrize("role", list(Role))
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
