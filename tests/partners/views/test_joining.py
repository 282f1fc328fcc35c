"""The public pages: what they let a stranger do, and what they refuse."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from partners.enums import ApplicationStatus as Status
from partners.enums import LinkPurpose
from partners.models import Application, ApplicationLink, JoinRequest
from partners.rules.joining import AREA, Terms
from partners.services import application_decisions as decisions
from partners.views import joining
from prm.accounts.roles import Role
from prm.notifications.models import OutgoingMail
from prm.policies import versions
from tests import build
from tests.partners import applicants

FORM = {
    "company_name": "Globex GmbH",
    "website": "globex.example",
    "country": "DE",
    "city": "Kiel",
    "address": "Hafenstraße 4, 24103",
    "tax_id": "",
    "contact_name": "Ida Holm",
    "contact_email": "Ida@Globex.example",
    "q_business": "reseller",
    "q_staff": "24",
    "q_sellers": "6",
    "q_markets": "Harbours",
    "q_revenue": "some",
    "q_support": "yes",
    "q_first_deal": "no",
    "q_rivals": "",
}
STATUS_PAGES = ("", "answer/", "withdrawal/")


def begin(client, vendor, kind="reseller"):
    """Choose a type and return the address of the draft."""
    answer = client.post(f"/{vendor.slug}/become-a-partner/", {"type": kind})
    assert answer.status_code == 302
    return answer["Location"]


def nothing(answer):
    return answer.status_code == 404 and "This link opens nothing" in answer.content.decode()


def test_a_stranger_applies_confirms_answers_and_follows_it(client, vendor):
    page = begin(client, vendor)
    assert client.post(page, {**FORM, "do": "send"})["Location"] == page
    assert "look into your mail" in client.get(page).content.decode()
    link = applicants.link_in_mail_to("ida@globex.example")
    assert Application.objects.get().status == Status.DRAFT

    assert "Confirm and send" in client.get(link).content.decode()
    assert Application.objects.get().status == Status.DRAFT  # a machine that follows links confirms nothing
    assert client.post(link)["Location"] == link
    application = Application.objects.get()

    assert (application.status, application.contact_email) == (Status.SUBMITTED, "ida@globex.example")
    assert application.answers["support"] is True
    assert application.answers["first_deal"] is False
    assert "We decide by" in client.get(link).content.decode()
    assert nothing(client.get(page))


def test_the_form_says_what_is_wrong_and_keeps_what_was_typed(client, vendor):
    page = begin(client, vendor)

    answer = client.post(page, {**FORM, "website": "no website", "tax_id": "DE136695977", "q_staff": "", "do": "send"})

    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"website", "tax_id", "q_staff"}
    assert Application.objects.get().typed["website"] == "no website"
    assert "no website" in client.get(page).content.decode()
    assert not OutgoingMail.objects.exists()


def test_a_draft_saves_itself_and_says_how_far_it_is(client, vendor):
    page = begin(client, vendor)

    answer = client.post(f"{page}draft/", {"company_name": "Globex", "country": "DE", "version": "1"})

    assert "2 of 14 answered" in answer.content.decode()
    assert Application.objects.get().typed == {"company_name": "Globex", "country": "DE"}
    late = client.post(f"{page}draft/", {"company_name": "Other", "version": "1"})
    assert late.status_code == 409
    assert Application.objects.get().typed["company_name"] == "Globex"


def test_another_type_asks_other_questions_and_keeps_what_was_typed(client, vendor):
    page = begin(client, vendor)

    client.post(page, {"company_name": "Globex", "type": "distributor", "do": "type"})
    shown = client.get(page).content.decode()

    assert "How many resellers do you supply?" in shown
    assert 'value="Globex"' in shown


@pytest.mark.parametrize("typed", [{"company_name": "GLOBEX"}, {"website": "www.globex.example"}])
def test_a_company_that_may_be_known_is_told_so_without_a_name(client, vendor, typed):
    known = build.partner("Globex GmbH", website="globex.example")
    build.member(Role.PARTNER_ADMIN, of=known, name="Secret Person")
    page = begin(client, vendor)

    answer = client.post(f"{page}check/", {"company_name": "", "website": "", "country": "DE", **typed})
    free = client.post(f"{page}check/", {"company_name": "Initech", "country": "DE"})

    assert "This company may already work with us" in answer.content.decode()
    assert "Secret" not in answer.content.decode()
    assert free.content.decode().strip() == ""


def test_the_check_is_no_way_to_fish(client, vendor, monkeypatch):
    monkeypatch.setattr(joining, "CHECKS", 2)
    page = begin(client, vendor)

    answers = [client.post(f"{page}check/", {"company_name": "x", "country": "DE"}).status_code for _ in range(4)]

    assert answers == [200, 200, 429, 429]


@pytest.mark.parametrize(("limit", "path"), [("STARTS", ""), ("SENDS", "join/")])
def test_one_address_begins_and_asks_only_so_often(client, vendor, monkeypatch, limit, path):
    monkeypatch.setattr(joining, limit, 1)
    wish = {"type": "reseller", "name": "A", "email": "a@globex.example", "company_name": "Globex", "country": "DE"}

    answers = [client.post(f"/{vendor.slug}/become-a-partner/{path}", wish).status_code for _ in range(3)]

    assert answers[1:] == [429, 429]


def test_a_machine_that_fills_in_everything_is_answered_and_forgotten(client, vendor):
    start = client.post(f"/{vendor.slug}/become-a-partner/", {"type": "reseller", "fax": "1"})
    page = begin(client, vendor)
    send = client.post(page, {**FORM, "do": "send", "fax": "1"})
    wish = {"name": "A", "email": "a@globex.example", "company_name": "Globex", "country": "DE", "fax": "1"}
    join = client.post(f"/{vendor.slug}/become-a-partner/join/", wish)

    assert (start.status_code, send.status_code, join.status_code) == (200, 302, 200)
    assert Application.objects.count() == 1
    assert not OutgoingMail.objects.exists()
    assert not JoinRequest.objects.exists()


def test_a_vendor_that_takes_no_applications_says_so_and_hides_the_way_there(client, vendor):
    login = f"/{vendor.slug}/accounts/login/"
    assert f"/{vendor.slug}/become-a-partner/" in client.get(login).content.decode()
    versions.publish(AREA, Terms(is_open=False).body(), effective_on=timezone.now().date(), at=timezone.now())

    page = client.get(f"/{vendor.slug}/become-a-partner/")

    assert page.status_code == 404
    assert "takes no applications now" in page.content.decode()
    assert "become-a-partner" not in client.get(login).content.decode()


def test_sending_the_same_form_twice_makes_one_application(client, vendor):
    page = begin(client, vendor)
    version = Application.objects.get().version

    first = client.post(page, {**FORM, "do": "send", "version": version})
    second = client.post(page, {**FORM, "do": "send", "version": version})

    assert (first.status_code, second.status_code) == (302, 409)
    assert OutgoingMail.objects.count() == 1


def test_a_confirmation_link_used_twice_shows_the_same_application(client, vendor):
    page = begin(client, vendor)
    client.post(page, {**FORM, "do": "send"})
    link = applicants.link_in_mail_to("ida@globex.example")

    answers = [client.post(link)["Location"] for _ in range(2)]

    assert answers == [link, link]
    assert Application.objects.get().number.endswith("000001")


@pytest.mark.parametrize("path", STATUS_PAGES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_secret_that_is_unknown_tampered_foreign_or_over_opens_nothing(client, vendor, path, method):
    application = applicants.asked()
    secret, over = applicants.secret_of(application), applicants.secret_of(application)
    ApplicationLink.objects.filter(secret_digest=joining.links.digest(over)).update(
        expires_at=timezone.now() - timedelta(seconds=1)
    )
    draft = applicants.secret_of(application, LinkPurpose.DRAFT)
    elsewhere = build.vendor()
    wrong = [
        f"/{vendor.slug}/become-a-partner/status/unknown/{path}",
        f"/{vendor.slug}/become-a-partner/status/{secret[:-1]}x/{path}",
        f"/{elsewhere.slug}/become-a-partner/status/{secret}/{path}",
        f"/{vendor.slug}/become-a-partner/status/{over}/{path}",
        f"/{vendor.slug}/become-a-partner/status/{draft}/{path}",
    ]

    answers = [getattr(client, method)(address, {"answer": "x"}) for address in wrong]

    assert all(nothing(answer) for answer in answers)
    application.refresh_from_db()
    assert application.status == Status.INFO_REQUESTED
    assert client.get(f"/{vendor.slug}/become-a-partner/status/{secret}/{path}").status_code == 200


@pytest.mark.parametrize("path", ["", "draft/", "check/", "join/"])
def test_a_foreign_or_tampered_draft_opens_nothing(client, vendor, path):
    page = begin(client, vendor)
    elsewhere = build.vendor()
    wrong = [page.replace(vendor.slug, elsewhere.slug, 1), page[:-2] + "x/"]

    answers = [client.post(f"{address}{path}", {**FORM, "do": "send"}) for address in wrong]

    assert all(nothing(answer) for answer in answers)
    assert Application.objects.get().typed == {}


def test_only_what_was_asked_for_can_be_changed(client, vendor):
    application = applicants.asked(fields=("city", "q_staff"), at=timezone.now())
    page = f"/{vendor.slug}/become-a-partner/status/{applicants.secret_of(application)}/answer/"
    shown = client.get(page)

    assert set(shown.context["form"].fields) == {"city", "q_staff"}
    assert client.post(page, {"answer": "", "city": "", "q_staff": "x"}).status_code == 422
    answer = client.post(page, {"answer": "Sixty", "city": "Bonn", "q_staff": "60", "company_name": "Other"})

    assert answer.status_code == 302
    application.refresh_from_db()
    assert (application.city, application.answers["staff"]) == ("Bonn", 60)
    assert application.company_name != "Other"


def test_an_answer_after_the_deadline_is_told_so(client, vendor):
    application = applicants.asked(fields=(), at=timezone.now())
    Application.objects.update(answer_by=timezone.now() - timedelta(minutes=1))
    page = f"/{vendor.slug}/become-a-partner/status/{applicants.secret_of(application)}/answer/"

    answer = client.post(page, {"answer": "Sorry"})

    assert answer.status_code == 409
    assert "The time to answer ended" in answer.content.decode()


def test_an_applicant_withdraws(client, vendor):
    application = applicants.applied()
    page = f"/{vendor.slug}/become-a-partner/status/{applicants.secret_of(application)}/withdrawal/"

    assert client.post(page, {"note": "Other plans"}).status_code == 302

    application.refresh_from_db()
    assert application.status == Status.WITHDRAWN
    assert client.get(page).status_code == 302


def test_whoever_asks_to_join_is_answered_alike_whether_the_company_is_known_or_not(client, vendor):
    build.partner("Globex GmbH", website="globex.example")
    page = f"/{vendor.slug}/become-a-partner/join/"
    facts = {"name": "Jonas Weber", "country": "DE"}

    known = client.post(page, {**facts, "email": "j@globex.example", "company_name": "Globex"})
    unknown = client.post(page, {**facts, "email": "j@initech.example", "company_name": "Initech"})

    def words(answer, domain):
        return answer.content.decode().replace(domain, "")

    assert len(words(known, "globex.example")) == len(words(unknown, "initech.example"))
    assert [row.partner is None for row in JoinRequest.objects.order_by("id")] == [False, True]


def test_a_wish_to_join_is_confirmed_once_and_by_nobody_elses_link(client, vendor):
    client.post(
        f"/{vendor.slug}/become-a-partner/join/",
        {"name": "Jonas", "email": "j@globex.example", "company_name": "Globex", "country": "DE"},
    )
    link = applicants.link_in_mail_to("j@globex.example")
    elsewhere = build.vendor()

    assert nothing(client.post(link.replace(vendor.slug, elsewhere.slug, 1)))
    assert nothing(client.post(link[:-2] + "x/"))
    assert JoinRequest.objects.get().status == "unconfirmed"
    assert [client.post(link).status_code for _ in range(2)] == [302, 302]
    assert JoinRequest.objects.get().status == "open"


def test_what_was_typed_in_the_application_is_not_asked_again_to_join(client, vendor):
    page = begin(client, vendor)
    client.post(f"{page}draft/", FORM)

    shown = client.get(f"{page}join/").content.decode()

    assert 'value="Globex GmbH"' in shown
    assert 'value="Ida Holm"' in shown


def test_the_public_pages_speak_german(vendor):
    german = Client(headers={"accept-language": "de"})
    page = begin(german, vendor)
    german.post(page, {**FORM, "do": "send"})

    assert "Wie würden Sie mit uns arbeiten?" in german.get(f"/{vendor.slug}/become-a-partner/").content.decode()
    assert "Wie viele Menschen arbeiten bei Ihnen?" in german.get(f"{page}?edit").content.decode()
    assert Application.objects.get().language == "de"
    assert OutgoingMail.objects.get().subject.startswith("Bestätigen Sie die Bewerbung von Globex GmbH")


def test_pages_behind_a_secret_are_kept_by_nobody(client, vendor):
    page = begin(client, vendor)
    link = f"/{vendor.slug}/become-a-partner/status/{applicants.secret_of(applicants.applied())}/"

    for address in (page, link):
        assert "no-store" in client.get(address)["Cache-Control"]


def test_a_rejected_applicant_reads_why(client, vendor):
    application = applicants.applied()
    decisions.reject(
        application, reason_code="too_small", note="Two more people", by=build.manager(), at=timezone.now()
    )
    page = client.get(f"/{vendor.slug}/become-a-partner/status/{applicants.secret_of(application)}/")

    assert "Too small for the programme" in page.content.decode()
    assert "Two more people" in page.content.decode()


def test_nothing_of_the_answers_of_another_question_is_kept(vendor):
    application = applicants.applied(answers={**applicants.ANSWERS, "made_up": "x"})

    assert "made_up" not in application.answers
