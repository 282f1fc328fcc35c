from django.utils import translation

from deals.rules.terms import AREA, Terms
from deals.services.vendors import REASONS, prepare
from prm.accounts.vendors import open_portal
from prm.notifications import facts
from prm.policies import versions
from prm.policies.models import PolicyVersion, ReasonCode
from prm.tenancy.context import as_system
from tests.build import MONDAY


def test_a_new_vendor_has_terms_and_reasons_from_its_first_day(db):
    with as_system(open_portal("acme", "Acme", at=MONDAY).pk):
        assert versions.in_force(AREA, MONDAY.date()).body == Terms().body()
        assert {area: set(codes) for area, codes in REASONS.items()} == {
            area: set(ReasonCode.objects.filter(area=area).values_list("code", flat=True)) for area in REASONS
        }


def test_preparing_a_vendor_again_changes_nothing(db):
    with as_system(open_portal("acme", "Acme", at=MONDAY).pk):
        prepare(MONDAY)

        assert PolicyVersion.objects.filter(area=AREA).count() == 1
        assert ReasonCode.objects.filter(area__in=REASONS).count() == sum(map(len, REASONS.values()))


def test_every_reason_has_words():
    assert {code for codes in REASONS.values() for code in codes} <= set(ReasonCode.LABELS)


def test_a_notification_says_a_reason_in_the_readers_language_or_in_the_vendors_own_words(vendor):
    ours, theirs = ReasonCode(code="price"), ReasonCode(code="price", label="Zu teuer")

    kept = facts.unpack(facts.pack({"ours": ours, "theirs": theirs}))

    with translation.override("en"):
        assert (str(kept["ours"]), str(kept["theirs"])) == ("Price", "Zu teuer")
