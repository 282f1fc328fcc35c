from datetime import UTC, datetime

import pytest
from django import forms
from django.http import QueryDict
from django.template import Context, Template

from prm.accounts.models import User
from prm.ui.lists import FilterForm, Listing

JOE, JIM = "Joe", "Jim"


class PeopleFilter(FilterForm):
    language = forms.MultipleChoiceField(label="Language", choices=[("en", "English"), ("de", "German")])
    name = forms.CharField(label="Name")

    lookups = {"language": "language__in"}

    def narrow_name(self, queryset, value):
        return queryset.filter(name__icontains=value)


class People(Listing):
    filters = PeopleFilter
    sorts = {"name": "name", "seen": "last_login"}
    first_sort = "name"


def people(query: str = "", rows=None) -> People:
    return People(QueryDict(query), User.objects.none() if rows is None else rows)


@pytest.fixture
def sixty(db):
    """Sixty people with three names; every other one was never seen."""
    for number in range(60):
        User.objects.create(
            email=f"{number}@example.com",
            name=(JOE, JIM, "Ann")[number % 3],
            last_login=datetime(2026, 1, 1 + number % 5, tzinfo=UTC) if number % 2 else None,
        )
    return User.objects.all()


def test_unknown_orders_and_sizes_fall_back():
    assert people("sort=password").sort == "name"
    assert people("size=7").size == 25


def test_sorting_turns_around_and_leaves_the_position():
    found = people("sort=name&after=abc&name=x")

    assert found.sort_url("name") == "?sort=-name&name=x"
    assert found.direction_of("name") == "ascending"
    assert found.direction_of("seen") == ""


def test_chips_say_filters_in_words_and_lead_to_the_list_without_them():
    found = people("language=en&language=de&name=x&before=abc")

    assert [(chip.label, chip.words, chip.remove_url) for chip in found.chips] == [
        ("Language", "English, German", "?name=x"),
        ("Name", "x", "?language=en&language=de"),
    ]


def test_a_mistaken_filter_is_ignored():
    assert people("language=klingon").chips == []


def test_a_view_remembers_everything_but_the_position():
    assert people("name=x&size=50&after=abc&language=").query == "name=x&size=50"


@pytest.mark.parametrize("sort", ["name", "-name", "seen", "-seen"])
def test_pages_show_every_row_once_and_lead_back(sixty, sort):
    pages, url = [], f"?sort={sort}"
    while url:
        found = people(url.removeprefix("?"), sixty)
        pages.append([row.pk for row in found.rows])
        url, last = found.next_url, found

    assert [len(page) for page in pages] == [25, 25, 10]
    assert len({pk for page in pages for pk in page}) == 60
    back = people(last.previous_url.removeprefix("?"), sixty)
    assert [row.pk for row in back.rows] == pages[1]
    first = people(back.previous_url.removeprefix("?"), sixty)
    assert [row.pk for row in first.rows] == pages[0]
    assert first.previous_url == ""


def test_those_never_seen_come_last_in_both_directions(sixty):
    for sort in ("seen", "-seen"):
        seen = [row.last_login is not None for row in people(f"sort={sort}&size=100", sixty).rows]
        assert seen == sorted(seen, reverse=True)


def test_a_bad_position_is_the_first_page(sixty):
    found = people("after=nonsense", sixty)

    assert [row.name for row in found.rows][:20] == ["Ann"] * 20
    assert found.previous_url == ""


def test_filters_narrow_the_rows_and_their_number(sixty):
    found = people("name=jo", sixty)

    assert {row.name for row in found.rows} == {JOE}
    assert (found.count.number, found.count.is_exact) == (20, True)


def test_counting_stops_at_its_limit(sixty, monkeypatch):
    monkeypatch.setattr("prm.ui.lists.COUNT_LIMIT", 50)

    assert (people("", sixty).count.number, people("", sixty).count.is_exact) == (50, False)


@pytest.mark.parametrize("query", ["", "name=jo", "sort=-seen&size=100"])
def test_a_list_costs_two_queries(sixty, django_assert_num_queries, query):
    template = Template("{% chips listing %}{% for row in listing.rows %}{{ row.name }}{% endfor %}{% pager listing %}")

    with django_assert_num_queries(2):
        template.render(Context({"listing": people(query, sixty)}))
