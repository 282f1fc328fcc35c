"""Administrators who begin or go on with a draft at the same moment."""

from collections import Counter

from prm.accounts.roles import Role
from prm.policies import versions
from prm.policies.models import PolicyDraft
from prm.policies.versions import DraftChanged
from prm.tenancy.context import as_system
from tests import build
from tests.races import at_once


def test_of_those_who_begin_a_draft_at_once_one_succeeds_and_the_others_are_told(committed):
    vendor = build.vendor()
    with as_system(vendor.pk):
        admin = build.member(Role.ADMIN)

    def begin(number):
        with as_system(vendor.pk):
            return versions.save_draft(
                "deals.registration", {"protection_days": number}, revision=None, by=admin, at=build.MONDAY
            )

    answers = at_once([lambda number=number: begin(number) for number in range(8)])

    assert Counter(map(type, answers)) == {PolicyDraft: 1, DraftChanged: 7}
    refusal = next(answer for answer in answers if isinstance(answer, DraftChanged))
    assert refusal.sentence.startswith(("Somebody changed", admin.user.name))
    with as_system(vendor.pk):
        assert PolicyDraft.objects.get().revision == 1
