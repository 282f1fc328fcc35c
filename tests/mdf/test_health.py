from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from mdf import tasks
from mdf.models import LedgerAccount, LedgerCount
from prm.tenancy.context import as_system
from tests import build
from tests.mdf import build as mdf

LINE = "Every balance of the fund ledgers is the sum of its entries"


@pytest.fixture
def vendor(committed):
    """A vendor with a fund, as another connection sees it."""
    vendor = build.vendor("halyard")
    with as_system(vendor.pk):
        mdf.allocation(at=timezone.now() - timedelta(days=3))
    return vendor


@pytest.fixture
def health(client, vendor):
    client.force_login(build.user(is_operator=True))
    return lambda: client.get("/operator/").content.decode()


def test_the_operator_sees_that_every_balance_matched_and_when_it_was_counted(health):
    tasks.check_balances()

    page = health()
    assert LINE in page
    assert "balances were counted again, last on" in page


def test_a_balance_that_differs_is_red_and_leads_to_its_ledger(health, vendor, client):
    with as_system(vendor.pk):
        account = LedgerAccount.objects.filter(balance__gt=0).first()
        LedgerAccount.objects.filter(pk=account.pk).update(balance=account.balance + Decimal(1))
    tasks.check_balances()

    page = health()
    assert "A balance of a fund ledger does not add up" in page
    assert f"/halyard/funds/{account.fund_id}/ledger/" in page
    assert client.get("/readyz").status_code == 200

    with as_system(vendor.pk):
        LedgerAccount.objects.filter(pk=account.pk).update(balance=account.balance)
    tasks.check_balances()
    assert LINE in health()


def test_a_count_that_is_overdue_is_amber_and_names_the_vendor(health, vendor):
    assert "They never were." in health()
    tasks.check_balances()
    with as_system(vendor.pk):
        LedgerCount.objects.update(counted_at=timezone.now() - timedelta(hours=25))
    assert LINE in health()

    with as_system(vendor.pk):
        LedgerCount.objects.update(counted_at=timezone.now() - timedelta(hours=27))
    page = health()
    assert "The fund ledgers were not counted again last night" in page
    assert "its log says of: Halyard" in page
