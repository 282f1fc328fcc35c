from datetime import timedelta

import pytest
from django.utils import timezone

from partners.enums import Checker, PartnerStatus, TaskKind, TaskStatus
from partners.models import BankAccount, ChecklistTask, ChecklistTemplate
from partners.rules.checklists import PlannedTask
from partners.services import onboarding
from prm.accounts.roles import Role
from tests import build
from tests.build import MONDAY
from tests.partners import build as made
from tests.prm.ui.test_shell import sign_in


@pytest.fixture
def portal(vendor):
    return f"/{vendor.slug}/"


@pytest.fixture
def firm(vendor):
    return build.partner("Northlight", status=PartnerStatus.ONBOARDING)


@pytest.fixture
def partner_admin(firm):
    return sign_in(made.administrator(firm))


def test_the_checklist_stands_on_the_partners_home_until_it_is_done(portal, firm, partner_admin):
    task = made.task(firm)

    assert "Geschäftsplan" in partner_admin.get(portal).content.decode()
    onboarding.skip(task, note="Known", by=build.manager(), at=MONDAY)
    assert all("checklist" not in part["template"] for part in partner_admin.get(portal).context["parts"])


def test_a_document_is_handed_in_without_scripts_checked_and_returned(portal, firm, partner_admin):
    task = made.task(firm, PlannedTask(TaskKind.INSURANCE, checked_by=Checker.CHANNEL_MANAGER))
    url = f"{portal}onboarding/tasks/{task.pk}/"
    empty = partner_admin.post(f"{url}submission/", {"version": "1"})
    assert (empty.status_code, "Add the file first" in empty.content.decode()) == (422, True)

    partner_admin.post(f"{url}submission/", {"version": "1", "files": made.picture("policy.png"), "answer": ""})

    task.refresh_from_db()
    assert task.status == TaskStatus.SUBMITTED
    manager = sign_in(build.manager())
    assert "policy.png" in manager.get(url).content.decode()
    assert manager.post(f"{url}return/", {"note": ""}).status_code == 422
    manager.post(f"{url}return/", {"note": "It has ended.", "version": str(task.version)})
    assert "It has ended." in partner_admin.get(url).content.decode()


def test_a_wrong_file_is_refused_with_the_reason_and_nothing_is_submitted(portal, firm, partner_admin):
    from django.core.files.uploadedfile import SimpleUploadedFile

    task = made.task(firm, PlannedTask(TaskKind.INSURANCE, checked_by=Checker.CHANNEL_MANAGER))
    fake = SimpleUploadedFile("policy.pdf", b"no pdf", "application/pdf")

    answer = partner_admin.post(f"{portal}onboarding/tasks/{task.pk}/submission/", {"version": "1", "files": fake})

    assert answer.status_code == 422
    assert ChecklistTask.objects.get(pk=task.pk).status == TaskStatus.OPEN


def test_bank_details_are_shown_in_full_to_finance_and_the_firms_administrator_only(portal, firm, partner_admin):
    account = made.bank_account(made.administrator(firm))
    finance = sign_in(build.member(Role.FINANCE))
    assert account.grouped in finance.get(f"{portal}partners/{firm.pk}/bank/").content.decode()

    finance.post(f"{portal}bank-accounts/{account.pk}/acceptance/")

    assert account.grouped in partner_admin.get(f"{portal}company/bank/").content.decode()
    for role in (Role.ADMIN, Role.CHANNEL_MANAGER, Role.EXECUTIVE):
        client = sign_in(build.member(role))
        page = client.get(f"{portal}partners/{firm.pk}/").content.decode()
        assert account.masked in page
        assert account.account not in page.replace(" ", "")
        assert client.get(f"{portal}partners/{firm.pk}/bank/").status_code == 403
    seller = sign_in(build.seller(of=firm))
    assert account.account not in seller.get(f"{portal}company/").content.decode().replace(" ", "")
    assert seller.get(f"{portal}company/bank/").status_code == 403


def test_a_mistyped_account_is_answered_beside_the_field(portal, partner_admin):
    typed = {"holder": "Northlight AB", "account": "DE88 3704 0044 0532 0130 00", "bic": "", "bank": ""}

    answer = partner_admin.post(f"{portal}company/bank/", typed)

    assert (answer.status_code, answer.context["form"].errors.keys()) == (422, {"account"})
    assert not BankAccount.objects.exists()


def test_the_vendor_plans_tasks_in_the_order_it_says(portal, vendor):
    admin = sign_in(build.member(Role.ADMIN))
    rows = [("2", "insurance", ""), ("1", "other", "Read the guide")]
    typed = {"seen": "0", "tasks-TOTAL_FORMS": "2", "tasks-INITIAL_FORMS": "0"}
    for at, (position, kind, label) in enumerate(rows):
        fields = {"position": position, "kind": kind, "label": label, "checked_by": "channel_manager"}
        typed |= {f"tasks-{at}-{name}": value for name, value in fields.items()} | {f"tasks-{at}-is_required": "on"}

    assert admin.post(f"{portal}checklists/reseller/", typed).status_code == 302

    template = ChecklistTemplate.objects.get()
    assert [task.label or task.kind for task in template.planned] == ["Read the guide", "insurance"]
    stale = admin.post(f"{portal}checklists/reseller/", typed)
    assert (stale.status_code, "Somebody saved this checklist" in stale.content.decode()) == (422, True)
    nameless = admin.post(f"{portal}checklists/msp/", typed | {"tasks-1-label": ""})
    assert "need words of their own" in nameless.content.decode()


def test_internal_notes_never_reach_the_partner(portal, firm, partner_admin):
    manager = sign_in(build.manager())
    manager.post(f"{portal}partners/{firm.pk}/note/", {"text": "Watch their credit."})

    assert "Watch their credit." in manager.get(f"{portal}partners/{firm.pk}/").content.decode()
    for path in ("", "company/", "onboarding/", "agreements/"):
        assert "Watch their credit." not in partner_admin.get(f"{portal}{path}").content.decode()


def test_ending_the_work_with_a_partner_is_confirmed_by_its_name(portal, firm, vendor):
    admin = sign_in(build.member(Role.ADMIN))
    url = f"{portal}partners/{firm.pk}/termination/"
    assert admin.post(url, {"reason": "Insolvent", "name": "Somebody"}).status_code == 422

    admin.post(url, {"reason": "Insolvent", "name": "northlight"})

    firm.refresh_from_db()
    assert firm.status == PartnerStatus.TERMINATED


def test_a_certificate_goes_from_the_person_to_the_vendor(portal, firm, vendor):
    certification = made.certification()
    seller = build.seller(of=firm)
    client = sign_in(seller)
    typed = {
        "holder": str(seller.pk),
        "certification": str(certification.pk),
        "number": "C-77",
        "issued_on": (timezone.now() - timedelta(days=9)).date().isoformat(),
    }
    assert client.post(f"{portal}certificates/new/", typed).status_code == 422

    answer = client.post(f"{portal}certificates/new/", typed | {"evidence": made.picture()})

    assert answer.status_code == 302
    manager = sign_in(build.manager())
    assert "certificate.png" in manager.get(answer.url).content.decode()
    manager.post(f"{answer.url}confirmation/", {"version": "1"})
    assert "Valid" in client.get(answer.url).content.decode()
    other = sign_in(made.administrator(build.partner()))
    assert other.get(answer.url).status_code == 404
