"""Quotes month by month."""

from datetime import date

import time_machine

from prm.accounts.roles import Role
from quotes.queries import months
from tests import build
from tests.prm.ui.test_shell import sign_in
from tests.quotes import build as offers


def test_what_was_issued_and_accepted_counts_in_its_month(vendor):
    issued = offers.issued()
    offers.ordered()

    found = months.by_month(build.member(Role.EXECUTIVE), "EUR", build.MONDAY.date())

    assert [month.first_day for month in found][-1] == date(2026, 11, 1)
    assert len(found) == 12
    assert found[-1].issued.amount == 2 * issued.net_total
    assert found[-1].accepted.amount == issued.net_total
    assert not any(month.issued for month in found[:-1])


def test_other_currencies_are_not_added(vendor):
    offers.issued()

    assert not any(month.issued for month in months.by_month(build.manager(), "CHF", build.MONDAY.date()))


def test_only_the_vendors_people_get_the_picture(vendor):
    offers.issued()

    with time_machine.travel(build.MONDAY, tick=False):
        members = [build.member(role) for role in (Role.EXECUTIVE, Role.CHANNEL_MANAGER, Role.PARTNER_ADMIN)]
        pages = [sign_in(member).get(f"/{vendor.slug}/") for member in members]

    assert ["Quotes issued and accepted" in page.content.decode() for page in pages] == [True, True, False]
