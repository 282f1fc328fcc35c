"""The inbox, the list and the requests to join, through the client."""

import csv
import io
from datetime import timedelta

import pytest
from django.utils import timezone

from partners.enums import ApplicationStatus as Status
from partners.enums import JoinStatus
from partners.models import Application, Partner
from partners.rules.joining import AREA, Terms
from partners.services import application_decisions as decisions
from partners.services import tiers
from prm.accounts.models import Invitation
from prm.accounts.roles import Role
from prm.policies import versions
from prm.tenancy.context import acting_as
from tests import build
from tests.partners import applicants, programs

HX = {"HX-Request": "true"}


@pytest.fixture
def manager(client, vendor):
    member = build.member(Role.CHANNEL_MANAGER, name="Tomás Ferreira")
    client.force_login(member.user)
    return member


def inbox(vendor, application=None, what=""):
    path = f"applications/{application.pk}/{what}/" if what else "applications/to-decide/"
    if application and not what:
        path += f"{application.pk}/"
    return f"/{vendor.slug}/{path}"


def approval(application, manager, **facts):
    said = {
        "type": application.type,
        "tier": "",
        "manager": str(manager.user_id),
        "distributor": "",
        "admin_name": "Ida Holm",
        "admin_email": application.contact_email,
        "note": "",
        "version": application.version,
        **facts,
    }
    return {name: value for name, value in said.items() if value is not None}


def test_the_item_shows_answers_with_points_checks_and_suggestions(client, vendor, manager):
    programs.program("Registered", "Gold")
    known = build.partner("Globex GmbH", website="globex.example")
    versions.publish(
        AREA,
        Terms(competitor_domains=("globex.example",)).body(),
        effective_on=timezone.localdate(),
        at=timezone.now(),
    )
    application = applicants.applied(
        website="globex.example",
        contact_email="ida@gmail.com",
        answers={**applicants.ANSWERS, "business": "msp"},
    )

    shown = client.get(inbox(vendor, application)).content.decode()

    for words in (
        "22 of 30",
        "How many people work for you?",
        f"Probably {known.name}",
        "On your list of competitors",
        "gmail.com is a free mail service",
        "By its answers rather: Managed service provider",
        "Same website.",
        "Gold",
    ):
        assert words in shown


def test_the_inbox_asks_the_same_number_of_queries_however_many_wait(
    client, vendor, manager, django_assert_max_num_queries
):
    for _ in range(8):
        applicants.applied()

    with django_assert_max_num_queries(40):
        client.get(f"{inbox(vendor)}?view=team")


def test_approving_makes_the_partner_and_goes_on_to_the_next(client, vendor, manager):
    programs.program("Registered", "Gold")
    first, second = applicants.applied(), applicants.applied()
    gold = tiers.Tier.objects.get(name="Gold", is_offered=True)

    answer = client.post(
        f"{inbox(vendor, first, 'approval')}?view=team", approval(first, manager, tier=gold.pk), headers=HX
    )

    assert answer.status_code == 200
    assert "is a partner now" in answer.content.decode()
    assert second.company_name in answer.content.decode()
    partner = Partner.objects.get(name=first.company_name)
    assert partner.tier_memberships.get().tier == gold
    assert Invitation.objects.get().partner_id == partner.pk


def test_the_dialog_suggests_and_says_what_is_wrong(client, vendor, manager):
    build.partner("Globex GmbH", website="globex.example")
    application = applicants.applied(website="globex.example")
    page = inbox(vendor, application, "approval")

    shown = client.get(page)
    wrong = client.post(page, approval(application, manager, admin_email="nobody"))
    known = client.post(page, approval(application, manager))
    other = client.post(page, approval(application, manager, is_another_company="on"))

    assert shown.context["form"]["admin_email"].value() == application.contact_email
    assert (wrong.status_code, known.status_code, other.status_code) == (422, 409, 302)
    assert "seems to be your partner Globex GmbH already" in known.content.decode()


def test_a_second_manager_is_told_who_was_faster(client, vendor, manager):
    application = applicants.applied()
    colleague = build.member(Role.ADMIN, name="Ada Brandt")
    decisions.reject(application, reason_code="other", note="No", by=colleague, at=timezone.now())

    answer = client.post(inbox(vendor, application, "approval"), approval(application, manager))

    assert answer.status_code == 409
    assert "Ada Brandt rejected" in answer.content.decode()


