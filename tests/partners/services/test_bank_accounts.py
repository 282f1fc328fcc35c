import pytest

from partners.enums import BankStatus, Checker, TaskKind, TaskStatus
from partners.models import ChecklistTask
from partners.queries import onboarding as queries
from partners.rules import bank
from partners.rules.checklists import PlannedTask
from partners.services import bank_accounts, onboarding
from partners.services.bank_accounts import BankMoved
from partners.services.onboarding import TaskDoesItself
from prm.accounts.roles import Role
from prm.events.models import Event
from tests import build
from tests.build import MONDAY
from tests.partners import build as made

OTHER = "NL91ABNA0417164300"


def test_an_account_number_is_checked_as_far_as_it_can_be():
    assert bank.compact("de89 3704-0044 0532.0130 00") == made.IBAN
    assert bank.is_account(made.IBAN)
    assert not bank.is_account("DE88370400440532013000")
    assert bank.is_account("0123456789")
    assert not bank.is_account("12")
    assert bank.is_bic("COBADEFFXXX")
    assert not bank.is_bic("COBA")


def test_finance_checks_before_anybody_is_paid_there_and_the_task_follows(vendor):
    firm = build.partner(status="onboarding")
    task = made.task(firm, PlannedTask(TaskKind.BANK, checked_by=Checker.FINANCE))
    account = made.bank_account(made.administrator(firm))
    task.refresh_from_db()
    assert (task.status, queries.bank_account(firm)) == (TaskStatus.SUBMITTED, None)
    with pytest.raises(TaskDoesItself):
        onboarding.accept(task, by=build.manager(), at=MONDAY)

    bank_accounts.accept(account, by=build.member(Role.FINANCE), at=MONDAY)

    assert queries.bank_account(firm) == account
    assert ChecklistTask.objects.get(partner=firm).status == TaskStatus.ACCEPTED


def test_returned_details_return_the_task_with_the_reason(vendor):
    firm = build.partner(status="onboarding")
    task = made.task(firm, PlannedTask(TaskKind.BANK, checked_by=Checker.FINANCE))
    account = made.bank_account(made.administrator(firm))

    bank_accounts.give_back(account, note="Another name.", by=build.member(Role.FINANCE), at=MONDAY)

    task.refresh_from_db()
    assert (task.status, task.note) == (TaskStatus.RETURNED, "Another name.")


def test_a_changed_account_is_used_only_once_it_is_checked(vendor):
    firm = build.partner()
    admin, finance = made.administrator(firm), build.member(Role.FINANCE)
    old = bank_accounts.accept(made.bank_account(admin), by=finance, at=MONDAY)
    new = made.bank_account(admin, OTHER)
    assert queries.bank_account(firm) == old

    bank_accounts.accept(new, by=finance, at=MONDAY)

    old.refresh_from_db()
    assert (queries.bank_account(firm), old.status) == (new, BankStatus.SUPERSEDED)
    with pytest.raises(BankMoved):
        bank_accounts.give_back(new, note="No", by=finance, at=MONDAY)


def test_the_history_never_holds_the_number(vendor):
    firm = build.partner()
    made.bank_account(made.administrator(firm))

    (event,) = Event.objects.filter(subject_id=firm.pk, name="partners.bank.entered")
    assert made.IBAN not in str(event.payload)
