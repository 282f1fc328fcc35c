from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from partners.enums import AgreementStatus
from partners.models import Agreement, AgreementVersion
from partners.services import agreement_texts, agreements
from partners.services.agreements import AgreementClosed, AgreementReplaced, NotTicked
from prm.events.models import Event
from tests import build
from tests.build import MONDAY
from tests.deals.services.test_races import at_once
from tests.partners import build as made


def open_for(partner):
    return list(Agreement.objects.open().filter(partner=partner))


def test_a_new_vendor_starts_with_an_agreement_in_every_language(vendor):
    version = AgreementVersion.objects.get()

    assert set(version.wordings) == {"en", "de"}
    assert version.wording("de").title == "Partnervertrag"
    assert agreement_texts.prepare(MONDAY) == version


def test_a_partner_is_offered_what_is_in_force_for_its_type(vendor):
    for_distributors = made.published(made.text(partner_types=("distributor",)))
    made.published(made.text(is_active=False))
    made.published(effective_on=MONDAY.date() + timedelta(days=1))
    made.text()
    first = AgreementVersion.objects.order_by("published_at").first()
    reseller, distributor = build.partner(), build.partner(type="distributor")

    assert [row.version for row in agreements.offer(reseller, by=build.manager(), at=MONDAY)] == [first]
    assert for_distributors in {row.version for row in agreements.offer(distributor, by=build.manager(), at=MONDAY)}


def test_offering_again_offers_nothing(vendor):
    firm = build.partner()
    agreements.offer(firm, by=build.manager(), at=MONDAY)

    assert agreements.offer(firm, by=build.manager(), at=MONDAY) == []
    assert len(open_for(firm)) == 1


def test_an_acceptance_keeps_who_signed_what_when_and_from_where(vendor):
    agreement = made.offered()
    admin = made.administrator(agreement.partner)

    signed = agreements.accept(agreement, made.signature(agreement, language="de"), by=admin, at=MONDAY)

    assert (signed.status, signed.decided_by_id, signed.decided_at) == (AgreementStatus.ACCEPTED, admin.user_id, MONDAY)
    assert (signed.signer_name, signed.signer_title) == ("Maja Lindqvist", "Managing director")
    assert (signed.language, signed.ip_address, signed.user_agent) == ("de", "198.51.100.7", "Firefox")
    assert signed.sha256 == signed.version.sha256


def test_nothing_is_accepted_without_the_tick(vendor):
    agreement = made.offered()

    with pytest.raises(NotTicked):
        agreements.accept(
            agreement,
            made.signature(agreement, is_ticked=False),
            by=made.administrator(agreement.partner),
            at=MONDAY,
        )

    agreement.refresh_from_db()
    assert agreement.is_open


def test_a_second_acceptance_changes_nothing(vendor):
    agreement = made.signed()
    other = made.administrator(agreement.partner)

    again = agreements.accept(agreement, made.signature(agreement, name="Somebody"), by=other, at=MONDAY)

    assert again.signer_name == "Maja Lindqvist"
    assert Event.objects.filter(subject_id=agreement.pk, name="partners.agreement.accepted").count() == 1


def test_an_agreement_edited_after_sending_stays_what_was_offered(vendor):
    kept = made.text()
    agreement = made.offered(version=made.published(kept))

    made.published(kept, words="You sell more.")

    signed = agreements.accept(
        agreement, made.signature(agreement), by=made.administrator(agreement.partner), at=MONDAY
    )
    assert signed.version.wording("en").text == made.WORDS["en"].text


def test_an_outdated_page_is_told_which_text_to_read_instead(vendor):
    kept = made.text()
    old = made.offered(version=made.published(kept))
    new = made.offered(old.partner, made.published(kept, words="You sell more."))

    with pytest.raises(AgreementReplaced) as refusal:
        agreements.accept(old, made.signature(old), by=made.administrator(old.partner), at=MONDAY)

    assert refusal.value.facts["successor"] == new
    assert open_for(old.partner) == [new]


def test_another_text_than_the_offered_one_is_not_accepted(vendor):
    agreement = made.offered()

    with pytest.raises(AgreementReplaced):
        agreements.accept(
            agreement,
            made.signature(agreement, sha256="0" * 64),
            by=made.administrator(agreement.partner),
            at=MONDAY,
        )


