"""Registering on behalf of a partner in the browser: for whom, and the same form as its own people have."""

from __future__ import annotations

import pytest
from django.utils import timezone

from deals.enums import EnteredAs, Review
from deals.models import Registration
from deals.rules.terms import Terms
from deals.services import decisions, transfers
from deals.services.moves import NotPossible
from prm.accounts.models import Membership
from prm.accounts.roles import Role
from prm.tenancy.fields import uuid7
from tests import build
from tests.deals.rulebook import publish, rule
from tests.deals.views.test_registering import send, signed_in, typed


@pytest.fixture
def firm(vendor):
    return build.partner("Below Ltd", distributor=build.partner("Nordic Distribution", type="distributor"))


@pytest.fixture
def owner(firm):
    return build.member(Role.PARTNER_SALES, of=firm, name="Ole Lund")


@pytest.fixture
def manager(owner):
    return signed_in(build.member(Role.CHANNEL_MANAGER, name="Tomás Ferreira"))


@pytest.fixture
def above(firm, owner):
    publish(rule("All"), terms=Terms(distributors_register=True))
    return signed_in(build.member(Role.PARTNER_SALES, of=firm.distributor, name="Dora Quist"))


def test_the_vendor_chooses_the_partner_and_then_fills_in_the_same_form(manager, firm, owner):
    assert manager.get(f"{manager.portal}/deals/new/").headers["Location"].endswith("/deals/new/on-behalf/")
    chosen = manager.post(f"{manager.portal}/deals/new/on-behalf/", {"partner": str(firm.pk)})

    page = manager.get(chosen.headers["Location"]).content.decode()
    assert "Below Ltd" in page
    assert f'name="partner" value="{firm.pk}"' in page
    assert "Ole Lund" in page
    assert "Your tier" not in page
    answer = send(manager, partner=str(firm.pk), owner_id=str(owner.user_id))

    registration = Registration.objects.get()
    assert answer.headers["Location"] == f"{manager.portal}/deals/{registration.pk}/"
    assert (registration.partner, registration.owner_id) == (firm, owner.user_id)
    assert (registration.review, registration.entered_as) == (Review.SUBMITTED, EnteredAs.VENDOR)


def test_a_draft_on_behalf_is_kept_and_found_again_among_the_drafts(manager, firm, owner):
    pk = uuid7()
    answer = manager.post(f"{manager.portal}/deals/{pk}/draft/", typed(partner=str(firm.pk), customer_name="Nord"))

    assert "Draft saved" in answer.content.decode()
    assert "Nord" in manager.get(f"{manager.portal}/deals/?view=drafts").content.decode()
    assert "Nord" not in signed_in(owner).get("/" + owner.tenant.slug + "/deals/?view=drafts").content.decode()
    page = manager.get(f"{manager.portal}/deals/{pk}/form/").content.decode()
    assert "Below Ltd" in page
    assert "Nord" in page
    assert Registration.objects.get().typed["customer_name"] == ["Nord"]


def test_nobody_decides_about_a_draft_nor_transfers_it(manager, firm):
    pk, other = uuid7(), build.partner("Vos B.V.")
    manager.post(f"{manager.portal}/deals/{pk}/draft/", typed(partner=str(firm.pk), customer_name="Nord"))
    draft = Registration.objects.get(pk=pk)

    assert manager.get(f"{manager.portal}/deals/to-decide/{pk}/").status_code == 404
    assert manager.post(f"{manager.portal}/deals/{pk}/approval/", {"version": draft.version}).status_code == 404
    body = {"reason_code": "firm_bought", "version": draft.version}
    for address in ("transfer/", f"transfer/?partner={other.pk}"):
        assert manager.post(f"{manager.portal}/deals/{pk}/{address}", body).status_code == 404
    author = Membership.objects.get(user_id=draft.entered_by_id)
    with pytest.raises(NotPossible):
        decisions.approve(draft, by=author, at=timezone.now())
    with pytest.raises(NotPossible):
        transfers.transfer(draft, other, reason_code="firm_bought", by=author, at=timezone.now())


