"""An applicant appeals through its secret address: it has no login."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from partners.enums import ApplicationStatus as Status
from partners.enums import LinkPurpose, PartnerStatus
from partners.services import application_decisions as decisions
from partners.services import application_links as links
from prm.accounts.models import Invitation
from prm.accounts.roles import Role
from prm.disputes import services
from prm.disputes.models import Dispute
from prm.events.outbox import UNDO_TIME, deliver_due
from prm.notifications.models import OutgoingMail
from prm.tenancy.context import as_system
from tests import build
from tests.build import MONDAY
from tests.partners import applicants

SAID = {"reason_code": "facts_overlooked", "text": "We have forty customers in Kiel."}
OUTCOME = {"reason_code": "mistake", "note": "They have."}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(MONDAY + timedelta(hours=1), tick=False):
        yield


@pytest.fixture
def first(vendor):
    return build.manager()


@pytest.fixture
def neutral(vendor):
    return build.member(Role.ADMIN, name="Nora Neutral")


@pytest.fixture
def application(first):
    facts = {"reason_code": "too_small", "note": "Come back later.", "by": first, "at": MONDAY}
    return decisions.reject(applicants.applied(), **facts)


@pytest.fixture
def link(vendor, application):
    secret = links.issue(application, LinkPurpose.STATUS, at=MONDAY, days=30)
    return f"/{vendor.slug}/become-a-partner/status/{secret}/"


def text_of(answer):
    return " ".join(answer.content.decode().split())


def mails(vendor):
    deliver_due(vendor.pk, now=lambda: timezone.now() + UNDO_TIME)
    with as_system(vendor.pk):
        found = [(mail.subject, mail.text) for mail in OutgoingMail.objects.order_by("written_at", "id")]
        OutgoingMail.objects.all().delete()
    return found


def test_a_rejected_applicant_appeals_answers_and_becomes_a_partner(vendor, client, application, link, neutral):
    assert "You can appeal this decision until 7 December" in text_of(client.get(link))
    assert client.post(f"{link}appeal/", {**SAID, "text": ""}).status_code == 422
    assert client.post(f"{link}appeal/", SAID)["Location"] == link
    dispute = Dispute.objects.get()
    assert (dispute.raised_by_id, dispute.firm) == (None, application.company_name)
    assert f"{application.company_name} appealed" in text_of(client.get(link))

    services.ask(dispute, "How many of them pay?", by=neutral, at=timezone.now())
    assert "How many of them pay?" in text_of(client.get(link))
    assert client.post(f"{link}appeal/answer/", {"text": "All."})["Location"] == link
    dispute.refresh_from_db()
    services.overturn(dispute, **OUTCOME, by=neutral, at=timezone.now())

    application.refresh_from_db()
    assert (application.status, application.partner.status) == (Status.APPROVED, PartnerStatus.ONBOARDING)
    assert application.reason_code == ""
    assert Invitation.objects.get().email == application.contact_email
    page = text_of(client.get(link))
    assert "Your application is approved" in page
    assert "After the appeal the decision was overturned" in page


def test_it_is_told_by_mail_what_happens_to_its_appeal(vendor, client, application, link, neutral):
    mails(vendor)
    client.post(f"{link}appeal/", SAID)
    dispute = Dispute.objects.get()
    assert any("has your appeal" in subject for subject, _text in mails(vendor))
    services.ask(dispute, "How many of them pay?", by=neutral, at=MONDAY)
    [asked] = [mail for mail in mails(vendor) if "question about your appeal" in mail[0]]
    assert "“How many of them pay?”" in asked[1]
    assert "Answer by 3 December" in asked[1]
    services.lapse(dispute, at=MONDAY + timedelta(days=11))

    assert any("was not answered in time" in text for _subject, text in mails(vendor))


def test_the_vendor_looks_at_it_beside_the_application_and_lets_it_stand(vendor, client, application, link, neutral):
    client.post(f"{link}appeal/", SAID)
    dispute = Dispute.objects.get()
    client.force_login(neutral.user, backend="allauth.account.auth_backends.AuthenticationBackend")

    item = text_of(client.get(f"/{vendor.slug}/applications/to-decide/{application.pk}/"))
    assert f"{application.company_name} appealed" in item
    page = text_of(client.get(f"/{vendor.slug}/disputes/{dispute.pk}/"))
    assert "The application was rejected." in page
    assert "The applicant appealed the decision." in page
    posted = {"outcome": "upheld", **OUTCOME}
    assert client.post(f"/{vendor.slug}/disputes/{dispute.pk}/decision/", posted).status_code == 302
    client.logout()
    assert "After the appeal the decision stands" in text_of(client.get(link))
    assert client.get(f"{link}appeal/")["Location"] == link


def test_an_appeal_is_withdrawn_through_the_link(client, application, link):
    client.post(f"{link}appeal/", SAID)

    assert "cannot be appealed again" in text_of(client.get(f"{link}appeal/withdrawal/"))
    client.post(f"{link}appeal/withdrawal/")

    assert Dispute.objects.get().status == "withdrawn"
    assert "The appeal was withdrawn" in text_of(client.get(link))


def test_nothing_is_appealed_before_it_is_decided_or_when_it_is_too_late(vendor, client, application, link):
    open_secret = links.issue(applicants.applied(), LinkPurpose.STATUS, at=MONDAY, days=30)
    open_link = f"/{vendor.slug}/become-a-partner/status/{open_secret}/"
    assert client.post(f"{open_link}appeal/", SAID)["Location"] == open_link
    with time_machine.travel(MONDAY + timedelta(days=15), tick=False):
        client.post(f"{link}appeal/", SAID)
        assert "The time to appeal this decision ended on 7 December" in text_of(client.get(link))

    assert not Dispute.objects.exists()


@pytest.mark.parametrize("path", ["appeal/", "appeal/answer/", "appeal/withdrawal/"])
def test_another_vendors_or_no_secret_opens_nothing(vendor, client, link, path):
    elsewhere = build.vendor()

    for address in (link.replace(vendor.slug, elsewhere.slug), f"{link[:-2]}x/"):
        assert client.get(f"{address}{path}").status_code == 404
        assert client.post(f"{address}{path}", SAID).status_code == 404
    assert not Dispute.objects.exists()
