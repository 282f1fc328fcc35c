"""Claiming as a partner sees it."""

from datetime import timedelta

import pytest
import time_machine

from mdf.enums import ClaimStatus, ProofKind
from mdf.models import Claim, ClaimProof
from mdf.queries import claims as queries
from mdf.services import claim_decisions, extensions
from prm.events.outbox import deliver_due
from prm.notifications.models import Notification
from tests import build
from tests.mdf import claim_build as make
from tests.mdf.build import approved
from tests.mdf.claim_build import AFTER
from tests.prm.files import samples

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AFTER, tick=False):
        yield


@pytest.fixture
def request_(vendor):
    return approved()


@pytest.fixture
def page(client, request_):
    client.force_login(make.owner_of(request_).user, backend=BACKEND)
    return client


def fields(claim, *amounts, **more):
    """What the form would send for a claim."""
    posted = {"line": [], "settled_on": "2027-02-20", "is_final": "on", "version": claim.version, **more}
    lines = list(claim.lines.order_by("position"))
    for number, (line, amount) in enumerate(zip(lines, amounts or ["3000", "1000"], strict=True)):
        prefix = f"cost-{line.pk.hex}"
        posted["line"].append(str(line.pk))
        posted |= {
            f"{prefix}-cost_currency": "EUR",
            f"{prefix}-cost_amount": amount,
            f"{prefix}-supplier": "Hafenspeicher",
            f"{prefix}-invoice_number": f"R-{number}",
            f"{prefix}-invoice_on": "2027-02-14",
        }
    return posted


def at(vendor, claim, what="form"):
    return f"/{vendor.slug}/claims/{claim.pk}/{what}/"


def upload(client, vendor, claim, kind, content=None, name="photo.png"):
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = SimpleUploadedFile(name, samples.picture() if content is None else content)
    return client.post(f"{at(vendor, claim, 'files')}?kind={kind}", {"file": file})


def test_a_claim_starts_from_the_page_of_its_request(page, vendor, request_):
    shown = page.get(f"/{vendor.slug}/funds/requests/{request_.pk}/")
    assert "Claim costs" in shown.content.decode()

    answer = page.post(f"/{vendor.slug}/funds/requests/{request_.pk}/claim/")

    claim = Claim.objects.get()
    assert answer.url == at(vendor, claim)
    form = page.get(answer.url).content.decode()
    assert "Cost 1" in form
    assert "3,000.00" in form
    assert "Proof is missing" in form


def test_a_file_says_at_once_what_it_proves_and_the_checks_follow(page, vendor, request_):
    claim = make.draft(request_)

    row = upload(page, vendor, claim, "photo")

    assert row.status_code == 200
    assert ClaimProof.objects.get().kind == ProofKind.PHOTO
    checked = page.post(at(vendor, claim, "check"), fields(claim)).content.decode()
    assert "One of these is needed" not in checked
    assert "Proof is missing" in checked
    assert "€2,000.00" in checked


def test_a_pdf_that_is_none_is_refused_where_it_was_dropped(page, vendor, request_):
    claim = make.draft(request_)

    answer = upload(page, vendor, claim, "invoice", b"MZ not a document", "invoice.pdf")

    assert (answer.status_code, "not what its name says" in answer.content.decode()) == (422, True)
    assert not ClaimProof.objects.exists()


def test_totals_come_from_the_server_as_typed(page, vendor, request_):
    claim = make.draft(request_)

    checked = page.post(at(vendor, claim, "check"), fields(claim, "3200", "1000")).content.decode()

    assert "€4,200.00" in checked
    assert "€200 over plan" in checked
    assert Claim.objects.get().cost_amount == 4_000


def test_a_draft_saves_itself_right_or_wrong_and_is_shown_again(page, vendor, request_):
    claim = make.draft(request_)

    saved = page.post(at(vendor, claim, "draft"), fields(claim, "abc", "900"))

    assert "Draft saved" in saved.content.decode()
    shown = page.get(at(vendor, claim)).content.decode()
    assert 'value="abc"' in shown
    assert 'value="900"' in shown


def test_a_claim_is_sent_and_its_page_says_when_it_is_decided(page, vendor, request_):
    claim = make.draft(request_)
    for kind in make.PROOFS:
        make.proof(claim, kind)

    answer = page.post(at(vendor, claim), fields(claim) | {"do": "submit"}, follow=True)

    assert "Waiting for a decision" in answer.content.decode()
    claim.refresh_from_db()
    assert (claim.status, claim.number) == (ClaimStatus.SUBMITTED, "MC-2027-000001")


def test_what_stands_in_the_way_is_said_and_nothing_is_lost(page, vendor, request_):
    claim = make.draft(request_)

    answer = page.post(at(vendor, claim), fields(claim, "3100", "1000") | {"do": "submit", "result": "40 visitors"})

    text = answer.content.decode()
    assert answer.status_code == 409
    assert "stand in the way" in text
    assert "3100" in text
    assert "40 visitors" in text
    claim.refresh_from_db()
    assert claim.status == ClaimStatus.DRAFT


@pytest.mark.parametrize("amount", ["-5", "9" * 30, "1.005", "abc"])
def test_amounts_that_are_none_are_refused_at_their_place(page, vendor, request_, amount):
    claim = make.draft(request_)
    for kind in make.PROOFS:
        make.proof(claim, kind)

    answer = page.post(at(vendor, claim), fields(claim, amount, "1000") | {"do": "submit"})

    assert answer.status_code == 422
    assert amount in answer.content.decode()