def test_the_page_says_who_entered_it_and_offers_them_no_decision(manager, firm, owner):
    send(manager, partner=str(firm.pk), owner_id=str(owner.user_id))
    registration = Registration.objects.get()

    page = manager.get(f"{manager.portal}/deals/{registration.pk}/").content.decode()
    assert "Tomás Ferreira submitted the registration on behalf of the partner." in page
    assert "Decide" not in page
    inbox = manager.get(f"{manager.portal}/deals/to-decide/{registration.pk}/").content.decode()
    assert "Somebody else decides about it" in inbox
    refused = manager.post(
        f"{manager.portal}/deals/{registration.pk}/approval/", {"version": str(registration.version)}
    )
    registration.refresh_from_db()
    assert (refused.status_code, registration.review) == (409, Review.SUBMITTED)
    theirs = signed_in(owner)
    page = theirs.get(f"{theirs.portal}/deals/{registration.pk}/").content.decode()
    assert "Tomás Ferreira submitted the registration on behalf of the partner." in page
    assert f"/deals/{registration.pk}/withdrawal/" in page


def test_a_distributor_registers_for_a_reseller_and_answers_what_is_asked(above, firm, owner):
    assert "Register for a partner" in above.get(f"{above.portal}/deals/").content.decode()
    send(above, partner=str(firm.pk), owner_id=str(owner.user_id))
    registration = Registration.objects.get()
    assert (registration.partner, registration.entered_as) == (firm, EnteredAs.DISTRIBUTOR)
    decisions.ask(registration, question="Who decides there?", by=build.manager(), at=timezone.now())

    page = above.get(f"{above.portal}/deals/{registration.pk}/").content.decode()
    assert f"/deals/{registration.pk}/answer/" in page
    assert f"/deals/{registration.pk}/withdrawal/" not in page
    above.post(f"{above.portal}/deals/{registration.pk}/answer/", {"answer": "Their CFO."})

    registration.refresh_from_db()
    assert registration.is_waiting


def test_a_distributor_does_nothing_with_what_its_reseller_registered_itself(above, owner):
    registration = build.submitted(by=owner)
    decisions.ask(registration, question="Who decides there?", by=build.manager(), at=timezone.now())

    for action in ("answer", "withdrawal", "form"):
        assert above.get(f"{above.portal}/deals/{registration.pk}/{action}/").status_code == 404
    assert above.post(f"{above.portal}/deals/{registration.pk}/files/").status_code == 404


def test_only_partners_that_somebody_may_choose_are_offered_and_taken(above, firm):
    other = build.partner("Elsewhere")
    build.seller(other)

    page = above.get(f"{above.portal}/deals/new/on-behalf/").content.decode()
    assert "Below Ltd" in page
    assert "Elsewhere" not in page
    assert above.post(f"{above.portal}/deals/new/on-behalf/", {"partner": str(other.pk)}).status_code == 422
    for partner in (other.pk, "nobody", uuid7()):
        assert above.get(f"{above.portal}/deals/new/", {"partner": str(partner)}).status_code == 404
        assert send(above, partner=str(partner)).status_code == 404
        answer = above.post(f"{above.portal}/deals/check/", {**typed(), "partner": str(partner), "id": str(uuid7())})
        assert answer.status_code == 404
    assert not Registration.objects.exists()


def test_a_distributor_that_is_not_let_is_shown_no_way(firm, owner):
    above = signed_in(build.seller(firm.distributor))

    assert "Register for a partner" not in above.get(f"{above.portal}/deals/").content.decode()
    assert above.get(f"{above.portal}/deals/new/on-behalf/").status_code == 404
    assert send(above, partner=str(firm.pk)).status_code == 404


def test_the_vendor_registers_nothing_for_itself(manager):
    assert send(manager).status_code == 404
    assert manager.post(f"{manager.portal}/deals/{uuid7()}/files/").status_code == 404
    assert manager.post(f"{manager.portal}/deals/{uuid7()}/draft/", typed()).status_code == 404


def test_somebody_of_another_firm_does_not_become_its_owner(manager, firm, owner):
    answer = send(manager, partner=str(firm.pk), owner_id=str(build.seller().user_id))

    assert answer.status_code == 422
    assert Registration.objects.get().owner_id == owner.user_id
