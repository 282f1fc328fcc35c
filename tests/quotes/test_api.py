"""What programs read of quotes."""

from __future__ import annotations

from decimal import Decimal

import pytest

from prm.accounts.roles import Role
from quotes.models import ResalePrice
from tests import build
from tests.prm.api.calling import program
from tests.quotes import build as quoting

pytestmark = pytest.mark.django_db
RESALE = "4711.13"


@pytest.fixture
def owner(vendor):
    return build.member(Role.PARTNER_ADMIN)


@pytest.fixture
def issued(owner):
    return quoting.issued(quoting.some(quoting.priced(6000), resale=RESALE), by=owner)


def test_a_quote_tells_its_prices_step_by_step_down_to_the_net(owner, issued):
    told = program(owner).get(f"quotes/{issued.quote_id}").json()
    line = told["lines"][0]

    assert (told["number"], told["revision"], told["status"]) == (issued.quote.number, 1, "issued")
    assert Decimal(told["net"]["amount"]) == issued.net_total
    assert Decimal(line["steps"][0]["unit_after"]) == Decimal(line["list_unit"]["amount"])
    assert Decimal(line["steps"][-1]["unit_after"]) == Decimal(line["net_unit"]["amount"])


def test_what_a_partner_asks_of_its_customer_is_told_to_no_program(owner, issued):
    assert ResalePrice.objects.filter(line__revision=issued).exists()

    for caller in (program(owner), program(build.member(Role.ADMIN))):
        assert RESALE not in caller.get(f"quotes/{issued.quote_id}").content.decode()


def test_a_draft_is_told_to_its_firm_only(owner):
    draft = quoting.quote(quoting.some(quoting.priced(6000)), by=owner)

    assert program(owner).get(f"quotes/{draft.quote_id}").status_code == 200
    assert program(build.member(Role.ADMIN)).get(f"quotes/{draft.quote_id}").status_code == 404
    assert program(build.member(Role.PARTNER_ADMIN)).get(f"quotes/{draft.quote_id}").status_code == 404


def test_a_list_has_each_quote_once(owner, issued):
    found = program(owner).get("quotes?status=issued").json()["items"]

    assert str(issued.quote_id) in [row["id"] for row in found]
    assert len({row["number"] for row in found}) == len(found)
