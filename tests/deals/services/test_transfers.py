"""A deal goes to another partner with its protection; what its former people wrote stays with them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from deals.enums import AmendmentStatus, EnteredAs, ExtensionStatus, Review, TransferStatus
from deals.models import CheckIn, Extension, Protection, Registration, RegistrationLine, Ruling, Transfer
from deals.queries import transfers as queries
from deals.rules.terms import Terms
from deals.services import (
    achievements,
    amendments,
    cases,
    decisions,
    drafts,
    handovers,
    outcomes,
    protection,
    registrations,
    transfers,
)
from deals.services.decisions import Changed, InCase
from deals.services.moves import NotPossible
from deals.services.transfers import (
    AppealWaits,
    NobodySells,
    ReceiverHasIt,
    ReceiverHoards,
    ReceiverNotActive,
    TransferOver,
    TransferWaits,
)
from partners.enums import Metric, PartnerType
from partners.models import Achievement, Partner
from partners.services import partners
from prm.accounts.roles import Role
from prm.approvals import queries as approvals
from prm.comments import services as comments
from prm.disputes import services as disputes
from prm.events.models import Event
from prm.files import services as files
from prm.files import subjects
from prm.files.models import File
from prm.tenancy.context import acting_as
from tests import build
from tests.build import MONDAY
from tests.deals.rulebook import publish, rule

pytestmark = pytest.mark.usefixtures("vendor")
LATER = MONDAY + timedelta(days=3)
WHY = {"reason_code": "firm_bought", "note": "Signed on Friday."}
SALES = {"key": "sales", "name": "Sales", "asked": [{"role": "channel_manager"}]}


@pytest.fixture
def seller():
    return build.seller()


@pytest.fixture
def manager():
    return build.manager()


@pytest.fixture
def receiver():
    return build.member(Role.PARTNER_ADMIN, name="Pieter Vos")


def firm(member):
    return Partner.objects.get(pk=member.partner_id)


def give(registration, receiver, manager, **facts):
    facts = {**WHY, "at": LATER, **facts}
    with acting_as(manager.actor):
        return transfers.transfer(registration, firm(receiver), by=manager, **facts)


def seen_by(member, model, **facts):
    with acting_as(member.actor):
        return model.objects.filter(**facts).count()


# -- what goes -----------------------------------------------------------------------------------------
def test_the_deal_goes_with_its_protection_and_all_its_dates(seller, receiver, manager):
    deal = build.approved("edge", "mesh", by=seller)
    rows = {row.pk: (row.starts_on, row.ends_on) for row in Protection.objects.filter(registration=deal)}
    given = give(deal, receiver, manager)

    deal.refresh_from_db()
    assert (deal.partner_id, deal.partner_path) == (receiver.partner_id, firm(receiver).partner_path)
    assert (deal.owner_id, deal.is_protected) == (receiver.user_id, True)
    assert (deal.protected_from, deal.protected_until) == (given.protected_from, given.protected_until)
    kept = Protection.objects.filter(registration=deal, is_in_force=True)
    assert {row.pk: (row.starts_on, row.ends_on) for row in kept} == rows
    for model, number in ((Protection, 2), (RegistrationLine, 2), (Ruling, 1)):
        assert seen_by(receiver, model, registration=deal) == number
        assert seen_by(seller, model, registration=deal) == (1 if model is Ruling else 0)


def test_the_new_partner_works_on_it_and_the_former_one_does_not_find_it(seller, receiver, manager):
    deal = build.approved(by=seller)
    give(deal, receiver, manager)

    with acting_as(receiver.actor):
        outcomes.win(deal, deal.value, by=receiver, at=LATER)
    with acting_as(seller.actor), pytest.raises(Registration.DoesNotExist):
        outcomes.lose(deal, reason_code="price", note="", by=seller, at=LATER)


def test_the_former_partner_keeps_a_line_that_does_not_say_to_whom(seller, receiver, manager):
    deal = build.approved(by=seller)
    give(deal, receiver, manager)

    with acting_as(seller.actor):
        (line,) = queries.gone(seller)
        assert (line.number, line.customer_name, line.decided_at) == (deal.number, deal.customer_name, LATER)
        events = Event.objects.filter(subject_id=deal.pk)
        told = f"{[event.payload for event in events]} {vars(line)}"
    assert str(receiver.partner_id) not in told
    assert firm(receiver).name not in told
    assert seen_by(receiver, Transfer) == 0


def test_the_new_partner_reads_nothing_of_what_was_written_before(seller, receiver, manager):
    deal = build.approved(by=seller)
    build.file(deal, seller)
    comments.write(deal, "Our margin is thin.", by=seller, at=MONDAY)
    with acting_as(seller.actor):
        amendments.propose(deal, drafts.Content({"contact_name": "Jan"}), note="Psst.", by=seller, at=MONDAY)
    give(deal, receiver, manager)
    comments.write(Registration.objects.get(pk=deal.pk), "Welcome.", by=manager, at=LATER)

    with acting_as(receiver.actor):
        names = [event.name for event in Event.objects.filter(subject_id=deal.pk).order_by("at", "id")]
        assert not deal.amendments.exists()
    assert names[0] == "deals.registration.received"
    with acting_as(seller.actor):
        last = Event.objects.filter(subject_id=deal.pk).order_by("-at", "-id").first()
    assert last.name == "deals.registration.left"


def test_why_and_to_whom_is_for_the_vendor_alone(seller, receiver, manager):
    deal = build.approved(by=seller)
    give(deal, receiver, manager)

    event = Event.objects.get(name="deals.registration.transferred")
    assert (event.partner_path, event.payload["receiver"]) == ("", firm(receiver).name)
    assert (event.payload["reason_code"], event.payload["note"]) == ("firm_bought", "Signed on Friday.")


def test_somebody_chosen_looks_after_it_or_an_administrator(seller, receiver, manager):
    colleague = build.member(Role.PARTNER_SALES, of=firm(receiver), name="Anna Vos")
    one, other = build.approved(by=seller), build.approved(by=seller)

    assert give(one, receiver, manager).owner_id == receiver.user_id
    assert give(other, receiver, manager, owner=colleague).owner_id == colleague.user_id


# -- what is over ----------------------------------------------------------------------------------------
def test_what_waited_at_the_former_partner_is_over(seller, receiver, manager):
    deal = build.approved(by=seller)
    protection.ask_extension(deal, progress="Met twice.", by=seller, at=MONDAY)
    made = amendments.propose(
        deal, drafts.Content({"value_amount": Decimal(99000), "value_currency": "EUR"}), by=seller, at=MONDAY
    )
    (asked,) = CheckIn.objects.filter(registration=deal, is_open=True)

    give(deal, receiver, manager)

    made.refresh_from_db()
    deal.refresh_from_db()
    assert (made.status, deal.amend_by) == (AmendmentStatus.LAPSED, None)
    assert Extension.objects.get().status == ExtensionStatus.REJECTED
    (now,) = CheckIn.objects.filter(registration=deal, is_open=True)
    assert now.due_on == asked.due_on + timedelta(days=3)
    assert (seen_by(receiver, CheckIn), seen_by(seller, CheckIn)) == (1, 0)


def test_a_question_is_over_and_the_promised_time_goes_on(seller, receiver, manager):
    registration = build.submitted(by=seller)
    promised = registration.decide_by
    decisions.ask(registration, question="Who decides there?", by=manager, at=MONDAY)

    given = give(registration, receiver, manager)

    assert (given.review, given.answer_by) == (Review.IN_REVIEW, None)
    assert given.decide_by > promised
    with acting_as(receiver.actor), pytest.raises(NotPossible):
        registrations.answer(given, None, text="Me.", by=receiver, at=LATER)


def test_what_was_agreed_to_for_the_former_partner_is_asked_anew(seller, receiver, manager):
    publish(rule("All", decision="approve", steps=["sales"]), steps=[{**SALES, "need": 2}])
    registration = build.submitted(by=seller)
    decisions.approve(registration, by=manager, at=MONDAY)
    assert approvals.current_of(registration) is not None

    give(registration, receiver, manager)

    decisions.approve(registration, by=build.manager(), at=LATER)
    registration.refresh_from_db()
    assert registration.is_waiting
    assert Ruling.objects.filter(registration=registration).count() == 2


def test_the_terms_stay_those_that_were_pinned(seller, receiver, manager):
    deal = build.approved(by=seller)
    publish(terms=replace(Terms(), protection_days=5), on=MONDAY.date())

    given = give(deal, receiver, manager)

    assert (given.policy_id, given.protected_until) == (deal.policy_id, deal.protected_until)


# -- what counts for whom --------------------------------------------------------------------------------
def test_the_approval_counts_for_whom_it_was_made_and_the_sale_for_who_sells(seller, receiver, manager):
    deal = build.approved(by=seller)
    former = deal.partner
    given = give(deal, receiver, manager)

    achievements.credit_approval(given, partner=former, at=LATER)
    with acting_as(receiver.actor):
        won = outcomes.win(given, given.value, by=receiver, at=LATER)
    achievements.credit_win(won, at=LATER)

    rows = Achievement.objects.values_list("metric", "partner_id")
    assert set(rows) == {(Metric.REGISTRATIONS, former.pk), (Metric.WON_DEALS, receiver.partner_id)}


def test_a_distributor_that_filled_it_in_has_no_part_in_it_any_more(receiver, manager):
    above = build.partner(type=PartnerType.DISTRIBUTOR)
    below = build.seller(of=build.partner(distributor=above))
    deal = build.approved(by=below)
    entered = build.member(Role.PARTNER_SALES, of=above, name="Dagny Holt")
    Registration.objects.filter(pk=deal.pk).update(entered_as=EnteredAs.DISTRIBUTOR, entered_by=entered.user_id)

    given = give(deal, receiver, manager)

    assert (given.entered_as, given.entered_by_id) == (EnteredAs.PARTNER, None)


def test_a_distributor_that_the_new_partner_may_not_know_is_on_the_deal_no_more(receiver, manager):
    above = build.partner(type=PartnerType.DISTRIBUTOR)
    below = build.seller(of=build.partner(distributor=above))
    deal = build.approved(by=below, distributor_id=above.pk)
    sibling = build.member(Role.PARTNER_ADMIN, of=build.partner(distributor=above), name="Ada Vos")

    kept = give(deal, sibling, manager)
    assert kept.distributor_id == above.pk
    assert give(kept, receiver, manager).distributor_id is None


# -- refusals --------------------------------------------------------------------------------------------
def test_only_an_active_partner_with_somebody_who_sells_gets_it(seller, receiver, manager):
    deal = build.approved(by=seller)
    marketing = build.member(Role.PARTNER_MARKETING)
    gone = build.seller()
    partners.suspend(firm(gone), reason="Audit", by=manager, at=MONDAY)

    for to, refusal in ((seller, ReceiverHasIt), (marketing, NobodySells), (gone, ReceiverNotActive)):
        with pytest.raises(refusal):
            give(deal, to, manager)
    with pytest.raises(NobodySells):
        give(deal, receiver, manager, owner=seller)
    deal.refresh_from_db()
    assert deal.partner_id == seller.partner_id
    assert not Transfer.objects.exists()


def test_who_holds_deals_that_do_not_move_gets_one_more_only_if_the_vendor_says_so(seller, receiver, manager):
    publish(terms=replace(Terms(), idle_limit=1, idle_days=30))
    build.approved(by=receiver)
    late = MONDAY + timedelta(days=40)
    deal = build.approved(by=seller)

    with pytest.raises(ReceiverHoards) as refused:
        give(deal, receiver, manager, at=late)
    assert (refused.value.facts["hoard"].number, refused.value.facts["hoard"].limit) == (1, 1)
    assert give(deal, receiver, manager, at=late, is_overruled=True).partner_id == receiver.partner_id


def test_what_is_decided_about_with_others_is_decided_first(seller, receiver, manager):
    rival = build.submitted(customer_website="globex.example")
    registration = build.submitted(by=seller, customer_website="globex.example")
    cases.open_case(registration, [rival], by=manager, at=MONDAY)
    with pytest.raises(InCase):
        give(registration, receiver, manager)

    revoked = protection.revoke(build.approved(by=seller), reason_code="untrue", note="", by=manager, at=MONDAY)
    disputes.appeal(revoked, reason_code="facts_overlooked", text="It is true.", by=seller, at=LATER)
    with pytest.raises(AppealWaits):
        give(revoked, receiver, manager)


@pytest.mark.parametrize("end", ["draft", "rejected", "withdrawn", "won", "lost"])
def test_what_is_over_goes_nowhere(seller, receiver, manager, end):
    deal = build.draft(by=seller) if end == "draft" else build.submitted(by=seller)
    if end == "rejected":
        decisions.reject(deal, reason_code="other", note="No", by=manager, at=MONDAY)
    elif end == "withdrawn":
        registrations.withdraw(deal, by=seller, at=MONDAY)
    elif end in ("won", "lost"):
        deal = decisions.approve(deal, by=manager, at=MONDAY)
        if end == "won":
            outcomes.win(deal, deal.value, by=seller, at=MONDAY)
        else:
            outcomes.lose(deal, reason_code="price", note="", by=seller, at=MONDAY)
    if end == "draft":
        deal.customer = build.submitted().customer
        deal.save()

    with pytest.raises(NotPossible):
        give(deal, receiver, manager)


def test_whoever_looks_at_an_older_page_learns_that_it_changed(seller, receiver, manager):
    deal = build.approved(by=seller)
    give(deal, receiver, manager, version=deal.version)

    with pytest.raises(Changed):
        give(deal, build.seller(), manager, version=deal.version)


# -- asked for by the partner ----------------------------------------------------------------------------
def test_a_partner_asks_once_by_a_name_it_knows_and_the_vendor_refuses_with_a_reason(seller, manager):
    deal = build.approved(by=seller)
    transfers.ask(deal, firm="Vos B.V.", wish="They bought us.", by=seller, at=MONDAY)
    with pytest.raises(TransferWaits):
        transfers.ask(deal, firm="Other", wish="Or they.", by=seller, at=MONDAY)

    transfers.refuse(deal, reason_code="other", note="Not yet.", by=manager, at=LATER)

    row = Transfer.objects.get()
    assert (row.status, row.firm, row.note) == (TransferStatus.REFUSED, "Vos B.V.", "Not yet.")
    with pytest.raises(TransferOver):
        transfers.recall(deal, by=seller, at=LATER)
    transfers.ask(deal, firm="Vos B.V.", wish="Now.", by=seller, at=LATER)
    transfers.recall(deal, by=seller, at=LATER)
    assert queries.asked_of(deal) is None


def test_what_was_asked_for_becomes_the_line_that_stays(seller, receiver, manager):
    deal = build.approved(by=seller)
    transfers.ask(deal, firm="Vos B.V.", wish="They bought us.", by=seller, at=MONDAY)

    give(deal, receiver, manager)

    row = Transfer.objects.get()
    assert (row.status, row.firm, row.reason_code) == (TransferStatus.DONE, "Vos B.V.", "")


def test_a_wish_is_asked_no_more_once_the_deal_is_over(seller, manager):
    deal = build.approved(by=seller)
    transfers.ask(deal, firm="Vos B.V.", wish="They bought us.", by=seller, at=MONDAY)
    outcomes.lose(deal, reason_code="price", note="", by=seller, at=LATER)

    assert queries.asked_of(deal) is None


def test_one_wish_waits_at_a_time_and_the_database_knows_it(seller):
    deal = build.approved(by=seller)
    transfers.ask(deal, firm="Vos B.V.", wish="They bought us.", by=seller, at=MONDAY)
    twin = Transfer.objects.get()
    twin.pk = build.uuid7()

    with pytest.raises(IntegrityError, match="one_transfer_is_asked_at_a_time"), transaction.atomic():
        twin.save(force_insert=True)


def test_a_deal_can_come_back_and_be_handed_over_as_any(seller, receiver, manager):
    deal = build.approved(by=seller)
    admin = build.member(Role.PARTNER_ADMIN, of=firm(seller), name="Oskar Nyström")
    give(give(deal, receiver, manager), admin, manager)

    with acting_as(admin.actor):
        deal = handovers.hand_over(Registration.objects.get(pk=deal.pk), to=seller, by=admin, at=LATER)
    assert (deal.owner_id, deal.is_protected) == (seller.user_id, True)
    assert Registration.objects.visible_to(seller).filter(pk=deal.pk).exists()


# -- files ---------------------------------------------------------------------------------------------
def added(registration, by, name, *, is_internal=False):
    return files.add(
        SimpleUploadedFile(name, b"a,b\n1,2\n"), on=registration, by=by, at=MONDAY, is_internal=is_internal
    )


def test_only_the_files_that_were_chosen_go_along_and_the_former_partner_opens_none(
    seller, manager, receiver, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    registration = build.approved(by=seller)
    letter, notes = added(registration, seller, "letter.csv"), added(registration, seller, "notes.csv")
    internal = added(registration, manager, "internal.csv", is_internal=True)
    another = added(build.approved(by=seller), seller, "another.csv")

    give(registration, receiver, manager, files=[letter.pk, internal.pk, another.pk])

    def seen_by(member):
        with acting_as(member.actor):
            return {file.name for file in File.objects.all()}

    assert seen_by(receiver) == {"letter.csv"}
    assert seen_by(seller) == {"notes.csv", "another.csv"}
    assert seen_by(manager) == {"letter.csv", "notes.csv", "internal.csv", "another.csv"}
    with acting_as(seller.actor):
        assert subjects.find("deals.registration", notes.subject_id, seller) is None
    event = Event.objects.get(name="deals.registration.transferred")
    assert (event.payload["files"], event.partner_path) == (["letter.csv"], "")
