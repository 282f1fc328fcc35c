"""From a draft to a decision, through the services."""

from datetime import timedelta

import pytest
from django.utils import timezone

from partners.enums import ApplicationStatus as Status
from partners.enums import JoinStatus, LinkPurpose, PartnerStatus, PartnerType
from partners.models import (
    Agreement,
    Application,
    ApplicationLink,
    Checklist,
    JoinRequest,
    Partner,
    Tier,
    TierMembership,
)
from partners.queries import due
from partners.rules.joining import AREA, Terms
from partners.services import application_decisions as decisions
from partners.services import application_links as links
from partners.services import applications, join_requests
from partners.services.application_decisions import (
    ApplicationChangedMeanwhile,
    NoSuchDistributor,
    PartnerAlready,
    TooLateToUndoApplication,
)
from partners.services.application_moves import ApplicationNotPossible
from partners.services.applications import ApplicationChanged, Content, Incomplete, JoiningClosed, TooLateToAnswer
from partners.services.join_requests import JoinRequestDecided, NoPartnerChosen
from prm.accounts import members
from prm.accounts.models import Invitation, Membership
from prm.accounts.roles import Role
from prm.events import outbox
from prm.events.models import Event
from prm.notifications.models import Notification, OutgoingMail
from prm.policies import versions
from prm.questions import services as questions
from tests import build
from tests.build import MONDAY
from tests.partners import applicants, programs
from tests.partners import build as made

DAY = timedelta(days=1)


def later(application):
    application.refresh_from_db()
    return application


def terms(**facts):
    return versions.publish(AREA, Terms(**facts).body(), effective_on=MONDAY.date(), at=MONDAY)


def test_an_application_counts_once_its_address_is_confirmed(vendor):
    application = applicants.sent()
    assert (application.status, application.number, application.submitted_at) == (Status.DRAFT, "", None)

    confirmed = applications.confirm(application, at=MONDAY + DAY)

    assert (confirmed.status, confirmed.number) == (Status.SUBMITTED, "AP-2026-000001")
    assert confirmed.decide_by == MONDAY + 8 * DAY  # five business days after Tuesday
    assert (confirmed.score, confirmed.score_most) == (22, 30)


def test_confirming_twice_changes_nothing(vendor):
    application = applicants.applied()

    again = applications.confirm(application, at=MONDAY + DAY)

    assert (again.number, again.submitted_at) == (application.number, MONDAY)
    assert Event.objects.filter(name="partners.application.submitted").count() == 1


@pytest.mark.parametrize("missing", ["company_name", "website", "country", "city", "address", "contact_email"])
def test_what_is_incomplete_is_not_sent(vendor, missing):
    draft, _secret = applicants.started()

    with pytest.raises(Incomplete) as refusal:
        applications.send(draft, applicants.content(**{missing: ""}), at=MONDAY)

    assert missing in refusal.value.facts["missing"]
    assert not OutgoingMail.objects.exists()


def test_a_required_answer_and_a_tax_number_that_cannot_exist_are_missed_too(vendor):
    draft, _secret = applicants.started()
    answers = {code: reply for code, reply in applicants.ANSWERS.items() if code != "staff"}

    with pytest.raises(Incomplete) as refusal:
        applications.send(draft, applicants.content(answers=answers, tax_id="DE136695977"), at=MONDAY)

    assert refusal.value.facts["missing"] == ("q_staff", "tax_id")


def test_whoever_has_begun_keeps_the_questions_they_saw(vendor):
    draft, _secret = applicants.started()
    terms(questions={PartnerType.RESELLER: ()})

    with pytest.raises(Incomplete):
        applications.send(draft, applicants.content(answers={}), at=MONDAY)
    assert applicants.applied(answers={}).score_most == 0


def test_a_closed_door_lets_nobody_begin_or_send(vendor):
    draft, _secret = applicants.started()
    waiting = applicants.sent()
    terms(is_open=False)

    with pytest.raises(JoiningClosed):
        applicants.started()
    with pytest.raises(JoiningClosed):
        applications.send(draft, applicants.content(), at=MONDAY)
    with pytest.raises(JoiningClosed):
        applications.confirm(waiting, at=MONDAY)


def test_a_draft_saved_in_another_window_is_not_overwritten(vendor):
    draft, _secret = applicants.started()
    applications.save(draft, {"city": "Kiel"}, at=MONDAY, version=draft.version)

    with pytest.raises(ApplicationChanged):
        applications.save(draft, {"city": "Bonn"}, at=MONDAY, version=draft.version)

    assert later(draft).typed == {"city": "Kiel"}


