"""What the first page says about marketing money, to those who answer for it."""

import pytest

from prm.accounts.roles import Role
from tests import build
from tests.mdf import build as funds
from tests.prm.ui.test_shell import sign_in


@pytest.mark.parametrize("role", [Role.FINANCE, Role.EXECUTIVE])
def test_those_who_answer_for_the_money_see_where_each_fund_stands(vendor, role):
    share = funds.allocation(of=funds.fund(10_000, name="Launch fund"))
    funds.submitted(share)

    page = sign_in(build.member(role)).get(f"/{vendor.slug}/").content.decode()

    assert "Where the marketing money is" in page
    assert "Launch fund: of €10,000, €0 are used, €0 approved and" in page
    assert "Show as a table" in page


def test_who_decides_and_partners_are_not_shown_the_whole_fund(vendor):
    share = funds.allocation(of=funds.fund(10_000, name="Launch fund"))

    for member in (build.manager(), funds.marketer(of=share.partner)):
        assert "Where the marketing money is" not in sign_in(member).get(f"/{vendor.slug}/").content.decode()