def test_a_forged_post_after_the_deadline_is_refused_in_words(page, vendor, request_):
    claim = make.draft(request_)
    for kind in make.PROOFS:
        make.proof(claim, kind)

    with time_machine.travel(AFTER + timedelta(days=80), tick=False):
        make_owner = make.owner_of(request_)
        page.force_login(make_owner.user, backend=BACKEND)
        answer = page.post(at(vendor, claim), fields(claim) | {"do": "submit"})

    assert answer.status_code == 409
    assert "The last day to claim" in answer.content.decode()
    assert "Ask for more time" in answer.content.decode()
    claim.refresh_from_db()
    assert claim.status == ClaimStatus.DRAFT


def test_files_come_with_the_form_where_there_are_no_scripts(page, vendor, request_):
    claim = make.draft(request_)

    posted = fields(claim) | {
        "do": "submit",
        "files-invoice": make.document(3),
        "files-photo": make.document(4, "photo.png"),
    }
    answer = page.post(at(vendor, claim), posted)

    assert answer.status_code == 302
    claim.refresh_from_db()
    assert claim.status == ClaimStatus.SUBMITTED


def test_a_row_is_added_without_scripts_too(page, vendor, request_):
    claim = make.draft(request_)
    extra = "11111111-1111-4111-8111-111111111111"
    posted = fields(claim)
    posted["line"].append(extra)
    prefix = f"cost-{extra.replace('-', '')}"
    posted |= {f"{prefix}-what": "Photographer", f"{prefix}-cost_currency": "EUR", f"{prefix}-cost_amount": "350"}

    page.post(at(vendor, claim), posted | {"do": "line"})

    assert [line.what for line in queries.lines_of(claim)] == ["Cost 1", "Cost 2", "Photographer"]


def test_a_line_of_another_claim_is_not_taken_over(page, vendor, request_):
    other = make.submitted()
    stranger = other.lines.order_by("position")[0]
    claim = make.draft(request_)
    posted = fields(claim)
    posted["line"].append(str(stranger.pk))
    posted |= {
        f"cost-{stranger.pk.hex}-what": "Mine now",
        f"cost-{stranger.pk.hex}-cost_currency": "EUR",
        f"cost-{stranger.pk.hex}-cost_amount": "1",
    }

    answer = page.post(at(vendor, claim, "draft"), posted)

    assert answer.status_code in (200, 409)
    stranger.refresh_from_db()
    assert (stranger.claim_id, stranger.what) == (other.pk, "Cost 1")


def test_an_answer_replaces_the_returned_file(page, vendor, request_):
    claim = make.submitted(request_)
    photo = ClaimProof.objects.get(claim=claim, kind=ProofKind.PHOTO)
    manager = build.manager()
    claim_decisions.judge_file(photo, "returned", reason_code="unreadable", note="Blurred", by=manager, at=AFTER)
    claim_decisions.ask(claim, question="Replace it.", fields=("files",), by=manager, at=AFTER)

    shown = page.get(at(vendor, claim, "answer")).content.decode()
    assert "was returned" in shown
    assert "Cost before tax" not in shown
    refused = page.post(at(vendor, claim, "answer"), {"answer": "Here it is."})
    assert refused.status_code == 409
    page.post(f"/{vendor.slug}/files/{photo.file_id}/removal/")
    upload(page, vendor, claim, "photo")
    answer = page.post(at(vendor, claim, "answer"), {"answer": "Here it is."})

    assert answer.status_code == 302
    claim.refresh_from_db()
    assert claim.status == ClaimStatus.IN_REVIEW
    assert claim.cost_amount == 4_000


def test_the_page_of_a_claim_shows_its_evidence_and_no_judgement_before_the_decision(page, vendor, request_):
    claim = make.submitted(request_)
    photo = ClaimProof.objects.get(claim=claim, kind=ProofKind.PHOTO)
    line = queries.lines_of(claim)[0]
    manager = build.manager()
    claim_decisions.judge_file(photo, "returned", reason_code="other", note="Secret thought", by=manager, at=AFTER)
    claim_decisions.judge_line(line, make.eur(7), reason_code="other", note="Secret cut", by=manager, at=AFTER)

    shown = page.get(f"/{vendor.slug}/claims/{claim.pk}/?file={photo.file_id}").content.decode()

    assert f"/files/{photo.file_id}/preview/" in shown
    assert "Secret" not in shown
    part = page.get(f"/{vendor.slug}/claims/{claim.pk}/", headers={"HX-Request": "true", "HX-Target": "evidence"})
    assert part.content.decode().lstrip().startswith("<section")


def test_more_time_is_asked_for_once(page, vendor, request_):
    url = f"/{vendor.slug}/funds/requests/{request_.pk}/extension/"
    assert page.get(url).status_code == 200

    page.post(url, {"reason": "The venue is slow."})

    assert queries.extension_of(request_).reason == "The venue is slow."
    assert page.post(url, {"reason": "Again."}).status_code == 409
    extensions.approve(request_, by=build.manager(), at=AFTER)
    deliver_due(request_.tenant_id)
    assert Notification.objects.filter(kind="mdf.claim_extension_approved").exists()


def test_the_list_and_the_export_hold_what_a_partner_claims(page, vendor, request_):
    claim = make.submitted(request_)
    other = make.submitted()

    shown = page.get(f"/{vendor.slug}/claims/").content.decode()
    export = page.get(f"/{vendor.slug}/claims/export/").content.decode()

    assert claim.number in shown
    assert claim.number in export
    assert other.number not in shown + export


def test_the_home_page_says_what_can_be_claimed(page, vendor, request_):
    assert "can be claimed" in page.get(f"/{vendor.slug}/").content.decode()