def test_sending_to_another_address_lets_the_first_link_open_nothing(vendor):
    draft, _secret = applicants.started()
    applications.send(draft, applicants.content(contact_email="wrong@globex.example"), at=MONDAY)
    first = applicants.link_in_mail_to("wrong@globex.example").rstrip("/").rpartition("/")[2]
    applications.send(draft, applicants.content(contact_email="right@globex.example"), at=MONDAY)
    second = applicants.link_in_mail_to("right@globex.example").rstrip("/").rpartition("/")[2]

    assert links.opened_by(first, LinkPurpose.STATUS, at=MONDAY) is None
    assert links.opened_by(second, LinkPurpose.STATUS, at=MONDAY) == draft


def test_only_digests_of_secrets_are_kept(vendor):
    application, secret = applicants.started()

    assert len(secret) == 43
    assert ApplicationLink.objects.get().secret_digest == members.digest(secret)
    assert links.opened_by(secret, LinkPurpose.STATUS, at=MONDAY) is None
    assert links.opened_by(secret, LinkPurpose.DRAFT, at=MONDAY + 31 * DAY) is None
    assert links.opened_by(secret, LinkPurpose.DRAFT, at=MONDAY) == application


def test_the_address_of_the_draft_ends_with_the_confirmation(vendor):
    draft, secret = applicants.started()
    applications.send(draft, applicants.content(), at=MONDAY)
    applications.confirm(draft, at=MONDAY)

    assert links.opened_by(secret, LinkPurpose.DRAFT, at=MONDAY) is None


def test_a_question_stops_the_clock_and_opens_only_what_was_asked(vendor):
    application = applicants.asked(fields=("city", "q_staff"))
    promised = application.decide_by

    content = Content({"city": "Rostock", "country": "AT"}, {"staff": 60, "sellers": 99})
    answered = applications.answer(application, content, text="Sixty.", at=MONDAY + 2 * DAY)

    assert answered.status == Status.IN_REVIEW
    assert answered.decide_by == promised + 2 * DAY
    assert (answered.city, answered.country) == ("Rostock", "DE")
    assert (answered.answers["staff"], answered.answers["sellers"]) == (60, 6)
    assert answered.score == application.score + 2  # 24 people were worth 3, 60 are worth 5
    event = Event.objects.get(name="partners.application.answered")
    assert event.payload["changed"] == ["city", "q_staff"]


def test_an_answer_after_the_deadline_is_refused_and_the_clock_ends_it(vendor):
    application = applicants.asked()
    too_late = application.answer_by + timedelta(minutes=1)

    with pytest.raises(TooLateToAnswer):
        applications.answer(application, Content(), text="Sorry", at=too_late)
    assert list(due.applications(too_late)) == [application]
    assert applications.expire(application, at=too_late)

    assert later(application).status == Status.EXPIRED
    assert not applications.expire(application, at=too_late)


def test_a_draft_nobody_sent_is_forgotten(vendor):
    application = applicants.sent()

    assert not applications.expire(application, at=MONDAY + 29 * DAY)
    assert applications.expire(application, at=MONDAY + 31 * DAY)

    kept = later(application)
    assert (kept.status, kept.company_name, kept.contact_email, kept.answers) == (Status.EXPIRED, "", "", {})


def test_an_application_can_be_withdrawn_until_it_is_decided(vendor):
    application = applicants.asked()

    assert applications.withdraw(application, at=MONDAY, note="No").status == Status.WITHDRAWN
    with pytest.raises(ApplicationNotPossible):
        applications.withdraw(application, at=MONDAY)


def test_an_approval_makes_the_partner_with_its_tier_agreements_checklist_and_invitation(vendor):
    programs.program("Registered", "Gold")
    made.published()
    application, manager = applicants.applied(tax_id="DE136695976"), build.manager()
    entry = Tier.objects.get(rank=1, is_offered=True)

    placement = applicants.placement(application, tier=entry, manager_id=manager.user_id)
    decisions.approve(application, placement, by=manager, at=MONDAY)

    partner = Partner.objects.get(name=application.company_name)
    assert (partner.status, partner.type, partner.tax_id) == (PartnerStatus.ONBOARDING, "reseller", "DE136695976")
    assert (partner.channel_manager_id, partner.joined_on) == (manager.user_id, MONDAY.date())
    assert TierMembership.objects.get(partner=partner).tier == entry
    assert Agreement.objects.filter(partner=partner).exists()
    assert Checklist.objects.filter(partner=partner).count() == 1
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.role, invitation.partner_id) == (
        application.contact_email,
        Role.PARTNER_ADMIN,
        partner.pk,
    )
    assert later(application).partner == partner


