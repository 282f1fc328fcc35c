"""What the doors of marketing funds add: what is shown, read from forms, refused in words and sent as files."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine

from mdf.enums import FundStatus, RequestStatus
from mdf.models import FundAllocation, FundProgram, FundRequest
from mdf.rules.terms import AREA, Terms
from mdf.services import decisions
from prm.accounts.roles import Role
from prm.comments import services as comments
from prm.documents.models import Document
from prm.policies import versions
from prm.tenancy.fields import uuid7
from tests import build
from tests.build import MONDAY
from tests.mdf import build as mdf

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(MONDAY + timedelta(hours=1), tick=False):
        yield


@pytest.fixture
def enter(vendor, client):
    """Sign somebody in and return how they open pages."""

    def sign_in(member):
        client.force_login(member.user, backend=BACKEND)

        def visit(path, posted=None, **headers):
            url = f"/{vendor.slug}/funds/{path}"
            return client.get(url, **headers) if posted is None else client.post(url, posted, **headers)

        return visit

    return sign_in


def text(answer):
    return answer.content.decode()


def plan(share, **more):
    return {
        "fund": str(share.fund.pk),
        "activity_type": str(mdf.activity_type().pk),
        "title": "Roadshow",
        "starts_on": "2027-02-10",
        "ends_on": "2027-02-12",
        "audience": "Plant managers",
        "expected_result": "Eight projects.",
        "lines-TOTAL_FORMS": "2",
        "lines-INITIAL_FORMS": "0",
        "lines-0-what": "Room",
        "lines-0-planned": "3,000.00",
        "lines-1-what": "",
        "lines-1-planned": "",
        **more,
    }


def test_the_check_says_the_share_and_what_stands_in_the_way(vendor, enter):
    share = mdf.allocation(5_000)
    visit = enter(mdf.marketer(share.partner))

    answer = text(visit("requests/check/", plan(share, **{"lines-0-planned": "12,001"})))

    assert "€6,000.50" in answer
    assert "Only €5,000 of the fund are available." in answer


def test_a_form_is_saved_as_typed_and_submitted_once(vendor, enter):
    share = mdf.allocation(5_000)
    visit, pk = enter(mdf.marketer(share.partner)), uuid7()

    visit(f"requests/{pk}/draft/", plan(share, title=""))
    assert FundRequest.objects.get().status == RequestStatus.DRAFT
    version = FundRequest.objects.get().version
    answer = visit(f"requests/{pk}/form/", plan(share, do="submit", version=str(version)))
    again = visit(f"requests/{pk}/form/", plan(share, do="submit", version=str(version)))

    assert answer.headers["Location"] == again.headers["Location"]
    request = FundRequest.objects.get()
    assert (request.status, request.asked_amount) == (RequestStatus.SUBMITTED, 1_500)


def test_add_lines_keeps_what_was_typed_and_offers_more(vendor, enter):
    share = mdf.allocation(5_000)
    visit = enter(mdf.marketer(share.partner))

    answer = text(visit(f"requests/{uuid7()}/form/", plan(share, do="lines", **{"lines-TOTAL_FORMS": "3"})))

    assert 'name="lines-5-what"' in answer
    assert 'value="Room"' in answer


def test_a_submission_the_fund_does_not_pay_for_keeps_what_was_typed_and_says_why(vendor, enter):
    share = mdf.allocation(1_000)
    visit = enter(mdf.marketer(share.partner))

    answer = visit(f"requests/{uuid7()}/form/", plan(share, do="submit"))

    assert answer.status_code == 422
    assert "Only €1,000 of the fund are available." in text(answer)
    assert 'value="Roadshow"' in text(answer)


def test_a_manager_approves_line_by_line_and_reads_mistakes_beside_them(vendor, enter):
    request = mdf.submitted()
    first, second = request.lines.order_by("position")
    visit = enter(build.manager())

    wrong = visit(f"requests/{request.pk}/approval/", {f"line-{first.pk}": "lots", "version": request.version})
    assert wrong.status_code == 422
    assert "Write the amount in digits" in text(wrong)

    amounts = {f"line-{first.pk}": "1,200.50", f"line-{second.pk}": ""}
    answer = visit(f"requests/{request.pk}/approval/", {**amounts, "version": request.version})
    assert "decided=" in answer.headers["Location"]
    request.refresh_from_db()
    assert request.approved_amount == Decimal("1200.5")


def test_a_stale_decision_shows_the_request_as_it_is(vendor, enter):
    request = mdf.submitted()
    line = request.lines.first()

    answer = enter(build.manager())(f"requests/{request.pk}/approval/", {f"line-{line.pk}": "1", "version": "1"})

    assert answer.status_code == 409
    assert "changed while it was open here" in text(answer)


def test_a_stale_rejection_keeps_what_was_typed_before_the_request_as_it_is(vendor, client):
    manager, request = build.manager(), mdf.submitted()
    client.force_login(manager.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    inbox = f"/{vendor.slug}/funds/requests/to-decide/"
    headers = {"HX-Request": "true", "HX-Target": "item", "HX-Current-URL": f"http://testserver{inbox}"}
    typed = {"reason_code": "no_budget", "note": "Not this year.", "version": "1"}

    answer = client.post(f"/{vendor.slug}/funds/requests/{request.pk}/rejection/", typed, headers=headers)

    assert answer.status_code == 409
    dialog, item = answer.content.decode().split('id="item"', 1)
    assert "Not this year." in dialog
    assert "Reject request" in dialog
    assert f"line-{request.lines.first().pk}" in item


def test_finance_is_told_that_others_come_first(vendor, enter):
    request = mdf.submitted()

    page = text(enter(build.member(Role.FINANCE))(f"requests/to-decide/{request.pk}/"))

    assert "This waits for somebody else" in page
    assert "disabled" in page


def test_a_partner_reads_no_internal_note_and_no_step_of_the_ladder(vendor, enter):
    request = mdf.submitted(mdf.allocation(9_000), costs=(12_000,))
    manager = build.manager()
    decisions.approve(request, mdf.amounts_of(request), by=manager, at=MONDAY)
    comments.write(request, "Watch them.", by=manager, at=MONDAY, is_internal=True)

    page = text(enter(mdf.marketer(request.partner))(f"requests/{request.pk}/"))

    assert "Waiting for a decision" in page
    assert "Watch them." not in page
    assert "agreed to" not in page


def test_the_statement_is_the_same_on_the_page_in_the_file_and_in_the_pdf(vendor, enter):
    request = mdf.approved(mdf.allocation(5_000), 1_500, 100, at=MONDAY + timedelta(minutes=5))
    visit = enter(mdf.marketer(request.partner))
    share = request.allocation_id

    page, file = text(visit(f"statements/{share}/")), text(visit(f"statements/{share}/export/"))
    visit(f"statements/{share}/document/", {})

    assert "−€1,600" in page
    assert "€3,400" in page
    assert "Reservation,FR-2026-000001 Spring roadshow,-1600.00,3400.00,1600.00,0.00,EUR" in file
    lines = Document.objects.get().facts["lines"]
    assert [line["available"] for line in lines] == [{"$money": ["5000.0000", "EUR"]}, {"$money": ["3400.0000", "EUR"]}]


def test_a_fund_is_set_up_opened_and_given_out_on_screen(vendor, enter):
    partners = [build.partner(name) for name in ("Alpha", "Beta", "Gamma")]
    visit = enter(build.member(Role.ADMIN))
    form = {
        "name": "Autumn",
        "starts_on": date.today().isoformat(),
        "ends_on": date(date.today().year + 1, 12, 31).isoformat(),
        "budget_0": "EUR",
        "budget_1": "1,000",
        "budget_currency": "EUR",
        "budget_amount": "1,000",
        "share_percent": "50",
        "lead_days": "14",
        "claim_days": "60",
    }

    fund = visit("new/", form).headers["Location"].split("/")[-2]
    visit(f"{fund}/opening/", {})
    answer = visit(f"{fund}/allocations/new/", {"to": "tiers", "amount": "100", "split": "together"})

    assert answer.status_code == 302
    assert FundProgram.objects.get().status == FundStatus.OPEN
    given = [mdf.held(FundAllocation.objects.get(partner=partner)).available for partner in partners]
    assert sorted(given) == [Decimal("33.33"), Decimal("33.33"), Decimal("33.34")]


def test_a_pasted_list_names_the_lines_that_cannot_be_read(vendor, enter):
    fund = mdf.fund(10_000)
    build.partner("Alpha")
    listed = "Alpha;100\nNobody;5\nAlpha;7\n"

    answer = enter(build.member(Role.ADMIN))(f"{fund.pk}/allocations/new/", {"to": "list", "lines": listed})

    assert answer.status_code == 422
    for words in ("Line 2: no partner that the fund is for is called “Nobody”.", "Line 3: Alpha is there twice."):
        assert words in text(answer)


def test_more_than_the_budget_is_refused_in_words(vendor, enter):
    fund, partner = mdf.fund(1_000), build.partner("Alpha")
    form = {"to": "one", "partner": str(partner.pk), "amount": "1,001", "split": "each"}

    answer = enter(build.member(Role.ADMIN))(f"{fund.pk}/allocations/new/", form)

    assert answer.status_code == 409
    assert "€1,001 is more than the €1,000 that is there." in text(answer)


def test_terms_are_kept_as_a_draft_and_apply_once_published(vendor, enter):
    visit = enter(build.member(Role.ADMIN))
    body = {name: str(value) for name, value in Terms(lead_days=21).body().items() if not isinstance(value, list)}

    visit("terms/", body)
    assert versions.draft_of(AREA).body["lead_days"] == 21
    visit("terms/publication/", {"effective_on": date.today().isoformat(), "revision": "1"})

    assert versions.draft_of(AREA) is None
    assert Terms.from_body(versions.history(AREA)[0].body).lead_days == 21


def test_the_ledger_of_a_fund_adds_up(vendor, enter):
    request = mdf.approved(mdf.allocation(5_000))

    answer = enter(build.member(Role.FINANCE))(f"{request.fund_id}/ledger/")

    balances = {str(label): money.amount for label, money in answer.context["balances"]}
    assert sum(balances.values()) == answer.context["total"].amount == 10_000
    assert balances["Reserved"] == 2_000
