"""The customer's link: what it shows, takes and refuses, to somebody without a login."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from prm.documents import rendering
from prm.documents.models import Document, PrivateDocument
from prm.events.models import Delivery
from prm.tenancy.context import as_system
from quotes.enums import Status
from quotes.models import OfferLink, Order, QuoteRevision
from quotes.services import issuing, links, revisions
from tests import build
from tests.quotes import build as quoting

YES = {"name": "Ida Holm", "email": "ida@nordhavn.example", "purchase_order": "PO 4711", "means_it": "on"}
NO = {"reason_code": "price", "note": "Too dear.", "name": "Ida Holm"}


class Sent:
    """An offer that was sent to a customer a moment ago."""

    def __init__(self, vendor, **facts):
        quoting.terms()
        self.vendor, self.now = vendor, timezone.now()
        self.seller = build.seller(of=build.partner("Northlight Consulting"))
        line = quoting.some(quoting.usual(), resale="149.90")
        self.revision = quoting.issued(line, by=self.seller, at=self.now, **facts)
        self.link, self.secret = links.make(self.revision, by=self.seller, at=self.now)
        self.client = Client()

    def url(self, more=""):
        return f"/{self.vendor.slug}/offers/{self.secret}/{more}"

    def get(self, more="", **facts):
        return self.client.get(self.url(more), **facts)

    def post(self, more, form, **facts):
        return self.client.post(self.url(more), form, **facts)


@pytest.fixture
def sent(vendor):
    return Sent(vendor)


def test_the_link_shows_the_partners_price_and_never_what_it_pays_itself(sent):
    answer = sent.get()

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "€1,499.00" in page
    assert "Northlight Consulting" in page
    assert "1,000.00" not in page
    assert answer["Referrer-Policy"] == "same-origin"  # with none at all browsers send no origin, and no form is taken
    assert "no-store" in answer["Cache-Control"]


def test_the_page_speaks_the_language_of_the_offer_whatever_the_browser_wants(vendor):
    german = Sent(vendor, language="de")

    page = german.get(headers={"Accept-Language": "en"}).content.decode()

    assert '<html lang="de"' in page
    assert "Angebot annehmen" in page


def test_a_first_look_is_remembered_and_changes_nothing_else(sent):
    sent.get()
    sent.get()

    sent.revision.refresh_from_db()
    assert sent.revision.status == Status.ISSUED
    assert sent.revision.opened_at is not None


def test_a_yes_becomes_an_order_with_who_when_and_from_where(sent):
    answer = sent.post("acceptance/", YES, REMOTE_ADDR="192.0.2.7", follow=True)

    assert "This offer is accepted" in answer.content.decode()
    order, revision = Order.objects.get(), QuoteRevision.objects.get()
    assert order.purchase_order == "PO 4711"
    assert (revision.answered_name, revision.answered_email) == ("Ida Holm", "ida@nordhavn.example")
    assert revision.answered_from == "192.0.2.7"
    assert revision.answered_at is not None


@pytest.mark.parametrize("missing", ["name", "email", "means_it"])
def test_a_yes_needs_a_name_an_address_and_the_tick(sent, missing):
    answer = sent.post("acceptance/", {name: value for name, value in YES.items() if name != missing})

    assert answer.status_code == 422
    assert not Order.objects.exists()


def test_a_no_keeps_its_reason(sent):
    answer = sent.post("refusal/", NO, follow=True)

    assert "This offer is declined" in answer.content.decode()
    revision = QuoteRevision.objects.get()
    assert (revision.status, revision.reason_code, revision.note) == (Status.DECLINED, "price", "Too dear.")


def test_a_second_yes_is_told_calmly_that_it_is_accepted(sent):
    sent.post("acceptance/", YES)

    answer = sent.post("acceptance/", YES, follow=True)

    assert "This offer is accepted" in answer.content.decode()
    assert Order.objects.count() == 1


def expired(sent):
    issuing.expire(sent.revision, today=sent.revision.valid_until + timedelta(days=1), at=sent.now)


def superseded(sent):
    issuing.issue(revisions.revise(sent.revision, by=sent.seller, at=sent.now), by=sent.seller, at=sent.now)


def withdrawn(sent):
    issuing.withdraw(sent.revision, by=sent.seller, at=sent.now)


def closed(sent):
    links.close(sent.revision, by=sent.seller, at=sent.now)


def renewed(sent):
    links.make(sent.revision, by=sent.seller, at=sent.now)


@pytest.mark.parametrize(
    ("end", "sentence"),
    [
        (expired, "This offer has expired"),
        (superseded, "A newer offer has replaced this one"),
        (withdrawn, "This offer was withdrawn"),
        (closed, "This link is no longer used"),
        (renewed, "This link is no longer used"),
    ],
)
def test_a_link_that_ended_says_so_with_whom_to_ask_and_takes_no_answer(sent, end, sentence):
    end(sent)

    page = sent.get()
    answers = [sent.post("acceptance/", YES), sent.post("refusal/", NO), sent.get("document/")]

    assert page.status_code == 410
    assert sentence in page.content.decode()
    assert sent.seller.user.email in page.content.decode()
    assert "<form" not in page.content.decode()
    assert [answer.status_code for answer in answers] == [410, 410, 410]
    assert not Order.objects.exists()


def test_the_day_after_its_last_an_offer_takes_no_answer_even_if_the_clock_is_late(sent):
    with time_machine.travel(sent.now + timedelta(days=33), tick=False):
        assert "This offer has expired" in sent.get().content.decode()
        assert sent.post("acceptance/", YES).status_code == 410
    assert not Order.objects.exists()


@pytest.mark.parametrize("more", ["", "acceptance/", "refusal/", "document/"])
def test_what_a_secret_does_not_open_is_not_there_whoever_asks(sent, more):
    elsewhere = build.vendor()
    strange = [
        f"/{sent.vendor.slug}/offers/guessed/{more}",
        f"/{sent.vendor.slug}/offers/{sent.secret[:-1]}/{more}",
        f"/{sent.vendor.slug}/offers/{sent.link.secret_digest}/{more}",
        f"/{elsewhere.slug}/offers/{sent.secret}/{more}",
    ]

    pages = [Client().get(url) for url in strange]

    assert {page.status_code for page in pages} == {404}
    assert all("Nordhavn" not in page.content.decode() for page in pages)
    if more in ("acceptance/", "refusal/"):
        assert {Client().post(url, YES | NO).status_code for url in strange} == {404}
        assert not Order.objects.exists()


def test_a_secret_of_another_vendor_opens_nothing_here(sent):
    elsewhere = build.vendor()
    with as_system(elsewhere.pk):
        other = Sent(elsewhere)

    assert other.get().status_code == 200
    assert Client().get(f"/{sent.vendor.slug}/offers/{other.secret}/").status_code == 404


def test_the_pdf_is_there_once_the_worker_has_written_it(sent, settings, tmp_path):
    settings.STORAGES["default"]["OPTIONS"] = {"location": str(tmp_path)}
    assert sent.get("document/").status_code == 404

    paper = PrivateDocument.objects.get()
    rendering.write(paper.pk, Delivery(tenant_id=sent.vendor.pk, subject_id=paper.pk))
    answer = sent.get("document/")

    assert answer.status_code == 200
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    assert answer["Content-Disposition"].startswith("attachment")


def test_somebody_signed_in_sees_the_same_page(sent):
    sent.client.force_login(build.manager().user, backend="allauth.account.auth_backends.AuthenticationBackend")

    assert "Accept the offer" in sent.get().content.decode()


def test_the_vendor_finds_no_resale_price_anywhere(sent):
    sent.post("acceptance/", YES)
    with as_system(sent.vendor.pk):
        order = Order.objects.get()
        vendors = build.manager()
    client = Client()
    client.force_login(vendors.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    pages = [
        f"/{sent.vendor.slug}/quotes/{sent.revision.quote_id}/",
        f"/{sent.vendor.slug}/quotes/",
        f"/{sent.vendor.slug}/quotes/export/?view=all",
        f"/{sent.vendor.slug}/orders/{order.pk}/",
        f"/{sent.vendor.slug}/orders/export/?view=all",
        f"/{sent.vendor.slug}/search/?q=149",
        f"/{sent.vendor.slug}/search/?q=Nordhavn",
        f"/{sent.vendor.slug}/documents/{sent.revision.document_id}/print/",
    ]

    found = [client.get(page) for page in pages]

    assert {page.status_code for page in found} == {200}
    assert all("149.9" not in page.content.decode() and "1,499" not in page.content.decode() for page in found)
    for more in ("", "file/", "print/"):
        url = f"/{sent.vendor.slug}/documents/{sent.revision.resale_document_id}/{more}"
        assert client.get(url).status_code == 404


def test_neither_events_nor_mail_say_what_the_partner_asks(sent):
    from prm.events.models import Event
    from prm.notifications.models import OutgoingMail

    with as_system(sent.vendor.pk):
        links.make(sent.revision, email="ida@nordhavn.example", message="Hello.", by=sent.seller, at=sent.now)
    sent.post("acceptance/", YES)

    texts = [str(event.payload) for event in Event.objects.all()]
    texts += [f"{mail.subject} {mail.text} {mail.html}" for mail in OutgoingMail.objects.all()]
    assert texts
    assert not [text for text in texts if "149.9" in text or "1499" in text or "1,499" in text]


def test_the_offer_is_mailed_once_in_its_language(vendor):
    from prm.notifications.models import OutgoingMail

    german = Sent(vendor, language="de")
    links.make(german.revision, email="ida@nordhavn.example", message="Grüße", by=german.seller, at=german.now)

    mail = OutgoingMail.objects.get()
    assert mail.subject == f"Angebot {german.revision.quote.number} von Northlight Consulting"
    assert "Grüße" in mail.text
    assert f"/{vendor.slug}/offers/" in mail.text


def test_only_the_digest_of_a_link_is_stored_anywhere(sent):
    assert sent.secret not in str(list(OfferLink.objects.values()))
    assert Document.objects.count() == 1
