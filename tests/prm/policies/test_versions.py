"""Versions of a vendor's rules are put into force by one door, however many people stand at it."""

from datetime import timedelta

import pytest

from prm.accounts.roles import Role
from prm.policies import versions
from tests import build
from tests.build import MONDAY

TODAY = MONDAY.date()
AREA = "mdf.terms"


def draft(body, *, after=None):
    return versions.save_draft(AREA, body, revision=after, by=build.member(Role.ADMIN), at=MONDAY)


def publish(revision, on=TODAY):
    return versions.publish_draft(AREA, effective_on=on, revision=revision, by=build.member(Role.ADMIN), at=MONDAY)


@pytest.mark.usefixtures("vendor")
def test_nobody_publishes_what_somebody_else_just_saved():
    with pytest.raises(versions.NothingDrafted):
        publish(1)
    first = draft({"claim_days": 30})
    draft({"claim_days": 20}, after=first.revision)

    with pytest.raises(versions.DraftChanged):
        publish(first.revision)
    assert publish(first.revision + 1).body == {"claim_days": 20}
    assert versions.draft_of(AREA) is None


@pytest.mark.usefixtures("vendor")
def test_a_version_is_not_undone_by_one_of_an_earlier_day():
    publish(draft({"claim_days": 30}).revision, on=TODAY + timedelta(days=7))
    revision = draft({"claim_days": 20}).revision

    with pytest.raises(versions.ScheduledLater):
        publish(revision)
    with pytest.raises(versions.InThePast):
        publish(revision, on=TODAY - timedelta(days=1))
    assert publish(revision, on=TODAY + timedelta(days=7)).body == {"claim_days": 20}