def test_what_was_accepted_stays_in_force_until_the_newer_version_is_accepted(vendor):
    kept = made.text()
    old = made.signed(version=made.published(kept))
    new = made.offered(old.partner, made.published(kept, words="You sell more."))
    old.refresh_from_db()
    assert old.status == AgreementStatus.ACCEPTED

    agreements.accept(new, made.signature(new), by=made.administrator(old.partner), at=MONDAY)

    old.refresh_from_db()
    assert old.status == AgreementStatus.SUPERSEDED
    assert old.is_signed


def test_a_declined_agreement_says_why_and_can_be_offered_again(vendor):
    agreement = made.offered()
    admin = made.administrator(agreement.partner)

    declined = agreements.decline(agreement, note="Clause 7 is too short.", by=admin, at=MONDAY)

    assert (declined.status, declined.decline_note) == (AgreementStatus.DECLINED, "Clause 7 is too short.")
    with pytest.raises(AgreementClosed):
        agreements.accept(agreement, made.signature(agreement), by=admin, at=MONDAY)
    assert made.offered(agreement.partner, agreement.version).is_open


def test_a_version_goes_to_every_partner_it_concerns_once(vendor):
    firm, gone = build.partner(), build.partner(status="terminated")
    kept = made.text(partner_types=("reseller",))
    build.partner(type="msp")
    version = made.published(kept)

    made.offered(firm, version)
    sent = agreement_texts.offer_to_all(version, accept_by=date(2026, 12, 31), by=build.manager(), at=MONDAY)

    assert [row.partner for row in sent] == [firm]
    assert not Agreement.objects.filter(partner=gone).exists()


def test_reminders_come_before_the_deadline_and_once_each(vendor):
    agreement = made.offered(accept_by=date(2026, 12, 10))

    days = [date(2026, 12, day) for day in (2, 3, 4, 7, 8, 9, 10, 11)]

    assert [agreements.remind(agreement, today=day, at=MONDAY) for day in days] == [
        False,
        True,
        False,
        True,
        False,
        True,
        False,
        False,
    ]


def test_a_published_version_is_never_changed(vendor):
    version = made.published()

    with pytest.raises(DatabaseError), transaction.atomic():
        AgreementVersion.objects.filter(pk=version.pk).update(sha256="0" * 64)


def test_publishing_refuses_the_same_words_and_days_in_the_past(vendor):
    kept = made.text()
    with pytest.raises(agreement_texts.TooEarly):
        made.published(kept, effective_on=MONDAY.date() - timedelta(days=1))
    made.published(kept)

    with pytest.raises(agreement_texts.NothingNew):
        made.published(kept)


def test_of_two_people_who_edit_an_agreement_the_second_is_told(vendor):
    kept = made.text()
    content = agreement_texts.Content(kept.name, made.WORDS)
    agreement_texts.change(kept, content, seen=1, by=build.manager(), at=MONDAY)

    with pytest.raises(agreement_texts.TextChangedMeanwhile):
        agreement_texts.change(kept, content, seen=1, by=build.manager(), at=MONDAY)


def test_a_language_is_written_in_full_or_not_at_all(vendor):
    for wordings in ({}, {"en": agreement_texts.Wording("Title", "")}, {"en": agreement_texts.Wording("", "Text")}):
        with pytest.raises(agreement_texts.NotWritten):
            agreement_texts.Content("Agreement", wordings)


def test_two_administrators_who_accept_at_once_make_one_acceptance(committed):
    from prm.tenancy.context import acting_as, as_system

    tenant = build.vendor()
    with as_system(tenant.pk):
        agreement = made.offered()
        admins = [made.administrator(agreement.partner) for _ in range(6)]

    def accept(admin):
        with acting_as(admin.actor):
            signature = made.signature(agreement, name=admin.user.email)
            return agreements.accept(agreement, signature, by=admin, at=MONDAY).signer_name

    answers = at_once([lambda a=a: accept(a) for a in admins])

    assert len(set(answers)) == 1
    with as_system(tenant.pk):
        assert Event.objects.filter(name="partners.agreement.accepted").count() == 1
