"""What a partner keeps to itself: the wall as both layers say it."""

import pytest

from prm.tenancy.context import Actor, Scope
from prm.tenancy.models import FirmModel, Wall, wall_one
from prm.tenancy.policies import _reach

VENDORS_OWN = "'vendor'"


class Rows:
    """Stands for a query set and keeps what it was limited to; the apps' own tests ask real tables."""

    model = FirmModel

    def __init__(self, **limits):
        self.limits = limits

    def filter(self, **limits):
        return Rows(**self.limits, **limits)

    def none(self):
        return None


@pytest.mark.parametrize("scope", [Scope.PARTNER, Scope.TREE])
def test_a_partner_reaches_its_own_rows_and_a_distributor_none_below(vendor, scope):
    rows = wall_one(Rows(), Actor(vendor.pk, scope, "/distributor/"))

    assert rows.limits == {"tenant_id": vendor.pk, "partner_path": "/distributor/"}


@pytest.mark.parametrize(("scope", "path"), [(Scope.VENDOR, ""), (Scope.NOBODY, ""), (Scope.PARTNER, "")])
def test_the_vendor_reaches_nothing_of_what_a_partner_keeps_to_itself(vendor, scope, path):
    assert wall_one(Rows(), Actor(vendor.pk, scope, path)) is None


@pytest.mark.parametrize("dialect", ["postgresql", "citus"])
def test_the_policy_never_mentions_the_vendor(dialect):
    assert VENDORS_OWN not in _reach(Wall.FIRM, dialect)
    assert "starts_with" not in _reach(Wall.FIRM, dialect)
