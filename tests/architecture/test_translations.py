"""Everything we say is said in German, too. Texts are collected with Babel; no machine needs gettext for this."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date
from decimal import Decimal
from html import unescape
from itertools import pairwise

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from django.db import transaction
from django.test import Client
from django.utils import translation

from prm.money import Money
from prm.operations import translations
from prm.operations.places import PROJECT
from prm.ui import formats
from tests import build
from tests.architecture.test_routes import BACKEND, ROWS, ask, routes, set_stage

GERMAN = PROJECT / "locale/de/LC_MESSAGES/django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|\{\w+\}")
# Words that no German sentence has. Names and codes of the tests have none of them either.
ENGLISH = re.compile(r"\b(the|and|this|your|with|is|are|not|has|have|from|their|until|cannot)\b", re.IGNORECASE)
TAG = re.compile(r"<(script|style)\b.*?</\1>|<[^>]*>", re.DOTALL)
SPOKEN = re.compile(r"""\b(?:aria-label|title|placeholder|alt|data-(?:one|many))="([^"]*)\"""")


@pytest.fixture(scope="module")
def german() -> Catalog:
    with GERMAN.open("rb") as file:
        return read_po(file, locale="de", domain="django")


@pytest.fixture(scope="module")
def ours(german: Catalog) -> dict[tuple[str, str], list[str]]:
    """Our own sentences by their second and third word, which a page that says one has side by side."""
    found = defaultdict(list)
    for fragment in fragments(german):
        _first, second, third, *_rest = fragment.split()
        found[second, third].append(fragment)
    return found


def as_tuple(text):
    return (text,) if isinstance(text, str) else tuple(text)


def said(catalog):
    return [message for message in catalog if message.id]


def test_every_text_of_the_sources_is_in_the_catalog_and_no_other(german):
    found = {(message.context, message.id) for message in said(translations.template())}
    known = {(message.context, message.id) for message in said(german)}

    assert found - known == set(), "run 'make messages' and translate these"
    assert known - found == set(), "run 'make messages': these are no longer said"


def test_every_text_is_translated_and_no_translation_is_a_guess(german):
    assert [message.id for message in said(german) if not all(as_tuple(message.string))] == []
    assert [message.id for message in said(german) if message.fuzzy] == []


def test_a_translation_has_both_plurals_and_the_same_facts(german):
    assert german.num_plurals == 2
    wrong = []
    for message in said(german):
        ours, theirs = as_tuple(message.id), as_tuple(message.string)
        facts = [[sorted(set(PLACEHOLDER.findall(text))) for text in texts] for texts in (ours, theirs)]
        if facts[0] != facts[1]:
            wrong.append((message.id, message.string))

    assert wrong == []


def test_german_quotes_and_spaces_are_german(german):
    texts = [text for message in said(german) for text in as_tuple(message.string)]

    assert [text for text in texts if ("“" in text and "„" not in text) or '"' in text or "”" in text] == []
    assert [text for text in texts if text != text.strip() or "  " in text or "..." in text] == []


@pytest.mark.parametrize("actor", ["admin", "owner"])
def test_no_page_of_a_german_portal_says_anything_in_english(vendor, ours, actor):
    stage = set_stage(vendor)
    client = german_client(stage.actors[actor].user)
    pages = {}
    for route in routes("prm.urls_vendor"):
        if route.name in ROWS:
            pages |= {f"{method} {route.name}": ask(client, stage, route, method)[0] for method in ("get", "post")}

    assert len(pages) > 100
    assert english_on(pages, ours) == {}


def test_no_page_about_a_person_or_the_installation_says_anything_in_english(committed, ours):
    client = german_client(build.user(is_operator=True))
    assert english_on(pages_without_ids("prm.urls", client), ours) == {}


def test_no_page_for_strangers_says_anything_in_english(db, ours):
    pages = pages_without_ids("prm.urls", Client(headers={"accept-language": "de"}))

    assert "account_login" in pages
    assert english_on(pages, ours) == {}


def german_client(user):
    user.language = "de"
    user.save()
    client = Client(headers={"accept-language": "en"})
    client.force_login(user, backend=BACKEND)
    return client


def pages_without_ids(urlconf, client):
    pages = {}
    for route in routes(urlconf):
        if "<" not in route.pattern and "(?P" not in route.pattern:
            with transaction.atomic():
                pages[route.name] = client.get("/" + route.pattern.removeprefix("^").removesuffix("$"))
                transaction.set_rollback(True)
    return pages


def english_on(pages, ours):
    """Return what is English on each page: our own longer sentences, and words that no German sentence has."""
    wrong = {}
    for name, page in pages.items():
        if not page.headers.get("Content-Type", "").startswith("text/html") or page.streaming:
            continue
        html = page.content.decode()
        if 'lang="de"' not in html and "<html" in html:
            wrong[name] = "not in German at all"
            continue
        text = words_of(html)
        words = text.split()
        english = [fragment for pair in set(pairwise(words)) for fragment in ours.get(pair, ()) if fragment in text]
        english += [text[max(0, hit.start() - 30) : hit.end() + 30] for hit in ENGLISH.finditer(text)]
        if english:
            wrong[name] = english
    return wrong


def words_of(html):
    """Return what a person reads or hears of a page."""
    heard = " | ".join(SPOKEN.findall(html))
    return " ".join(unescape(TAG.sub(" | ", html) + " | " + heard).split())


def fragments(german):
    """Return the longest part without placeholders of each of our texts, if it has more than three words."""
    for message in said(german):
        for text in as_tuple(message.id):
            longest = max((part.strip() for part in PLACEHOLDER.split(text)), key=len)
            if len(longest.split()) > 3:
                yield longest


def test_days_money_and_percent_are_written_as_germans_do():
    with translation.override("de"):
        assert formats.day(date(2026, 12, 3), date(2026, 11, 24)) == "3. Dezember"
        assert formats.day(date(2027, 1, 3), date(2026, 11, 24), short=True) == "3. Jan. 2027"
        assert formats.days_left(date(2026, 11, 25), date(2026, 11, 24)) == "1 Tag bis 25. Nov."
        assert formats.money(Money(Decimal("184000.5"), "EUR")) == "184.000,50\xa0€"
        assert formats.percent(64) == "64\xa0%"
