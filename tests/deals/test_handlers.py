"""Who is told of what. `tell` delivers everything that is due and returns who was told of which kind."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from deals import tasks
from deals.enums import CaseDecision, Stage
from deals.handlers import PAGES
from deals.models import Registration
from deals.rules.cases import Verdict
from deals.services import amendments, case_decisions, cases, decisions, outcomes, protection, registrations, transfers
from partners.services import partners
from prm.accounts.models import Membership
from prm.accounts.roles import Role
from prm.comments import services as comments
from prm.events.models import Delivery
from prm.events.outbox import UNDO_TIME, deliver_due
from prm.money import Money
from prm.notifications import facts, words
from prm.notifications.kinds import KINDS
from prm.notifications.models import Notification, OutgoingMail
from prm.tenancy.context import as_system
from tests import build
from tests.build import MONDAY
from tests.deals.rulebook import publish, rule


@pytest.fixture
def firm(vendor):
    """A partner with a channel manager of its own, and people of another partner and of the vendor around it."""
    cast = Cast()
    cast.manager = build.member(Role.CHANNEL_MANAGER, name="Tomás Ferreira")
    cast.colleague = build.member(Role.ADMIN, name="Ingrid Solberg")
    cast.partner = build.partner("Northlight", channel_manager=cast.manager.user)
    cast.seller = build.member(Role.PARTNER_SALES, of=cast.partner, name="Maja Lindqvist")
    cast.admin = build.member(Role.PARTNER_ADMIN, of=cast.partner, name="Oskar Nyström")
    build.member(Role.PARTNER_SALES, of=cast.partner, name="Emil Björklund")
    build.member(Role.PARTNER_MARKETING, of=cast.partner, name="Freja Dahl")
    build.member(Role.PARTNER_ADMIN, name="Jonas Weber")
    build.member(Role.FINANCE, name="Henrik Vogel")
    return cast


class Cast:
    manager: Membership
    colleague: Membership
    seller: Membership
    admin: Membership


def tell(vendor):
    """Deliver what is due, also what can no longer be undone, and return who was told what, oldest first."""
    deliver_due(vendor.pk, now=lambda: timezone.now() + UNDO_TIME + timedelta(seconds=1))
    with as_system(vendor.pk):
        assert not Delivery.objects.exclude(last_error="").exists()
        rows = Notification.objects.select_related("user").order_by("event__recorded_at", "user__name")
        return [(row.kind.removeprefix("deals."), row.user.name) for row in rows]


def said(vendor) -> words.Words:
    """Return the words of the only notification there is."""
    with as_system(vendor.pk):
        row = Notification.objects.get()
        return words.of(row.kind, row.facts)


def submitted(firm, **facts) -> Registration:
    return build.submitted(by=firm.seller, customer_name="Globex", **facts)


def forget(vendor) -> None:
    """Deliver and throw away what came before, so that a test sees only what follows."""
    tell(vendor)
    Notification.objects.all().delete()
    OutgoingMail.objects.all().delete()


def approved(vendor, firm) -> Registration:
    registration = decisions.approve(submitted(firm), by=firm.manager, at=MONDAY)
    forget(vendor)
    return registration


def test_the_channel_manager_of_the_partner_is_told_of_a_submission(vendor, firm):
    submitted(firm)

    assert tell(vendor) == [("registration_submitted", "Tomás Ferreira")]
    assert said(vendor).subject == "Northlight registers Globex, €46,200"


def test_without_a_channel_manager_everybody_who_decides_is_told(vendor, firm):
    Membership.objects.filter(pk=firm.manager.pk).update(status=Membership.Status.SUSPENDED)

    submitted(firm)

    assert tell(vendor) == [("registration_submitted", "Ingrid Solberg")]


def test_a_submission_with_a_rival_says_so(vendor, firm):
    build.approved(customer_website="globex.example")
    forget(vendor)

    submitted(firm, customer_website="globex.example")

    tell(vendor)
    assert "One other registration may be about the same customer." in said(vendor).text


def test_the_owner_and_the_firms_administrators_are_told_of_an_approval(vendor, firm):
    decisions.approve(submitted(firm), by=firm.manager, at=MONDAY, note="Good work.\nReally.")

    told = tell(vendor)

    assert told[1:] == [("registration_approved", "Maja Lindqvist"), ("registration_approved", "Oskar Nyström")]


def test_a_decision_that_is_undone_is_told_to_nobody(vendor, firm):
    registration = submitted(firm)
    decisions.approve(registration, by=firm.manager, at=MONDAY)
    decisions.undo(registration, by=firm.manager, at=MONDAY)

    assert tell(vendor) == [("registration_submitted", "Tomás Ferreira")]


def test_a_decision_is_told_only_after_the_time_to_undo_it(vendor, firm):
    decisions.approve(submitted(firm), by=firm.manager, at=MONDAY)

    deliver_due(vendor.pk)

    assert not Notification.objects.filter(kind="deals.registration_approved").exists()


def test_a_rejection_says_the_reason_in_the_readers_language(vendor, firm):
    registration = submitted(firm)
    forget(vendor)
    Membership.objects.filter(pk=firm.admin.pk).update(status=Membership.Status.SUSPENDED)

    decisions.reject(registration, reason_code="incomplete", note="Where?", by=firm.manager, at=MONDAY)

    assert tell(vendor) == [("registration_rejected", "Maja Lindqvist")]
    assert said(vendor).subject == "Globex is rejected: Facts are missing"
    assert said(vendor).paragraphs[-1] == "“Where?”"


def test_a_question_leads_to_the_answer_and_the_answer_to_the_inbox(vendor, firm):
    registration = submitted(firm)
    forget(vendor)

    decisions.ask(registration, question="Who signs?", by=firm.manager, at=MONDAY)
    tell(vendor)
    registrations.answer(registration, None, text="The CFO.", by=firm.seller, at=MONDAY)

    assert tell(vendor)[-1] == ("information_answered", "Tomás Ferreira")
    paths = set(Notification.objects.values_list("kind", "path"))
    assert paths == {
        ("deals.information_requested", f"deals/{registration.pk}/answer/"),
        ("deals.information_answered", f"deals/to-decide/{registration.pk}/"),
    }


def test_nobody_is_told_of_what_they_did_themselves(vendor, firm):
    registration = build.submitted(by=firm.admin)
    forget(vendor)

    protection_ended = decisions.approve(registration, by=firm.manager, at=MONDAY)
    forget(vendor)
    comments.write(protection_ended, "Well done", by=firm.manager, at=MONDAY)

    assert tell(vendor) == [("prm.comment_added", "Oskar Nyström")]


def test_an_extension_is_told_to_the_manager_and_its_decision_to_the_firm(vendor, firm):
    registration = approved(vendor, firm)

    protection.ask_extension(registration, progress="The pilot passed.", by=firm.seller, at=MONDAY)
    protection.refuse_extension(registration, reason_code="no_evidence", note="", by=firm.colleague, at=MONDAY)
    protection.ask_extension(registration, progress="It really did.", by=firm.seller, at=MONDAY)
    protection.extend(registration, by=firm.colleague, at=MONDAY)

    asked = ("extension_asked", "Tomás Ferreira")
    refused = [("extension_rejected", name) for name in ("Maja Lindqvist", "Oskar Nyström")]
    granted = [("extension_approved", name) for name in ("Maja Lindqvist", "Oskar Nyström")]
    assert tell(vendor) == [asked, *refused, asked, *granted]


def test_a_change_of_facts_is_told_to_the_manager_and_its_decision_to_the_firm(vendor, firm):
    registration = approved(vendor, firm)
    later = MONDAY + timedelta(days=1)

    def propose(amount):
        content = build.drafts.Content({"value_amount": Decimal(amount), "value_currency": "EUR"})
        return amendments.propose(registration, content, by=firm.seller, at=later)

    propose(50000)
    amendments.refuse(propose(90000), reason_code="no_evidence", by=firm.colleague, at=later)
    amendments.approve(propose(80000), by=firm.colleague, at=later)

    asked = ("amendment_proposed", "Tomás Ferreira")
    refused = [("amendment_refused", name) for name in ("Maja Lindqvist", "Oskar Nyström")]
    agreed = [("amendment_approved", name) for name in ("Maja Lindqvist", "Oskar Nyström")]
    assert tell(vendor) == [("registration_amended", "Tomás Ferreira"), asked, *refused, asked, *agreed]


def test_a_transfer_is_told_to_both_firms_and_to_the_former_not_where_it_went(vendor, firm):
    registration = approved(vendor, firm)
    to = build.partner("Vos B.V.")
    build.member(Role.PARTNER_ADMIN, of=to, name="Pieter Vos")

    transfers.ask(registration, firm="Vos", wish="They were bought.", by=firm.seller, at=MONDAY)
    transfers.transfer(registration, to, reason_code="firm_bought", by=firm.colleague, at=MONDAY)

    left = [("registration_left", name) for name in ("Maja Lindqvist", "Oskar Nyström")]
    assert set(tell(vendor)) == {*left, ("registration_received", "Pieter Vos")}
    with as_system(vendor.pk):
        for row in Notification.objects.filter(kind="deals.registration_left"):
            assert to.name not in f"{row.facts} {row.path}"


def test_the_firm_is_told_when_its_protection_is_revoked(vendor, firm):
    registration = approved(vendor, firm)

    protection.revoke(registration, reason_code="untrue", note="", by=firm.manager, at=MONDAY)

    assert tell(vendor) == [("protection_revoked", name) for name in ("Maja Lindqvist", "Oskar Nyström")]


def test_the_firm_is_reminded_and_told_of_the_end(vendor, firm):
    approved(vendor, firm)

    for day in (date(2027, 2, 20), date(2027, 2, 22)):
        with time_machine.travel(datetime(day.year, day.month, day.day, 12, tzinfo=UTC), tick=False):
            tasks.remind_of_protections()
            tasks.expire_protections()
            kinds = [kind for kind, name in tell(vendor) if name == "Maja Lindqvist"]

    assert kinds == ["protection_reminded", "protection_expired"]


def test_the_firm_is_asked_to_check_in_and_both_are_told_what_silence_did(vendor, firm):
    approved(vendor, firm)

    told = []
    for days in (28, 31, 47):
        with time_machine.travel(MONDAY + timedelta(days=days, hours=4), tick=False):
            tasks.ask_for_check_ins()
            tasks.release_unconfirmed()
            told = tell(vendor)

    assert [kind for kind, name in told if name == "Maja Lindqvist"] == [
        "checkin_reminded",
        "checkin_missed",
        "protection_forfeited",
    ]
    assert ("forfeited_unconfirmed", "Tomás Ferreira") in told


def test_who_is_beside_others_and_silent_loses_the_place_and_nobody_is_told_of_a_free_customer(vendor, firm):
    publish(rule("All", decision="approve", contested="second"))
    build.submitted(customer_website="globex.example", customer_name="Globex")
    second = submitted(firm, customer_website="globex.example", at=MONDAY + timedelta(hours=1))
    forget(vendor)

    for days in (28, 31, 47):
        with time_machine.travel(MONDAY + timedelta(days=days, hours=4), tick=False):
            tasks.ask_for_check_ins()
            tasks.release_unconfirmed()
            tell(vendor)

    with as_system(vendor.pk):
        rows = list(Notification.objects.filter(path__contains=str(second.pk)).select_related("user"))
        told = {(row.kind.removeprefix("deals."), row.user.name) for row in rows}
        lost = next(row for row in rows if row.kind == "deals.place_unconfirmed")
        assert "approved beside others no more" in words.of(lost.kind, lost.facts).text
    assert {kind for kind, name in told if name == "Maja Lindqvist"} == {
        "checkin_reminded",
        "checkin_missed",
        "place_forfeited",
    }
    assert ("place_unconfirmed", "Tomás Ferreira") in told


def test_the_next_in_line_is_told_that_a_customer_is_free_and_nothing_of_the_rival(vendor, firm):
    same = {"customer_website": "globex.example", "customer_name": "Globex"}
    rival = build.seller()
    held = build.approved(by=rival, **same)
    late = build.submitted(by=firm.seller, **same)
    decisions.reject(late, reason_code="duplicate", note="", by=firm.colleague, at=MONDAY)
    forget(vendor)

    protection.release(held, by=rival, at=MONDAY)
    tell(vendor)
    told = tell(vendor)

    assert ("turn_came", "Maja Lindqvist") in told
    assert ("next_in_line", "Tomás Ferreira") in told
    with as_system(vendor.pk):
        note = Notification.objects.get(kind="deals.turn_came", user=firm.seller.user)
        words_of = f"{note.facts}"
        assert held.number not in words_of
        assert held.partner.name not in words_of


def test_whose_deal_ended_with_anothers_win_is_told_that_it_goes_on(vendor, firm):
    same = {"customer_website": "globex.example", "customer_name": "Globex"}
    publish(rule("All", decision="approve", contested="second"))
    rival = build.seller()
    first = build.submitted(by=firm.seller, **same)
    second = build.submitted(at=MONDAY + timedelta(hours=1), by=rival, **same)
    forget(vendor)

    won = outcomes.win(second, Money(build.Decimal(1000), "EUR"), by=rival, at=MONDAY + timedelta(hours=2))
    assert ("closed_by_another", "Maja Lindqvist") in tell(vendor)
    outcomes.reopen(won, by=rival, at=MONDAY + timedelta(hours=3))
    tell(vendor)

    assert ("goes_on_again", "Maja Lindqvist") in tell(vendor)
    first.refresh_from_db()
    assert first.is_protected


def test_the_manager_is_told_that_another_partner_won_a_part_of_a_deal(vendor, firm):
    same = {"customer_website": "globex.example", "customer_name": "Globex"}
    publish(rule("All", decision="approve", contested="second"))
    rival = build.seller()
    build.submitted("edge", "mesh", by=firm.seller, **same)
    second = build.submitted(at=MONDAY + timedelta(hours=1), by=rival, **same)
    forget(vendor)

    outcomes.win(second, Money(build.Decimal(1000), "EUR"), by=rival, at=MONDAY + timedelta(hours=2))
    tell(vendor)

    told = tell(vendor)
    assert ("rival_won", "Tomás Ferreira") in told
    assert ("closed_by_another", "Maja Lindqvist") not in told


def test_the_firm_is_told_of_a_lapse_and_the_manager_of_a_withdrawal(vendor, firm):
    lapsed, withdrawn = submitted(firm), submitted(firm)
    forget(vendor)

    registrations.withdraw(lapsed, by=None, at=MONDAY, is_lapsed=True)
    registrations.withdraw(withdrawn, by=firm.seller, at=MONDAY)

    firm_is_told = [("registration_lapsed", "Maja Lindqvist"), ("registration_lapsed", "Oskar Nyström")]
    assert tell(vendor) == [*firm_is_told, ("registration_withdrawn", "Tomás Ferreira")]


def test_the_manager_is_told_how_a_deal_ends(vendor, firm):
    outcomes.win(approved(vendor, firm), Money(build.Decimal(41000), "EUR"), by=firm.seller, at=MONDAY)

    assert tell(vendor) == [("registration_won", "Tomás Ferreira")]
    assert said(vendor).subject == "Northlight wins Globex, €41,000"


def test_the_manager_is_told_of_a_loss_and_of_a_release(vendor, firm):
    outcomes.lose(approved(vendor, firm), reason_code="price", note="", by=firm.seller, at=MONDAY)
    protection.release(decisions.approve(submitted(firm), by=firm.colleague, at=MONDAY), by=firm.seller, at=MONDAY)

    kinds = [kind for kind, name in tell(vendor) if name == "Tomás Ferreira"]
    assert kinds == ["registration_lost", "registration_submitted", "protection_released"]


def test_a_change_of_stage_is_told_to_nobody(vendor, firm):
    outcomes.advance(approved(vendor, firm), Stage.QUALIFIED, by=firm.seller, at=MONDAY)

    assert tell(vendor) == []


def test_a_comment_is_told_to_the_other_side(vendor, firm):
    registration = decisions.approve(submitted(firm), by=firm.colleague, at=MONDAY)
    forget(vendor)

    comments.write(registration, "Have you a reference?", by=firm.seller, at=MONDAY)
    comments.write(registration, "Yes.", by=firm.manager, at=MONDAY)

    asked = [("prm.comment_added", "Ingrid Solberg"), ("prm.comment_added", "Tomás Ferreira")]
    answered = [("prm.comment_added", "Maja Lindqvist"), ("prm.comment_added", "Oskar Nyström")]
    assert tell(vendor) == [*asked, *answered]


def test_an_internal_note_stays_with_the_vendor(vendor, firm):
    registration = decisions.approve(submitted(firm), by=firm.colleague, at=MONDAY)
    forget(vendor)

    comments.write(registration, "Looks high.", by=firm.manager, at=MONDAY, is_internal=True)

    assert tell(vendor) == [("prm.comment_noted", "Ingrid Solberg")]


def test_an_owner_who_now_works_for_another_partner_is_told_nothing(vendor, firm):
    registration = submitted(firm)
    forget(vendor)
    place = partners.place_of(build.partner("Kestrel"))
    Membership.objects.filter(pk=firm.seller.pk).update(**place)

    decisions.reject(registration, reason_code="other", note="", by=firm.manager, at=MONDAY)

    assert tell(vendor) == [("registration_rejected", "Oskar Nyström")]


def test_a_suspended_member_is_told_nothing(vendor, firm):
    registration = submitted(firm)
    forget(vendor)
    Membership.objects.filter(pk=firm.seller.pk).update(status=Membership.Status.SUSPENDED)

    decisions.approve(registration, by=firm.manager, at=MONDAY)

    assert tell(vendor) == [("registration_approved", "Oskar Nyström")]
    assert [mail.user.name for mail in OutgoingMail.objects.select_related("user")] == ["Oskar Nyström"]


def test_everybody_is_told_once_however_often_the_worker_runs(vendor, firm):
    decisions.approve(submitted(firm), by=firm.manager, at=MONDAY)

    assert tell(vendor) == tell(vendor)
    assert OutgoingMail.objects.count() == 3


def test_every_kind_has_words_with_a_subject_of_one_line(vendor, firm):
    told_about = {code for code in KINDS if code.startswith("deals.")}
    stored = facts.pack(
        {"customer": "Globex", "value": Money(build.Decimal(1), "EUR"), "until": MONDAY, "days": 1, "days_left": 1}
    )

    assert set(PAGES) < told_about
    for code in told_about:
        read = words.of(code, stored)
        assert read.subject
        assert "\n" not in read.subject


def test_a_case_that_is_shared_tells_nobody_that_the_customer_is_free(vendor, firm):
    same = {"customer_website": "globex.example", "customer_name": "Globex"}
    outsider = build.submitted(by=firm.seller, **same)
    decisions.reject(outsider, reason_code="duplicate", note="", by=firm.colleague, at=MONDAY)
    holder, late = build.approved(**same), build.submitted(**same)
    case = cases.open_case(holder, [late], by=firm.colleague, at=MONDAY)
    forget(vendor)

    verdict = Verdict(CaseDecision.SHARE)
    case_decisions.decide(case, verdict, version=case.version, by=firm.colleague, at=MONDAY)
    tell(vendor)

    kinds = {kind for kind, _name in tell(vendor)}
    assert not kinds & {"turn_came", "next_in_line", "protection_released"}


def test_a_second_partner_is_told_when_the_first_ones_protection_ends(vendor, firm):
    same = {"customer_website": "globex.example", "customer_name": "Globex"}
    publish(rule("All", decision="approve", contested="second"))
    rival = build.seller()
    first = build.submitted(by=rival, **same)
    build.submitted(at=MONDAY + timedelta(hours=1), by=firm.seller, **same)
    forget(vendor)

    protection.release(first, by=rival, at=MONDAY + timedelta(hours=2))
    tell(vendor)
    told = tell(vendor)

    assert {("turn_came", "Maja Lindqvist"), ("next_in_line", "Tomás Ferreira")} <= set(told)
    with as_system(vendor.pk):
        note = Notification.objects.get(kind="deals.turn_came", user=firm.seller.user)
        text = f"{words.of(note.kind, note.facts)}"
        assert "was refused" not in text
