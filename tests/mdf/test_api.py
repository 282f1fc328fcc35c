"""What programs read of marketing funds."""

from __future__ import annotations

from decimal import Decimal

import pytest

from mdf.services import claim_decisions
from prm.accounts.roles import Role
from tests import build
from tests.mdf import build as mdf
from tests.mdf import claim_build
from tests.mdf.claim_build import AFTER, eur
from tests.prm.api.calling import program
from tests.prm.custom_fields import asking

pytestmark = pytest.mark.django_db


@pytest.fixture
def finance(vendor):
    return program(build.member(Role.ADMIN), Role.FINANCE)


def test_a_request_tells_what_was_planned_asked_and_given(finance):
    request = mdf.approved()

    told = finance.get(f"fund-requests/{request.pk}").json()

    assert told["status"] == "approved"
    assert told["approved"] == {"amount": f"{request.approved_amount:.2f}", "currency": request.currency}
    assert sum(Decimal(line["asked"]["amount"]) for line in told["lines"]) == request.asked_amount


def test_a_claim_tells_its_invoices_and_what_was_paid(finance):
    claim = claim_build.paid()

    told = finance.get(f"claims/{claim.pk}").json()

    assert (told["status"], told["request_id"]) == ("paid", str(claim.request_id))
    assert Decimal(told["paid"]["amount"]) == claim.paid_amount
    assert len(told["lines"]) == claim.lines.count()


def test_another_partners_program_finds_neither(finance):
    request, claim = mdf.submitted(), claim_build.submitted()
    other = program(build.member(Role.PARTNER_ADMIN))

    assert other.get("fund-requests").json()["items"] == other.get("claims").json()["items"] == []
    assert other.get(f"fund-requests/{request.pk}").status_code == 404
    assert other.get(f"claims/{claim.pk}").status_code == 404


@pytest.mark.parametrize(("of", "make"), [("mdf.request", mdf.submitted), ("mdf.claim", claim_build.submitted)])
def test_own_fields_of_both_are_changed_by_the_vendors_program(finance, of, make):
    asking.ask("Campaign", of=of)
    address = f"{'claims' if of == 'mdf.claim' else 'fund-requests'}/{make().pk}"

    answer = finance.patch(address, {"custom": {"campaign": "Spring"}})

    assert answer.status_code == 200, answer.content
    assert finance.get(address).json()["custom"] == {"campaign": "Spring"}


def test_what_somebody_thinks_of_giving_is_told_to_no_partners_program(vendor, finance):
    claim = claim_build.submitted()
    line = claim.lines.first()
    claim_decisions.judge_line(line, eur(0), reason_code="other", by=build.manager(), at=AFTER)
    partner = program(claim_build.owner_of(claim))

    def told(to):
        lines = to.get(f"claims/{claim.pk}").json()["lines"]
        return next(each["approved"] for each in lines if each["id"] == str(line.pk))

    assert told(finance)["amount"] == "0.00"
    assert told(partner) is None
