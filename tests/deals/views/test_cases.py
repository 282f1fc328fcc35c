"""Conflict cases on the pages of those who decide and of the partners."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from deals.enums import CaseStatus, Review
from deals.models import CaseParty, ConflictCase
from deals.services import cases, decisions, registrations
from deals.services.drafts import Content
from prm.events import outbox
from prm.files import queries as files
from prm.notifications import words
from prm.notifications.models import Notification
from prm.tenancy.context import acting_as
from tests import build
from tests.build import MONDAY

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY, tick=False):
        yield


@pytest.fixture
def sellers(vendor):
    return [build.seller(of=build.partner(name)) for name in ("Northlight", "Kestrel")]


@pytest.fixture
def rivals(sellers):
    return [build.submitted("edge", "mesh", by=seller, customer_website="globex.example") for seller in sellers]


@pytest.fixture
def case(rivals):
    return cases.open_case(rivals[0], rivals[1:], by=build.manager(), at=MONDAY)


@pytest.fixture
def asked(case):
    return cases.ask_for_evidence(case, "Whom did you meet?", version=1, by=build.manager(), at=MONDAY)


@pytest.fixture
def pages(client, vendor):
    def sign_in(member):
        client.force_login(member.user, backend=BACKEND)
        client.portal = f"/{vendor.slug}"
        return client

    return sign_in


def text(answer):
    return answer.content.decode()


def party_of(registration):
    return CaseParty.objects.get(registration=registration)


def test_a_case_is_opened_from_the_inbox_against_those_who_are_surely_rivals(pages, rivals):
    manager = pages(build.manager())
    shown = text(manager.get(f"{manager.portal}/deals/to-decide/{rivals[0].pk}/?view=team"))
    assert "Open a conflict case" in shown

    address = f"{manager.portal}/deals/{rivals[0].pk}/case/"
    assert "checked" in text(manager.get(address))
    answer = manager.post(address, {"rivals": [str(rivals[1].pk)]})

    assert answer["Location"].endswith(f"/deals/cases/{ConflictCase.objects.get().pk}/")
    shown = text(manager.get(f"{manager.portal}/deals/to-decide/{rivals[0].pk}/?view=team"))
    assert "A conflict case is open" in shown


def test_both_sides_stand_beside_each_other_with_the_proof_of_their_arrival(pages, case, rivals):
    manager = pages(build.manager())

    shown = text(manager.get(f"{manager.portal}/deals/cases/{case.pk}/"))

    assert "Northlight" in shown
    assert "Kestrel" in shown
    assert "Same website." in shown
    assert "Proof" in shown


def test_what_each_party_will_be_told_is_shown_before_anything_is_decided(pages, case, rivals):
    manager = pages(build.manager())
    address = f"{manager.portal}/deals/cases/{case.pk}/decision/award/"
    said = {
        "winner": str(party_of(rivals[1]).pk),
        "aside": "They know the customer.",
        "reason_code": "duplicate",
        "note": "Later.",
        "version": case.version,
    }

    shown = text(manager.post(address, said | {"do": "preview"}))
    assert "What each party will be told" in shown
    assert "The conflict was not decided for you." in shown
    assert ConflictCase.objects.get().status == CaseStatus.OPEN

    assert manager.post(address, said | {"do": "decide"}).status_code == 302
    rivals[1].refresh_from_db()
    assert rivals[1].review == Review.APPROVED


def test_different_companies_are_said_while_evidence_is_waited_for_and_each_is_told(
    vendor, pages, asked, rivals, sellers
):
    manager = pages(build.manager())
    case, address = f"{manager.portal}/deals/cases/{asked.pk}/", "decision/apart/"
    shown = text(manager.get(case))
    assert f"{case}{address}" in shown
    assert f"{case}decision/award/" not in shown
    said = {"version": asked.version}

    told = "the other registration is about another company"
    assert told in text(manager.post(f"{case}{address}", said | {"do": "preview"}))
    assert manager.post(f"{case}{address}", said | {"do": "decide"}).status_code == 302

    assert "No conflict: different companies" in text(manager.get(case))
    outbox.deliver_due(vendor.pk, now=lambda: MONDAY + outbox.UNDO_TIME)
    news = Notification.objects.get(user=sellers[0].user, kind="deals.conflict_decided")
    assert "there is no conflict" in words.of(news.kind, news.facts).subject
    seller = pages(sellers[0])
    assert told in text(seller.get(f"{seller.portal}/deals/conflicts/{party_of(rivals[0]).pk}/"))


def test_whose_registration_has_ended_is_not_told_that_it_goes_on(vendor, pages, case, rivals, sellers):
    registrations.withdraw(rivals[0], by=sellers[0], at=MONDAY)
    rivals[0].refresh_from_db()
    cases.follow(rivals[0], at=MONDAY)

    left = pages(sellers[0])
    shown = text(left.get(f"{left.portal}/deals/conflicts/{party_of(rivals[0]).pk}/"))
    assert "Your registration had ended before" in shown
    assert "goes on as it was" not in shown


def test_a_decision_about_a_case_that_changed_is_refused_in_words(pages, case, rivals):
    manager = pages(build.manager())
    said = {"reason_code": "duplicate", "version": 99, "do": "decide"}

    answer = manager.post(f"{manager.portal}/deals/cases/{case.pk}/decision/reject/", said)

    assert answer.status_code == 409
    assert "The case has changed since you opened it" in text(answer)


def test_a_split_says_what_is_wrong_with_it(pages, case):
    manager = pages(build.manager())
    said = {"reason_code": "duplicate", "version": case.version, "do": "preview"}

    answer = manager.post(f"{manager.portal}/deals/cases/{case.pk}/decision/split/", said)

    assert answer.status_code == 409
    assert "Give products to at least two of them." in text(answer)


def test_a_partner_reads_what_is_asked_and_nothing_of_who_the_other_is(pages, asked, rivals, sellers):
    seller = pages(sellers[0])

    shown = text(seller.get(f"{seller.portal}/deals/conflicts/{party_of(rivals[0]).pk}/"))

    assert "Whom did you meet?" in shown
    assert "Both are after: Edge, Mesh." in shown
    assert "Kestrel" not in shown
    assert rivals[1].number not in shown
    assert seller.get(f"{seller.portal}/deals/conflicts/{party_of(rivals[1]).pk}/").status_code == 404


def test_evidence_is_brought_with_a_file_and_only_once(pages, asked, rivals, sellers):
    seller = pages(sellers[0])
    party = party_of(rivals[0])
    address = f"{seller.portal}/deals/conflicts/{party.pk}/"
    file = SimpleUploadedFile("minutes.txt", b"We met on 3 May.")
    assert seller.post(f"{address}evidence/", {"text": ""}).status_code == 422

    seller.post(f"{address}evidence/", {"text": "Their CFO, on 3 May.", "files": file})

    assert "Their CFO, on 3 May." in text(seller.get(address))
    assert files.of(party).count() == 1
    assert seller.post(f"{address}evidence/", {"text": "Again."}).status_code == 409
    assert seller.post(f"{address}files/", {"file": file}).status_code == 404


def test_parties_and_managers_are_told(vendor, asked, rivals, sellers):
    outbox.deliver_due(vendor.pk, now=lambda: MONDAY + outbox.UNDO_TIME)
    told = Notification.objects.filter(user=sellers[0].user).values_list("kind", flat=True)
    assert {"deals.conflict_opened", "deals.evidence_asked"} <= set(told)

    cases.give_evidence(party_of(rivals[0]), "Their CFO.", by=sellers[0], at=MONDAY)
    outbox.deliver_due(vendor.pk, now=lambda: MONDAY + outbox.UNDO_TIME)

    assert Notification.objects.filter(kind="deals.evidence_given").exists()


def test_the_lists_show_cases_and_ones_own_conflicts(pages, asked, rivals, sellers):
    manager = pages(build.manager())
    assert asked.number in text(manager.get(f"{manager.portal}/deals/cases/?q=customer"))
    assert asked.number not in text(manager.get(f"{manager.portal}/deals/cases/?view=final"))

    seller = pages(sellers[1])
    shown = text(seller.get(f"{seller.portal}/deals/conflicts/"))
    assert rivals[1].number in shown
    assert rivals[0].number not in shown


def test_evidence_that_is_asked_for_stands_on_the_first_page_of_the_partner(pages, asked, rivals, sellers):
    seller = pages(sellers[0])
    assert "bring your evidence" in text(seller.get(f"{seller.portal}/"))

    cases.give_evidence(party_of(rivals[0]), "Their CFO.", by=sellers[0], at=MONDAY)

    assert "bring your evidence" not in text(seller.get(f"{seller.portal}/"))


def test_a_case_shows_what_changed_and_whether_evidence_was_asked_before(pages, case, rivals, sellers):
    manager = build.manager()

    def answered(hours, **changes):
        at = MONDAY + timedelta(hours=hours)
        decisions.ask(rivals[0], question="Is it so?", fields=("value",), by=manager, at=at)
        with acting_as(sellers[0].actor):
            registrations.answer(rivals[0], Content(changes), text="Yes.", by=sellers[0], at=at + timedelta(hours=1))
        rivals[0].refresh_from_db()

    answered(1, value_amount=Decimal(99))
    client = pages(manager)
    before = text(client.get(f"{client.portal}/deals/cases/{case.pk}/"))
    case.refresh_from_db()
    decisions.ask(rivals[0], question="And now?", fields=("value",), by=manager, at=MONDAY + timedelta(hours=3))
    cases.ask_for_evidence(case, "Whom?", version=case.version, by=manager, at=MONDAY + timedelta(hours=4))
    with acting_as(sellers[0].actor):
        facts = Content({"value_amount": Decimal(50), "reason_to_buy": "Growth"})
        registrations.answer(rivals[0], facts, text="Less.", by=sellers[0], at=MONDAY + timedelta(hours=5))
    after = text(client.get(f"{client.portal}/deals/cases/{case.pk}/"))

    assert "Changed since the case was opened: Value" in before
    assert "Changed after evidence" not in before
    assert "Changed after evidence was asked: Value, Why now" in after
