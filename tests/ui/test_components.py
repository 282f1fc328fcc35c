from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.template import Context, Template, TemplateSyntaxError
from django.template.loader import render_to_string

from prm.ui.states import State
from tests.ui.pages import NOW, euros


def render(source: str, **values: object) -> str:
    return Template(source).render(Context(values))


def test_a_badge_takes_a_code_an_object_or_words():
    assert 'data-tone="ok"' in render('{% badge "approved" %}')
    assert "Nearly" in render("{% badge state %}", state=State("warn", "warn", "Nearly"))
    assert "2 flags" in render('{% badge tone="warn" icon="warn" label="2 flags" %}')


def test_a_label_given_here_wins():
    assert "Paid on 3 Dec" in render('{% badge "paid" label="Paid on 3 Dec" %}')


def test_what_people_wrote_is_never_markup():
    html = render("{% panel title %}{{ text }}{% endpanel %}{% avatar title %}", title="<b>", text="<script>")

    assert "<script>" not in html
    assert "&lt;b&gt;" in html


def test_headings_of_a_page_have_different_ids():
    html = render('{% panel "A" %}{% endpanel %}{% panel "B" %}{% endpanel %}{% panel "C" id="c" %}{% endpanel %}')

    assert 'id="title-1"' in html
    assert 'id="title-2"' in html
    assert 'aria-labelledby="c-title"' in html


@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize(
    ("hours", "tone", "words"),
    [(-48, "bad", "Late since 22 Nov"), (5, "warn", "Today, 14:00"), (30, "info", "Tomorrow, 15:00")],
)
def test_a_clock_warns_on_the_last_day(hours, tone, words):
    html = render("{% clock due %}", due=NOW + timedelta(hours=hours))

    assert f'data-tone="{tone}"' in html
    assert words in html


def test_a_clock_without_a_promise_is_nothing():
    assert render("{% clock due %}", due=None).strip() == ""


@time_machine.travel(NOW, tick=False)
def test_time_left_says_and_draws_the_same():
    html = render(
        "{% time_left until since=since %}",
        until=(NOW + timedelta(days=9)).date(),
        since=(NOW - timedelta(days=81)).date(),
    )

    assert "9 days left, until 3 Dec" in html
    assert 'width="10.0"' in html
    assert 'data-tone="warn"' in html


@pytest.mark.parametrize(("value", "of", "width"), [(5, 10, "50.0"), (20, 10, "100.0"), (-5, 10, "0.0"), (5, 0, "0.0")])
def test_a_meter_never_leaves_its_bar(value, of, width):
    assert f'<rect width="{width}"' in render("{% meter value of=of %}", value=value, of=of)


def test_parts_of_a_meter_add_up_to_what_is_free():
    html = render(
        '{% meter_parts parts of=whole label="Funds" legend=True free="Free" %}',
        parts=[("Paid", euros("6200")), ("Approved", euros("3850"))],
        whole=euros("30000"),
    )

    assert 'class="m-2" x="62.0" width="38.5"' in html
    assert "€19,950" in html


def test_checks_show_problems_first():
    html = render("{% checks items %}", items=[{"tone": "ok", "title": "Fine"}, {"tone": "bad", "title": "Wrong"}])

    assert html.index("Wrong") < html.index("Fine")


def test_messages_become_toasts_also_out_of_band():
    request = SimpleNamespace(_messages=[Message(constants.SUCCESS, "Registration submitted")])

    assert 'class="toast"' in render("{% toasts %}", request=request)
    assert 'hx-swap-oob="beforeend:#toasts"' in render("{% toasts_oob %}", request=request)


def test_an_icon_tag_refuses_options_it_does_not_know():
    with pytest.raises(TemplateSyntaxError):
        Template('{% icon "home" big=True %}')


@pytest.mark.parametrize("page", ["400.html", "403.html", "404.html", "500.html", "403_csrf.html"])
def test_error_pages_need_no_context(page):
    html = render_to_string(page)

    assert html.count("<h1>") == 1
    assert 'href="/"' in html


def test_mail_has_a_text_and_an_html_side():
    facts = {
        "brand": {"name": "Halyard", "color": "#7a1f5c", "on_color": "#ffffff"},
        "action_url": "https://x.example/1",
        "action_label": "Open",
    }

    assert 'bgcolor="#7a1f5c"' in render_to_string("layouts/email.html", facts)
    assert "https://x.example/1" in render_to_string("layouts/email.txt", facts)
