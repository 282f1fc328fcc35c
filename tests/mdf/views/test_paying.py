"""Finance's pages."""

import csv
import io
from xml.etree import ElementTree as ET

import pytest
import time_machine

from mdf.enums import BatchStatus, ClaimStatus
from mdf.models import Claim, PayingAccount, PaymentBatch
from mdf.services import paying_accounts, payments
from partners.models import BankAccount
from prm.accounts.roles import Role
from prm.events.models import Event
from tests import build
from tests.mdf import claim_build as make
from tests.mdf import pain
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
    make.paying_account(bic="BYLADEM1001", holder="Hälyard Systems")
    account(claim, "Kestrel & Söhne")
    batch = make.batch(claim, other)
    url = f"/{vendor.slug}/payments/batches/{batch.pk}/bank.xml"

    first, second = page.post(url), page.post(url)

    assert first.content == second.content
    assert pain.faults(first.content) == []
    document = ET.fromstring(first.content)
    assert document.findtext(".//p:GrpHdr/p:CtrlSum", namespaces=PAIN) == "2000.00"
    assert document.findtext(".//p:GrpHdr/p:NbOfTxs", namespaces=PAIN) == "1"
    assert document.findtext(".//p:InstdAmt", namespaces=PAIN) == "2000.00"
    assert document.findtext(".//p:CdtrAcct/p:Id/p:IBAN", namespaces=PAIN) == "DE89370400440532013000"
    assert document.findtext(".//p:Cdtr/p:Nm", namespaces=PAIN) == "Kestrel Sohne"
    assert document.findtext(".//p:Dbtr/p:Nm", namespaces=PAIN) == "Halyard Systems"
    assert document.findtext(".//p:DbtrAcct/p:Id/p:IBAN", namespaces=PAIN) == "DE75512108001245126199"
    assert document.findtext(".//p:DbtrAgt//p:BICFI", namespaces=PAIN) == "BYLADEM1001"
    assert document.findtext(".//p:EndToEndId", namespaces=PAIN) == claim.number
    assert page.post(f"/{vendor.slug}/payments/batches/{batch.pk}/bank.exe").status_code == 404


def test_without_an_account_to_pay_from_the_page_says_what_to_do_and_the_table_is_still_there(page, vendor):
    claim = make.decided()
    account(claim)
    make.paying_account(currency="CHF")
    url = f"/{vendor.slug}/payments/batches/{make.batch(claim).pk}/"

    assert "No account in EUR to pay from" in page.get(url).content.decode()
    refused = page.post(f"{url}bank.xml")
    assert refused.status_code == 409
    assert "Finance adds it under Paying accounts" in refused.content.decode()
    assert page.post(f"{url}bank.csv").status_code == 200
    assert [event.payload["account"] for event in Event.objects.filter(name="mdf.batch.exported")] == [""]


def test_of_several_accounts_one_is_chosen(page, vendor):
    claim = make.decided()
    account(claim)
    make.paying_account()
    other = make.paying_account("DE02120300000000202051")
    closed = paying_accounts.close(make.paying_account("DE02500105170137075030"), by=make.finance(), at=AFTER)
    url = f"/{vendor.slug}/payments/batches/{make.batch(claim).pk}/"

    shown = page.get(url).content.decode()
    assert "•••• 2051" in shown
    assert closed.masked not in shown
    document = ET.fromstring(page.post(f"{url}bank.xml", {"account": str(other.pk)}).content)
    assert document.findtext(".//p:DbtrAcct/p:Id/p:IBAN", namespaces=PAIN) == other.iban
    assert "paid from •••• 2051" in page.get(url).content.decode()
    stale = page.post(f"{url}bank.xml", {"account": str(closed.pk)})
    assert stale.status_code == 409
    assert "no longer paid from" in stale.content.decode()


def test_a_file_without_payments_is_refused(page, vendor):
    make.paying_account()

    answer = page.post(f"/{vendor.slug}/payments/batches/{make.batch(make.decided()).pk}/bank.xml")

    assert answer.status_code == 409
    assert "Nothing is left for the bank" in answer.content.decode()


@pytest.mark.parametrize("broken", ["DE75512108001245126198", "DE75", "12345678", "GB29 NWBK"])
def test_a_wrong_iban_is_refused(page, vendor, broken):
    url = f"/{vendor.slug}/payments/accounts/"

    answer = page.post(url, {"currency": "EUR", "holder": "Halyard", "iban": broken})

    assert answer.status_code == 422
    assert "This is no IBAN" in answer.content.decode()
    assert not PayingAccount.objects.exists()


def test_finance_adds_an_account_once_and_closes_it_and_the_history_keeps_only_its_last_signs(page, vendor):
    url = f"/{vendor.slug}/payments/accounts/"
    typed = {"currency": "EUR", "holder": "Halyard", "iban": "de75 5121 0800 1245 1261 99", "bic": "bylade m1001"}

    page.post(url, typed)
    assert "DE75 5121 0800 1245 1261 99" in page.get(url).content.decode()
    again = page.post(url, typed)
    assert again.status_code == 422
    assert "in use for EUR already" in again.content.decode()

    page.post(f"{url}{PayingAccount.objects.get().pk}/closing/")
    assert "DE75 5121" not in page.get(url).content.decode()
    told = Event.objects.filter(name__contains="paying").order_by("name")
    assert [(event.name, event.payload["account"]) for event in told] == [
        ("mdf.paying_account.added", "•••• 6199"),
        ("mdf.paying_account.closed", "•••• 6199"),
    ]


@pytest.mark.parametrize("role", [Role.ADMIN, Role.CHANNEL_MANAGER])
def test_only_finance_sees_the_numbers(client, vendor, role):
    make.paying_account()
    client.force_login(build.member(role).user, backend=BACKEND)

    assert client.get(f"/{vendor.slug}/payments/accounts/").status_code == 403


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
