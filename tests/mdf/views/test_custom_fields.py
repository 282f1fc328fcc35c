"""What a vendor asks besides of requests and claims: filled in, refused where it is wrong, shown, sent and exported."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from mdf.models import Claim, FundRequest
from mdf.services import claim_decisions, decisions
from prm.accounts.roles import Role
from prm.custom_fields import services
from prm.custom_fields.kinds import KINDS
from prm.tenancy.fields import uuid7
from tests import build
from tests.build import MONDAY
from tests.deals.rulebook import when
from tests.deals.views.test_registering import signed_in
from tests.mdf import build as mdf
from tests.mdf import claim_build as claiming
from tests.mdf.views.test_claiming import fields as costs
from tests.mdf.views.test_pages import plan
from tests.prm.custom_fields.asking import ask

REQUEST, CLAIM = "mdf.request", "mdf.claim"
ALONE = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "custom-fields"}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(MONDAY + timedelta(hours=1)):
        yield


@pytest.fixture
def share(vendor):
    return mdf.allocation(5_000)


@pytest.fixture
def page(share) -> Client:
    return signed_in(mdf.marketer(share.partner))


@pytest.fixture
def manager(vendor) -> Client:
    return signed_in(build.manager())


def read(client, path):
    return client.get(f"{client.portal}/{path}").content.decode()


def send(page, share, pk=None, **said):
    return page.post(f"{page.portal}/funds/requests/{pk or uuid7()}/form/", plan(share, do="submit") | said)


def sent(page, share, **said):
    answer = send(page, share, pk := uuid7(), **said)
    assert answer.status_code == 302, answer.content.decode()
    return FundRequest.objects.get(pk=pk)


# -- requests --------------------------------------------------------------------------------------------
def test_a_request_tells_what_was_asked_besides(page, manager, share):
    ask("Expected demos", "whole", of=REQUEST)
    ask("Risk", of=REQUEST, is_internal=True)
    request = sent(page, share, **{"custom-expected_demos": "1,200", "custom-risk": "forged"})
    services.answer(KINDS[REQUEST], request, {"risk": "Nightjar"}, seen=request.custom, by=build.manager(), at=MONDAY)

    assert request.custom == {"expected_demos": "1200"}
    for path in (f"funds/requests/{request.pk}/", f"funds/requests/to-decide/{request.pk}/"):
        told = read(manager, path)
        assert all(word in told for word in ("Expected demos", "1,200", "Nightjar", "Change details")), path
    own = read(page, f"funds/requests/{request.pk}/")
    assert "Expected demos" in own
    assert "Nightjar" not in own


def test_what_is_missing_or_wrong_is_said_at_its_field_without_scripts(page, share):
    ask("Format", "choice", "Online", "Onsite", of=REQUEST)
    ask("Seats", "whole", of=REQUEST, is_required=True, shown_when=when("custom.format", "is", "onsite"))

    for seats in ("", "many"):
        answer = send(page, share, **{"custom-format": "onsite", "custom-seats": seats})
        assert answer.status_code == 422
        assert answer.context["form"].custom.errors.keys() == {"seats"}
    assert sent(page, share, **{"custom-format": "online"}).custom == {"format": "online"}


def test_a_draft_of_a_request_keeps_what_is_wrong_as_it_was_typed(page, share):
    ask("Seats", "whole", of=REQUEST)
    send(page, share, pk := uuid7(), do="later", **{"custom-seats": "many"})

    assert FundRequest.objects.get().custom == {}
    assert 'value="many"' in read(page, f"funds/requests/{pk}/form/")


def test_fields_of_a_request_follow_what_is_typed_and_nothing_is_kept_by_looking(page, share):
    ask("Seats", of=REQUEST, shown_when=when("expected_leads", "at_least", "100"))
    pk, state = uuid7(), {"custom-state": ""}
    path = f"{page.portal}/funds/requests/{pk}/form/"

    assert page.post(path, plan(share) | state, **ALONE).status_code == 204
    answer = page.post(path, plan(share, expected_leads="100") | state, **ALONE)
    assert 'name="custom-state" value="seats"' in answer.content.decode()
    assert not FundRequest.objects.exists()


def test_the_export_of_requests_has_what_its_reader_sees(page, manager, share):
    ask("Format", "choice", "Online", "Onsite", of=REQUEST)
    ask("Risk", of=REQUEST, is_internal=True)
    sent(page, share, **{"custom-format": "online"})

    for client, wanted in ((manager, ["Format", "Risk"]), (page, ["Claim by", "Format"])):
        text = read(client, "funds/requests/export/?view=all").removeprefix("\ufeff")
        head, row = csv.reader(io.StringIO(text))
        assert head[-2:] == wanted
        assert "Online" in row


def test_a_question_reopens_one_field_of_a_request(page, manager, share):
    ask("Format", "choice", "Online", "Onsite", of=REQUEST)
    ask("Seats", "whole", of=REQUEST)
    ask("Risk", of=REQUEST, is_internal=True)
    request = sent(page, share, **{"custom-format": "online", "custom-seats": "20"})
    offered = manager.get(f"{manager.portal}/funds/requests/{request.pk}/question/").content.decode()
    decisions.ask(request, question="How many?", fields=("custom.seats",), by=build.manager(), at=MONDAY)

    path = f"{page.portal}/funds/requests/{request.pk}/answer/"
    form = page.get(path).content.decode()
    assert 'value="custom.seats"' in offered
    assert 'value="custom.risk"' not in offered
    assert "Seats" in form
    assert "Online" not in form
    said = {"answer": "More.", "do": "submit", "custom-seats": "40", "custom-format": "onsite"}
    assert page.post(path, said | {"custom-seats": "many"}).status_code == 422
    assert page.post(path, said).status_code == 302
    request.refresh_from_db()
    assert request.custom == {"format": "online", "seats": "40"}
    assert "Seats" in read(manager, f"funds/requests/{request.pk}/")


# -- claims ----------------------------------------------------------------------------------------------
@pytest.fixture
def later():
    with time_machine.travel(claiming.AFTER):
        yield


@pytest.fixture
def claim(vendor, later) -> Claim:
    draft = claiming.draft(mdf.approved())
    for kind in claiming.PROOFS:
        claiming.proof(draft, kind)
    return draft


@pytest.fixture
def claimant(claim) -> Client:
    return signed_in(claiming.owner_of(claim))


def claimed(client, claim, **said):
    claim.refresh_from_db()
    path = f"{client.portal}/claims/{claim.pk}/form/"
    return client.post(path, costs(claim, do="submit") | said)


def test_a_claim_tells_what_was_asked_besides(claim, claimant, manager):
    ask("Orders", "money", of=CLAIM, is_required=True)
    ask("Risk", of=CLAIM, is_internal=True)
    nothing = claimed(claimant, claim)
    whole = claimed(claimant, claim, **{"custom-orders_currency": "EUR", "custom-orders_amount": "12,000"})

    claim.refresh_from_db()
    assert nothing.context["form"].custom.errors.keys() == {"orders"}
    assert whole.status_code == 302, whole.content.decode()
    assert claim.custom == {"orders": {"amount": "12000", "currency": "EUR"}}
    services.answer(KINDS[CLAIM], claim, {"risk": "Nightjar"}, seen=claim.custom, by=build.manager(), at=MONDAY)
    for path in (f"claims/{claim.pk}/", f"claims/to-decide/{claim.pk}/", "claims/export/?view=all"):
        assert "Nightjar" in read(manager, path), path
        assert "12000" in read(manager, path).replace(",", ""), path
    for path in (f"claims/{claim.pk}/", "claims/export/?view=all"):
        assert "Nightjar" not in read(claimant, path), path


def test_fields_of_a_claim_follow_what_is_typed(claimant, claim):
    ask("Rest", of=CLAIM, shown_when=when("is_final", "is", False))
    said = costs(claim) | {"custom-state": ""}
    path = f"{claimant.portal}/claims/{claim.pk}/form/"

    assert claimant.post(path, said, **ALONE).status_code == 204
    answer = claimant.post(path, {name: value for name, value in said.items() if name != "is_final"}, **ALONE)
    assert 'name="custom-state" value="rest"' in answer.content.decode()
    assert Claim.objects.get(pk=claim.pk).version == claim.version


def test_a_question_reopens_one_field_of_a_claim(claimant, claim):
    ask("Visitors", "whole", of=CLAIM)
    assert claimed(claimant, claim).status_code == 302
    claim.refresh_from_db()
    by = {"by": build.member(Role.FINANCE), "at": claiming.AFTER}
    claim_decisions.ask(claim, question="How many came?", fields=("custom.visitors",), **by)
    path = f"{claimant.portal}/claims/{claim.pk}/answer/"
    assert claimant.post(path, {"answer": "80", "custom-visitors": "80"}).status_code == 302

    claim.refresh_from_db()
    assert claim.custom == {"visitors": "80"}
    assert claim.lines.count() == 2