def test_an_approval_that_cannot_invite_makes_nothing(vendor):
    application = applicants.applied()
    taken = build.member(Role.PARTNER_SALES)

    with pytest.raises(members.NotInvitable):
        decisions.approve(
            application,
            applicants.placement(application, admin_email=taken.user.email),
            by=build.manager(),
            at=MONDAY,
        )

    assert later(application).status == Status.SUBMITTED
    assert not Partner.objects.filter(name=application.company_name).exists()


def test_the_invitation_speaks_the_applicants_language(vendor):
    application = applicants.applied()
    Application.objects.update(language="de")

    applicants.joined(later(application))

    letter = OutgoingMail.objects.filter(to=application.contact_email).order_by("-written_at", "-id").first()
    assert "Partnerportal" in letter.subject


def test_a_company_that_is_a_partner_already_is_approved_only_as_another_one(vendor):
    known = build.partner("Globex GmbH", website="globex.example")
    application = applicants.applied(website="https://shop.globex.example/", contact_email="a@elsewhere.example")

    with pytest.raises(PartnerAlready) as refusal:
        applicants.joined(application)
    assert refusal.value.facts["matches"][0].partner == known

    placement = applicants.placement(application, is_another_company=True)
    assert decisions.approve(application, placement, by=build.manager(), at=MONDAY).status == Status.APPROVED


def test_of_two_applications_of_one_company_the_second_meets_the_partner_the_first_became(vendor):
    facts = {"website": "globex.example", "company_name": "Globex"}
    first = applicants.applied(contact_email="a@globex.example", **facts)
    second = applicants.applied(contact_email="b@globex.example", **facts)
    applicants.joined(first)

    with pytest.raises(PartnerAlready):
        applicants.joined(second)


def test_partners_stand_below_distributors_only(vendor):
    application = applicants.applied()
    reseller, top = build.partner(), build.partner(type="distributor")

    for facts in ({"distributor": reseller}, {"distributor": top, "type": PartnerType.DISTRIBUTOR}):
        with pytest.raises(NoSuchDistributor):
            decisions.approve(application, applicants.placement(application, **facts), by=build.manager(), at=MONDAY)
    decisions.approve(application, applicants.placement(application, distributor=top), by=build.manager(), at=MONDAY)

    assert later(application).partner.distributor == top


@pytest.mark.parametrize("decide", ["reject", "ask"])
def test_a_decision_is_taken_back_while_nobody_was_told(vendor, decide):
    application, manager, now = applicants.applied(), build.manager(), timezone.now()
    if decide == "reject":
        decisions.reject(application, reason_code="too_small", note="", by=manager, at=now)
    else:
        decisions.ask(application, question="Who?", by=manager, at=now)

    undone = decisions.undo(application, by=manager, at=now + timedelta(seconds=5))

    assert (undone.status, undone.decided_at, undone.reason_code) == (Status.SUBMITTED, None, "")
    assert questions.open_one(application) is None


def test_an_approval_and_an_old_decision_are_not_taken_back(vendor):
    manager = build.manager()
    approved = applicants.joined(by=manager)
    rejected = applicants.applied()
    decisions.reject(rejected, reason_code="other", note="No", by=manager, at=MONDAY)

    for application in (approved, rejected):
        with pytest.raises(TooLateToUndoApplication):
            decisions.undo(application, by=manager, at=MONDAY + timedelta(seconds=11))


def test_a_decision_about_an_older_version_is_refused(vendor):
    application = applicants.applied()
    seen = application.version
    decisions.assign(application, build.manager(), by=build.manager(), at=MONDAY)

    with pytest.raises(ApplicationChangedMeanwhile):
        decisions.reject(application, reason_code="other", note="x", by=build.manager(), at=MONDAY, version=seen)


def test_whoever_opens_it_first_looks_after_it(vendor):
    first, second = build.manager(), build.manager()
    application = decisions.open_review(applicants.applied(), by=first, at=MONDAY)
    decisions.open_review(application, by=second, at=MONDAY)

    assert later(application).owner_id == first.user_id


