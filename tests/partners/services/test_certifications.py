from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from partners.enums import CertificateStatus, PartnerStatus, TaskKind, TaskStatus
from partners.models import ChecklistTask
from partners.rules import certifications as rules
from partners.rules.checklists import PlannedTask
from partners.services import certifications
from partners.services.certifications import (
    CertificateMoved,
    Claimed,
    NoLongerOffered,
    NotAColleague,
    NotIssuedYet,
    NumberTaken,
    OutOfDate,
)
from prm.files.services import FileUnfit
from tests import build
from tests.build import MONDAY
from tests.partners import build as made

TODAY = MONDAY.date()


def claimed(holder, **facts):
    facts = {"certification": None, "holder": holder, "number": "C-1", "issued_on": TODAY, **facts}
    facts["certification"] = facts["certification"] or made.certification()
    return Claimed(**facts)


def submitted(by=None, **facts):
    by = by or build.seller()
    return certifications.submit(claimed(by, **facts), made.picture(), by=by, at=MONDAY)


def test_the_last_day_is_the_day_before_the_same_day_so_many_months_later():
    assert rules.last_day(date(2026, 1, 15), 12) == date(2027, 1, 14)
    assert rules.last_day(date(2026, 1, 31), 1) == date(2026, 2, 27)
    assert rules.last_day(date(2024, 2, 29), 12) == date(2025, 2, 27)
    assert rules.last_day(date(2026, 1, 15), None) is None


def test_reminders_come_at_sixty_thirty_and_seven_days():
    assert [rules.reminder_due(days, None) for days in (61, 60, 30, 7, 0, -1)] == [None, 60, 30, 7, 7, None]
    assert rules.reminder_due(29, 30) is None
    assert rules.reminder_due(6, 30) == 7


def test_a_confirmed_certificate_counts_and_completes_the_task(vendor):
    made.certification()
    firm = build.partner(status=PartnerStatus.ONBOARDING)
    made.task(firm, PlannedTask(TaskKind.TRAINING))
    certificate = submitted(by=build.seller(of=firm))
    assert certificate.expires_on == rules.last_day(TODAY, 24)

    certificate = certifications.confirm(certificate, by=build.manager(), at=MONDAY)

    assert certificate.status == CertificateStatus.ACTIVE
    assert ChecklistTask.objects.get(partner=firm).status == TaskStatus.ACCEPTED
    firm.refresh_from_db()
    assert firm.status == PartnerStatus.ACTIVE


def test_what_cannot_be_true_is_refused(vendor):
    old = made.certification(valid_months=12)
    closed = made.certification(is_active=False)

    for refusal, facts in (
        (NotIssuedYet, {"issued_on": TODAY + timedelta(days=1)}),
        (OutOfDate, {"issued_on": TODAY - timedelta(days=400), "certification": old}),
        (NoLongerOffered, {"certification": closed}),
    ):
        with pytest.raises(refusal):
            submitted(**facts)


def test_one_certificate_is_handed_in_once_whoever_has_it(vendor):
    certification = made.certification()
    submitted(certification=certification)

    with pytest.raises(NumberTaken):
        submitted(certification=certification)


def test_only_administrators_hand_in_certificates_of_others_and_only_of_colleagues(vendor):
    firm = build.partner()
    admin, seller = made.administrator(firm), build.seller(of=firm)

    assert certifications.submit(claimed(seller), made.picture(), by=admin, at=MONDAY).holder_id == seller.user_id
    for by, holder in ((seller, admin), (admin, build.seller())):
        with pytest.raises(NotAColleague):
            certifications.submit(claimed(holder, number="C-2"), made.picture(), by=by, at=MONDAY)


def test_a_file_that_is_none_leaves_no_certificate(vendor):
    seller = build.seller()
    fake = SimpleUploadedFile("certificate.pdf", b"no pdf at all", "application/pdf")

    with pytest.raises(FileUnfit):
        certifications.submit(claimed(seller), fake, by=seller, at=MONDAY)

    assert not seller_has_any(seller)


def seller_has_any(seller):
    from partners.models import Certificate

    return Certificate.objects.filter(holder_id=seller.user_id).exists()


def test_a_returned_certificate_is_corrected_and_of_two_deciders_the_second_is_told(vendor):
    seller = build.seller()
    certificate = submitted(by=seller)
    seen = certificate.version
    certificate = certifications.give_back(certificate, note="Unreadable", by=build.manager(), at=MONDAY, version=seen)
    with pytest.raises(CertificateMoved):
        certifications.confirm(certificate, by=build.manager(), at=MONDAY, version=seen)

    certificate = certifications.correct(
        certificate, claimed(seller, certification=certificate.certification, number="C-9"), None, by=seller, at=MONDAY
    )

    assert (certificate.status, certificate.number, certificate.note) == ("submitted", "C-9", "")


def test_the_clock_reminds_and_ends_each_certificate_once(vendor):
    certificate = made.certificate(build.seller(), issued_on=date(2026, 1, 1), expires_on=date(2026, 12, 31))
    days = [date(2026, 10, 31), date(2026, 11, 1), date(2026, 11, 2), date(2026, 12, 1), date(2026, 12, 30)]

    assert [certifications.remind(certificate, today=day, at=MONDAY) for day in days] == [
        False,
        True,
        False,
        True,
        True,
    ]
    ends = [date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 1)]
    assert [certifications.expire(certificate, today=day, at=MONDAY) for day in ends] == [False, True, False]


def test_what_a_certification_is_called_is_unique_and_edits_do_not_overwrite_each_other(vendor):
    course = certifications.Course("Engineer", certifications.CertifiedRole.TECHNICAL)
    by = build.manager()
    row = certifications.keep(course, by=by, at=MONDAY)
    with pytest.raises(certifications.CertificationNameTaken):
        certifications.keep(course, by=by, at=MONDAY)
    certifications.change(row, course, seen=1, by=by, at=MONDAY)

    with pytest.raises(certifications.CertificationChangedMeanwhile):
        certifications.change(row, course, seen=1, by=by, at=MONDAY)