def test_rejecting_needs_a_reason_and_can_be_undone(client, vendor, manager):
    application = applicants.applied()
    page = inbox(vendor, application, "rejection")

    assert client.post(page, {"reason_code": "", "note": ""}).status_code == 422
    assert client.post(page, {"reason_code": "other", "note": ""}).status_code == 422
    answer = client.post(page, {"reason_code": "too_small", "note": "", "version": application.version})
    shown = client.get(answer["Location"]).content.decode()
    undone = client.post(inbox(vendor, application, "undo"))

    assert f"Rejected {application.company_name}" in shown
    assert undone.status_code == 302
    application.refresh_from_db()
    assert application.status == Status.SUBMITTED


def test_asking_opens_what_was_ticked(client, vendor, manager):
    application = applicants.applied()

    client.post(
        inbox(vendor, application, "question"),
        {"question": "Who?", "reopened": ["city", "q_staff"], "version": application.version},
    )

    application.refresh_from_db()
    assert application.status == Status.INFO_REQUESTED
    assert application.owner_id == manager.user_id
    asked = client.get(f"{inbox(vendor)}?view=asked").content.decode()
    assert application.company_name in asked


def test_an_application_is_handed_over(client, vendor, manager):
    application, colleague = applicants.applied(), build.member(Role.CHANNEL_MANAGER)

    client.post(inbox(vendor, application, "owner"), {"owner": str(colleague.user_id)})
    client.post(inbox(vendor, application, "owner"), {"owner": str(build.member(Role.FINANCE).user_id)})

    application.refresh_from_db()
    assert application.owner_id == colleague.user_id


def test_what_was_not_confirmed_is_seen_by_nobody(client, vendor, manager):
    application = applicants.sent(company_name="Hidden GmbH")

    assert client.get(inbox(vendor, application)).status_code == 404
    for page in ("applications/", "applications/export/", "applications/to-decide/?view=team", "search/?q=hidden"):
        assert "Hidden GmbH" not in client.get(f"/{vendor.slug}/{page}").content.decode()


def test_the_list_filters_and_exports_without_formulas(client, vendor, manager):
    applicants.applied(company_name="=Evil GmbH", type="reseller")
    applicants.applied(company_name="Müller Netz", website="mueller.example")
    page = f"/{vendor.slug}/applications/"

    assert "Müller Netz" not in client.get(f"{page}?q=evil").content.decode()
    assert "Müller Netz" in client.get(f"{page}?status=submitted&q=müller").content.decode()
    rows = list(csv.reader(io.StringIO(client.get(f"{page}export/").content.decode("utf-8-sig"))))
    assert len(rows) == 3
    assert {row[1] for row in rows[1:]} == {"'=Evil GmbH", "Müller Netz"}


def test_a_companys_home_and_navigation_say_what_waits(client, vendor, manager):
    applicants.applied()
    Application.objects.update(decide_by=timezone.now() - timedelta(hours=1))
    applicants.wish()

    home = client.get(f"/{vendor.slug}/").content.decode()

    assert "1 application is late" in home
    assert "Jonas Weber asks to join" in home


def test_partners_see_nothing_of_applications(vendor, client):
    applicants.applied()
    seller = build.member(Role.PARTNER_ADMIN)

    with acting_as(seller.actor):
        assert not Application.objects.exists()
    client.force_login(seller.user)
    assert client.get(f"/{vendor.slug}/applications/").status_code == 403


def test_an_administrator_lets_a_colleague_in(client, vendor):
    firm = build.partner("Globex GmbH", website="globex.example")
    boss = build.member(Role.PARTNER_ADMIN, of=firm)
    wish = applicants.wish(email="jonas@globex.example")
    client.force_login(boss.user)
    page = f"/{vendor.slug}/join-requests/{wish.pk}/"

    assert "asks to join Globex GmbH" in client.get(page).content.decode()
    assert client.post(page, {"role": "admin"}).status_code == 422
    assert client.post(page, {"role": "partner_sales"}).status_code == 302
    assert client.post(page, {"role": "partner_sales"}).status_code == 409

    wish.refresh_from_db()
    assert wish.status == JoinStatus.INVITED
    assert Invitation.objects.get().email == "jonas@globex.example"


def test_a_wish_is_declined_without_a_word_to_the_person(client, vendor, manager):
    wish = applicants.wish()
    before = applicants.OutgoingMail.objects.count()

    client.post(f"/{vendor.slug}/join-requests/{wish.pk}/decline/")

    wish.refresh_from_db()
    assert wish.status == JoinStatus.DECLINED
    assert applicants.OutgoingMail.objects.count() == before
