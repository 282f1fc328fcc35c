"""How many statements a page asks of the database, whatever the number of its rows.

A statement is one round trip as Django captures it, the settings of tenancy included. What begins and ends transactions
and savepoints is not counted; nothing else is left out. Everything is committed, as it is in production.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mdf.models import Claim, FundRequest
from prm.accounts.models import Membership
from prm.accounts.roles import Role
from prm.tenancy.context import as_system
from quotes.models import Order, Quote
from tests import build
from tests.conftest import empty_all_tables
from tests.journeys.worlds import Scene, deals_in_every_state

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
UNCOUNTED = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")

# By page: who looks, and how many statements it may take. A limit is what was reached; it only goes down,
# unless a page shows what it did not show before.
LISTS = {
    "deals/?view=all": ("owner manager", 12),  # with the vendor's own types, and what went to other partners
    "deals/?view=all&review=approved&partner={partner}": ("manager", 11),
    "quotes/?view=all": ("owner manager", 9),
    "orders/?view=all": ("owner manager", 10),
    "funds/requests/?view=all": ("owner manager", 9),
    "claims/?view=all": ("owner manager", 9),
    "partners/": ("manager", 9),
    "applications/": ("manager", 9),
    "agreements/": ("manager", 9),
    "certificates/": ("manager", 9),
    "standings/": ("manager", 9),
    "search/?q=nordhavn": ("owner manager", 20),
}
INBOXES = {
    "deals/to-decide/?view=team": ("manager", 34),  # with changes, whose turn it is and the vendor's own types
    "funds/requests/to-decide/?view=team": ("manager", 37),
    "claims/to-decide/?view=team": ("manager finance", 34),
    "quotes/to-approve/?view=team": ("manager", 40),
    "applications/to-decide/?view=team": ("manager", 24),
}
DETAILS = {
    "deals/{deal}/": ("owner manager", 23),  # with changes, a transfer and the vendor's own types
    "quotes/{quote}/": ("owner manager", 34),
    "orders/{order}/": ("owner manager", 12),
    "funds/requests/{request}/": ("owner manager", 20),
    "claims/{claim}/": ("owner manager", 29),
    "partners/{partner}/": ("manager", 23),
}
HOMES = {"admin": 31, "manager": 29, "finance": 25, "executive": 20, "owner": 34, "seller": 24, "marketing": 28}


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: Any) -> Iterator[Scene]:
    with django_db_blocker.unblock():
        try:
            yield Scene("http://testserver")
        finally:
            empty_all_tables()


@pytest.fixture(scope="module")
def people(scene: Scene) -> dict[str, Membership]:
    with as_system(scene.vendor.pk):
        others = {"executive": build.member(Role.EXECUTIVE)}
        others["marketing"] = build.member(Role.PARTNER_MARKETING, of=scene.partner)
    known = {name: getattr(scene, name) for name in ("admin", "manager", "finance", "owner", "seller")}
    return known | others


@pytest.fixture(scope="module")
def ids(scene: Scene) -> dict[str, Any]:
    with as_system(scene.vendor.pk):
        own = {"partner": scene.partner.pk}
        return {
            "partner": scene.partner.pk,
            "deal": scene.deals[4].pk,
            "quote": Quote.objects.filter(**own, revisions__status="issued").first().pk,
            "order": Order.objects.filter(**own).first().pk,
            "request": FundRequest.objects.filter(**own, status="approved").first().pk,
            "claim": Claim.objects.filter(**own, status="submitted").first().pk,
        }


def statements(member: Membership, url: str) -> int:
    """Return how many statements somebody's page takes, once what is made at a first visit is there."""
    client = Client()
    client.force_login(member.user, backend=BACKEND)
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200, url
    return len([query for query in captured if not query["sql"].startswith(UNCOUNTED)])


@pytest.mark.parametrize("pages", [LISTS, INBOXES, DETAILS], ids=["lists", "inboxes", "details"])
def test_a_page_takes_no_more_statements_than_it_may_however_many_rows(scene, people, ids, pages):
    taken = lambda: {  # noqa: E731
        (page, who): statements(people[who], f"/{scene.vendor.slug}/{page.format(**ids)}")
        for page, (readers, _limit) in pages.items()
        for who in readers.split()
    }
    few = taken()
    add_rows(scene)

    assert {key: number for key, number in few.items() if number > pages[key[0]][1]} == {}
    assert taken() == few


@pytest.mark.parametrize("who", HOMES)
def test_a_first_page_takes_no_more_statements_than_it_may(scene, people, who):
    assert statements(people[who], f"/{scene.vendor.slug}/") <= HOMES[who]


def add_rows(scene: Scene) -> None:
    with as_system(scene.vendor.pk):
        deals_in_every_state(scene.owner, scene.manager, timezone.now())
