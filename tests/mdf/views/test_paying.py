"""Finance's pages."""

import csv
import io
from xml.etree import ElementTree as ET

import pytest
import time_machine

from mdf.enums import BatchStatus, ClaimStatus
from mdf.models import Claim, PaymentBatch
from mdf.services import payments
from partners.models import BankAccount
from prm.accounts.roles import Role
from tests import build
from tests.mdf import claim_build as make
from tests.mdf.claim_build import AFTER, eur

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PAIN = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AFTER, tick=False):
        yield


@pytest.fixture
def page(client, vendor):
    client.force_login(make.finance().user, backend=BACKEND)
    return client


def account(claim, holder="=Kestrel IT GmbH"):
    return BankAccount.objects.create(
        partner_id=claim.partner_id,
        partner_path=claim.partner_path,
        holder=holder,
        account="DE89370400440532013000",
        bic="COBADEFFXXX",
        status="accepted",
        submitted_by_id=claim.owner_id,
        submitted_at=AFTER,
    )


def test_what_is_to_be_paid_is_put_into_a_batch_and_paid_by_typing_the_total(page, vendor):
    claims = [make.decided(), make.decided()]
    url = f"/{vendor.slug}/payments/"
    shown = page.get(url).content.decode()
    assert "€4,000" in shown
    assert "No checked bank details yet" in shown

    answer = page.post(url, {"id": [str(claim.pk) for claim in claims]})
    batch = PaymentBatch.objects.get()
    assert answer.url == f"{url}batches/{batch.pk}/"
    assert "have nowhere to go" in page.get(answer.url).content.decode()

    paying = f"{answer.url}payment/"
    assert "4,000.00 EUR" in page.get(paying).content.decode()
    facts = {"payments": [str(row.pk) for row in batch.payments.all()], "paid_on": "2027-02-22"}
    facts |= {"total_currency": "EUR"}
    wrong = page.post(paying, facts | {"total_amount": "400"})
    assert wrong.status_code == 409
    assert "You typed €400" in wrong.content.decode()
    page.post(paying, facts | {"total_amount": "4,000.00"})

    batch.refresh_from_db()
    assert batch.status == BatchStatus.PAID
    assert {claim.status for claim in Claim.objects.all()} == {ClaimStatus.PAID}


def test_a_part_is_put_into_a_batch_of_its_own(page, vendor):
    claim = make.decided()

    page.post(f"/{vendor.slug}/claims/{claim.pk}/part/", {"amount_currency": "EUR", "amount_amount": "500"})

    assert PaymentBatch.objects.get().payments.get().amount == 500


def test_the_table_for_the_bank_is_exact_and_runs_nothing(page, vendor):
    claim, other = make.decided(), make.decided()
    account(claim)
    batch = make.batch(claim, other)

    answer = page.post(f"/{vendor.slug}/payments/batches/{batch.pk}/bank.csv")

    rows = {row["claim"]: row for row in csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))}
    assert rows[claim.number]["amount"] == "2000.00"
    assert rows[claim.number]["account_holder"] == "'=Kestrel IT GmbH"
    assert rows[claim.number]["reference"] == f"{claim.number} {claim.request.number}"
    assert rows[other.number]["note"] == "bank details missing"
    batch.refresh_from_db()
    assert batch.status == BatchStatus.EXPORTED


def test_the_file_for_the_bank_adds_up_and_leaves_out_who_has_no_account(page, vendor):
    claim, other = make.decided(), make.decided()
    account(claim, "Kestrel & Söhne")
    batch = make.batch(claim, other)
    url = f"/{vendor.slug}/payments/batches/{batch.pk}/bank.xml"

    first, second = page.post(url), page.post(url)

    assert first.content == second.content
    document = ET.fromstring(first.content)
    assert document.findtext(".//p:GrpHdr/p:CtrlSum", namespaces=PAIN) == "2000.00"
    assert document.findtext(".//p:GrpHdr/p:NbOfTxs", namespaces=PAIN) == "1"
    assert document.findtext(".//p:InstdAmt", namespaces=PAIN) == "2000.00"
    assert document.findtext(".//p:CdtrAcct/p:Id/p:IBAN", namespaces=PAIN) == "DE89370400440532013000"
    assert document.findtext(".//p:Cdtr/p:Nm", namespaces=PAIN) == "Kestrel Sohne"
    assert document.findtext(".//p:EndToEndId", namespaces=PAIN) == claim.number
    assert page.post(f"/{vendor.slug}/payments/batches/{batch.pk}/bank.exe").status_code == 404


def test_what_is_clawed_back_is_shown_and_taken_off(page, vendor):
    claim = make.paid()

    answer = page.post(
        f"/{vendor.slug}/claims/{claim.pk}/clawback/",
        {"amount_currency": "EUR", "amount_amount": "700", "reason_code": "other", "note": "Half a day only."},
    )

    assert answer.status_code == 302
    assert "−€700.00" in page.get(f"/{vendor.slug}/claims/{claim.pk}/").content.decode()


def test_a_payment_is_taken_out_and_a_batch_cancelled(page, vendor):
    batch = make.batch(make.decided(), make.decided())
    row = batch.payments.first()

    page.post(f"/{vendor.slug}/payments/{row.pk}/removal/")
    page.post(f"/{vendor.slug}/payments/batches/{batch.pk}/cancellation/")

    batch.refresh_from_db()
    assert batch.status == BatchStatus.CANCELLED
    assert "cancelled" in page.post(f"/{vendor.slug}/payments/batches/{batch.pk}/bank.csv").content.decode()


def test_a_batch_that_was_paid_meanwhile_says_so(page, vendor):
    batch = make.batch()
    rows = list(batch.payments.all())
    payments.pay(batch, [rows[0].pk], total=eur(2_000), paid_on=AFTER.date(), by=make.finance(), at=AFTER)

    answer = page.post(f"/{vendor.slug}/payments/batches/{batch.pk}/cancellation/")

    assert answer.status_code == 409
    assert "was paid on" in answer.content.decode()


@pytest.mark.parametrize("role", [Role.CHANNEL_MANAGER, Role.EXECUTIVE, Role.PARTNER_ADMIN])
def test_only_finance_pays(client, vendor, role):
    of = build.partner() if role == Role.PARTNER_ADMIN else None
    client.force_login(build.member(role, of=of).user, backend=BACKEND)

    assert client.get(f"/{vendor.slug}/payments/").status_code == 403


def test_finance_sees_on_the_first_page_what_is_to_be_paid(page, vendor):
    make.decided()

    assert "€2,000 to pay in 1 claim" in page.get(f"/{vendor.slug}/").content.decode()
