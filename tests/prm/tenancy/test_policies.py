"""The policies of every tenant's model, read as text in both dialects."""

import pytest

from prm.tenancy.policies import policies
from prm.tenancy.walls import tenant_models

NOT_LEAKPROOF = (" LIKE ", " ILIKE ", "lower(", " ~ ", "@>", " % ")


@pytest.mark.parametrize("dialect", ["postgresql", "citus"])
@pytest.mark.parametrize("model", tenant_models(), ids=lambda model: model._meta.label)
def test_policies_are_made_of_settings_and_leakproof_operators(model, dialect):
    for policy in policies(model, dialect):
        assert not any(operator in policy.using for operator in NOT_LEAKPROOF)
        # A setting is an empty string once the transaction that set it has ended.
        assert policy.using.count("current_setting(") == policy.using.count("nullif(current_setting(")


@pytest.mark.parametrize("model", tenant_models(), ids=lambda model: model._meta.label)
def test_citus_gets_no_sub_selects_and_postgresql_evaluates_each_setting_once(model):
    for plain, citus in zip(policies(model, "postgresql"), policies(model, "citus"), strict=True):
        assert "SELECT" not in citus.using
        assert plain.using.count("(SELECT nullif(") == plain.using.count("current_setting(")