def test_the_applicant_is_mailed_at_every_turn_and_the_managers_are_told(vendor):
    manager = build.manager()
    application = applicants.applied()
    outbox.deliver_due(vendor.pk)
    decisions.ask(application, question="Who sells?", by=manager, at=MONDAY)
    outbox.deliver_due(vendor.pk, now=lambda: timezone.now() + outbox.UNDO_TIME)
    applications.answer(application, Content(), text="Ida.", at=MONDAY + DAY)
    decisions.reject(application, reason_code="too_small", note="Later", by=manager, at=MONDAY + DAY)
    outbox.deliver_due(vendor.pk, now=lambda: timezone.now() + outbox.UNDO_TIME)

    letters = list(OutgoingMail.objects.filter(to=application.contact_email).order_by("written_at", "id"))
    name = vendor.name
    assert [letter.subject for letter in letters] == [
        f"Confirm the application of {application.company_name} to {name}",
        f"{name} has received your application AP-2026-000001",
        f"{name} has a question about your application",
        f"{name} has not approved your application",
    ]
    assert "“Who sells?”" in letters[2].text
    assert "Too small for the programme" in letters[3].text
    assert "“Later”" in letters[3].text
    told = Notification.objects.filter(user=manager.user).order_by("at", "id").values_list("kind", flat=True)
    assert list(told) == ["partners.application_submitted", "partners.application_answered"]


def test_of_a_draft_that_ends_nobody_hears(vendor):
    build.manager()
    applications.expire(applicants.sent(), at=MONDAY + 31 * DAY)
    before = OutgoingMail.objects.count()
    outbox.deliver_due(vendor.pk)

    assert OutgoingMail.objects.count() == before
    assert not Notification.objects.exists()


# -- joining a company that is here --------------------------------------------------------------------
def test_a_wish_to_join_reaches_the_partners_administrators_once_the_address_is_confirmed(vendor):
    firm = build.partner("Globex GmbH", website="globex.example")
    boss = build.member(Role.PARTNER_ADMIN, of=firm)
    wish = applicants.wish(email="jonas@mail.globex.example", is_confirmed=False)
    outbox.deliver_due(vendor.pk)
    assert not Notification.objects.exists()

    join_requests.confirm(wish, at=MONDAY)
    outbox.deliver_due(vendor.pk)

    assert wish.partner == firm
    assert Notification.objects.get(user=boss.user).kind == "partners.join_requested"


def test_an_administrator_turns_a_wish_into_an_invitation_once(vendor):
    firm = build.partner("Globex GmbH", website="globex.example")
    boss = build.member(Role.PARTNER_ADMIN, of=firm)
    wish = applicants.wish(email="jonas@globex.example")

    join_requests.invite(wish, Role.PARTNER_SALES, by=boss, at=MONDAY)

    assert Invitation.objects.get().partner_id == firm.pk
    with pytest.raises(JoinRequestDecided):
        join_requests.decline(wish, by=boss, at=MONDAY)


def test_a_wish_for_an_unknown_company_waits_for_the_vendor_who_names_the_partner(vendor):
    manager, firm = build.manager(), build.partner()
    wish = applicants.wish()
    assert (wish.partner, wish.partner_path) == (None, "")

    with pytest.raises(NoPartnerChosen):
        join_requests.invite(wish, Role.PARTNER_SALES, by=manager, at=MONDAY)
    join_requests.invite(wish, Role.PARTNER_SALES, partner=firm, by=manager, at=MONDAY)

    wish.refresh_from_db()
    assert (wish.status, wish.partner) == (JoinStatus.INVITED, firm)


def test_a_wish_nobody_confirmed_is_deleted(vendor):
    wish = applicants.wish(is_confirmed=False)

    assert list(due.join_requests(MONDAY + 8 * DAY)) == [wish]
    assert join_requests.forget(wish, at=MONDAY + 8 * DAY)
    assert not JoinRequest.objects.exists()


def test_an_invitation_of_an_approval_is_bound_to_its_address(vendor):
    application = applicants.joined()
    somebody = build.user("Somebody Else")

    with pytest.raises(members.WrongLogin):
        members.accept(Invitation.objects.get(), somebody, at=MONDAY)

    assert not Membership.objects.filter(user=somebody).exists()
    assert application.status == Status.APPROVED
