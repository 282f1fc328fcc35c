from datetime import date, timedelta

import pytest
import time_machine

from deals.enums import ExtensionStatus, ProtectionState, Review
from deals.models import Extension
from deals.services import decisions, protection, registrations
from deals.services.moves import NotPossible
from prm.accounts.roles import Role
from prm.policies.models import ReasonCode
from prm.questions import services as questions
from tests import build
from tests.build import MONDAY
from tests.deals.rulebook import publish, rule

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
NOW = MONDAY + timedelta(hours=1)
HTMX = {"HX-Request": "true", "HX-Target": "item"}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def manager(vendor):
    return build.manager()


@pytest.fixture
def deals(vendor):
    return f"/{vendor.slug}/deals/"


@pytest.fixture
def inbox(deals):
    return f"{deals}to-decide/"


@pytest.fixture
def htmx(inbox):
    return {**HTMX, "HX-Current-URL": f"http://testserver{inbox}"}


@pytest.fixture
def page(client, manager):
    client.force_login(manager.user, backend=BACKEND)
    return client


def approve(page, deals, registration, **more):
    body = {"version": more.pop("version", registration.version)}
    return page.post(f"{deals}{registration.pk}/approval/?view=team", body, **more)


# -- who may -------------------------------------------------------------------------------------------
@pytest.mark.parametrize("action", ["approval", "rejection", "question", "undo", "extension-decision", "revocation"])
def test_only_deciders_decide(client, vendor, deals, action):
    registration, body = build.submitted(), {"reason_code": "other", "note": "No", "question": "Why?"}
    for member in (build.seller(of=registration.partner), build.member(Role.EXECUTIVE)):
        client.force_login(member.user, backend=BACKEND)

        refused = 409 if member.is_vendor and action in ("approval", "rejection", "question", "undo") else 403
        assert client.post(f"{deals}{registration.pk}/{action}/", body).status_code == refused

    registration.refresh_from_db()
    assert registration.review == Review.SUBMITTED


@pytest.mark.parametrize("action", ["approval", "rejection", "question", "undo", "extension-decision", "revocation"])
def test_what_is_not_there_is_not_found(page, deals, action):
    assert page.post(f"{deals}{build.draft().pk}/{action}/").status_code == 404
    assert page.post(f"{deals}{build.uuid7()}/{action}/").status_code == 404


# -- approving -----------------------------------------------------------------------------------------
def test_an_approval_without_scripts_leads_to_the_next_registration_and_can_be_undone_there(
    page, manager, deals, inbox
):
    first, second = build.submitted(), build.submitted(at=NOW)

    response = approve(page, deals, first)

    first.refresh_from_db()
    assert (first.review, first.decided_by_id, first.protected_until) == (
        Review.APPROVED,
        manager.user_id,
        date(2027, 2, 21),
    )
    assert response["Location"] == f"{inbox}{second.pk}/?view=team&decided={first.pk}"
    text = page.get(response["Location"]).text
    assert f"Approved {first.customer_name} for {first.partner.name}" in text
    assert f'action="{deals}{first.pk}/undo/?view=team"' in text


def test_after_the_last_registration_the_list_is_empty_and_says_so(page, deals, inbox):
    registration = build.submitted()

    response = approve(page, deals, registration)

    assert response["Location"] == f"{inbox}?view=team&decided={registration.pk}"
    answer = page.get(response["Location"])
    assert answer.context["opened"] == "item", "a narrow screen shows the list or the item, and Undo is on the item"
    assert f'action="{deals}{registration.pk}/undo/?view=team"' in answer.text
    assert "All decided" in page.get(response["Location"]).text


def test_an_approval_with_htmx_brings_the_next_registration_the_list_and_undo(page, deals, inbox, htmx):
    first, second = build.submitted(), build.submitted(at=NOW)

    response = approve(page, deals, first, headers=htmx)

    assert response["HX-Push-Url"] == f"{inbox}{second.pk}/?view=team"
    text = response.text
    assert text.lstrip().startswith("<article")
    assert f'tabindex="-1" data-focus>{second.customer_name}</h1>' in text
    assert 'id="inbox-rows" hx-swap-oob="true"' in text
    assert 'id="inbox-head" hx-swap-oob="true"' in text
    assert f'hx-post="{deals}{first.pk}/undo/?view=team"' in text
    assert first.customer_name not in text.split('id="inbox-rows"')[1].split("toast")[0]


def test_the_next_registration_is_the_one_below_and_at_the_end_the_first_that_is_left(page, deals, inbox):
    top, middle, last = (build.submitted(at=NOW + timedelta(hours=hour)) for hour in (0, 1, 2))

    assert str(last.pk) in approve(page, deals, middle)["Location"]
    assert str(top.pk) in approve(page, deals, last)["Location"]


def test_a_contested_approval_names_the_rival_to_the_manager(page, deals, htmx):
    holder = build.approved(customer_website="globex.example")
    late = build.submitted(customer_website="globex.example", at=NOW)

    for headers in ({}, htmx):
        response = approve(page, deals, late, headers=headers)

        assert response.status_code == 409
        assert f"{holder.partner.name} is protected for this customer" in response.text

    late.refresh_from_db()
    assert late.review == Review.SUBMITTED


def test_what_a_partner_reads_never_names_a_rival(vendor):
    holder = build.approved(customer_website="globex.example")

    sentence = decisions.Contested(rival=holder).sentence

    assert holder.partner.name not in sentence
    assert holder.number not in sentence


def test_names_in_a_refusal_are_escaped_once(page, deals):
    firm = build.partner("Müller & <b>Söhne</b>")
    build.approved(by=build.seller(of=firm), customer_website="globex.example")
    late = build.submitted(customer_website="globex.example", at=NOW)

    text = approve(page, deals, late).text

    assert "Müller &amp; &lt;b&gt;Söhne&lt;/b&gt; is protected" in text


def test_a_registration_that_changed_meanwhile_is_shown_again_instead_of_decided(page, deals, htmx):
    registration = build.submitted()
    decisions.open_review(registration, by=build.manager(), at=NOW)

    response = approve(page, deals, registration, headers=htmx)

    registration.refresh_from_db()
    assert response.status_code == 409
    assert registration.review == Review.IN_REVIEW
    assert f"{registration.number} changed while it was open here" in response.text
    assert f'name="version" value="{registration.version}"' in response.text


def test_a_decision_made_meanwhile_says_who_made_it_and_when(page, deals):
    registration = build.submitted()
    decisions.reject(registration, reason_code="other", note="No.", by=build.member(name="Ada Berg"), at=NOW)

    response = approve(page, deals, registration)

    assert response.status_code == 409
    assert f"Ada Berg rejected {registration.number} on 23 Nov, 11:00" in response.text


# -- asking --------------------------------------------------------------------------------------------
def test_a_question_opens_only_the_fields_it_names(page, deals, inbox):
    registration, following = build.submitted(), build.submitted(at=NOW)
    body = {"question": "Who buys?", "reopened": ["contact_name", "files"], "version": registration.version}

    response = page.post(f"{deals}{registration.pk}/question/?view=team", body)

    registration.refresh_from_db()
    asked = questions.open_one(registration)
    assert registration.review == Review.INFO_REQUESTED
    assert (asked.text, asked.fields) == ("Who buys?", ["contact_name", "files"])
    assert response["Location"] == f"{inbox}{following.pk}/?view=team&decided={registration.pk}"
    assert (
        f"Asked {registration.partner.name} about {registration.customer_name}" in page.get(response["Location"]).text
    )


def test_a_question_without_words_is_asked_for_again(page, deals, htmx):
    registration = build.submitted()

    response = page.post(f"{deals}{registration.pk}/question/", {"question": ""}, headers=htmx)

    assert response.status_code == 422
    assert response["HX-Retarget"] == "#dialog"
    assert "This field is required" in response.text


def test_the_dialogs_are_pages_of_their_own_without_scripts(page, deals, htmx):
    registration = build.submitted()

    for name, title in (("question", "Ask for information"), ("rejection", "Reject this registration")):
        whole = page.get(f"{deals}{registration.pk}/{name}/")
        part = page.get(f"{deals}{registration.pk}/{name}/", headers={**htmx, "HX-Target": "dialog"})

        assert f"<h1>{title}</h1>" in whole.text
        assert "<html" not in part.text
        assert title in part.text
        assert 'hx-target="#item"' in part.text


def test_a_dialog_keeps_what_was_typed_when_the_registration_changed_meanwhile(page, deals, htmx):
    registration = build.submitted()
    decisions.open_review(registration, by=build.manager(), at=NOW)
    body = {"question": "Who buys?", "version": registration.version}

    refused = page.post(f"{deals}{registration.pk}/question/?view=team", body, headers=htmx)

    assert refused.status_code == 409
    assert refused["HX-Retarget"] == "#dialog"
    assert "changed while it was open here" in refused.text
    assert "Who buys?" in refused.text
    assert f'name="version" value="{registration.version + 1}"' in refused.text
    assert 'id="item"' in refused.text


# -- rejecting -----------------------------------------------------------------------------------------
def test_a_rejection_has_a_reason_from_the_vendors_list(page, manager, deals):
    ReasonCode.objects.filter(area="deals.registration").exclude(code="duplicate").update(is_active=False)
    ReasonCode(area="deals.registration", code="too_small", label="Too small", position=1).save()
    registration = build.submitted()
    url = f"{deals}{registration.pk}/rejection/?view=team"

    assert "Too small" in page.get(url).text
    assert "Already our customer" not in page.get(url).text
    assert page.post(url, {"reason_code": "existing_business"}).status_code == 422
    page.post(url, {"reason_code": "too_small", "note": "Below 5,000.", "version": registration.version})

    registration.refresh_from_db()
    assert (registration.review, registration.reason_code, registration.decision_note) == (
        Review.REJECTED,
        "too_small",
        "Below 5,000.",
    )
    assert registration.decided_by_id == manager.user_id


def test_another_reason_needs_a_note(page, deals):
    registration = build.submitted()

    response = page.post(f"{deals}{registration.pk}/rejection/", {"reason_code": "other", "note": " "})

    registration.refresh_from_db()
    assert response.status_code == 422
    assert "Write what the reason is" in response.text
    assert registration.review == Review.SUBMITTED


def test_a_rejection_with_htmx_closes_the_dialog_and_opens_the_next(page, deals, htmx):
    registration, following = build.submitted(), build.submitted(at=NOW)
    body = {"reason_code": "duplicate", "version": registration.version}

    response = page.post(f"{deals}{registration.pk}/rejection/?view=team", body, headers=htmx)

    assert response["HX-Trigger"] == "portal:close" or "portal:close" in response["HX-Trigger"]
    assert response["HX-Retarget"] == "#item"
    assert following.customer_name in response.text
    assert f"Rejected {registration.customer_name} of {registration.partner.name}" in response.text


def test_a_rejection_of_what_somebody_else_approved_says_so_in_the_dialog(page, deals):
    registration = build.submitted()
    decisions.approve(registration, by=build.member(name="Ada Berg"), at=NOW)

    response = page.post(f"{deals}{registration.pk}/rejection/", {"reason_code": "duplicate"})

    assert response.status_code == 409
    assert f"Ada Berg approved {registration.number}" in response.text


# -- taking back ---------------------------------------------------------------------------------------
def test_a_decision_can_be_undone_for_ten_seconds(page, deals, inbox, clock):
    registration = build.submitted()
    approve(page, deals, registration)
    clock.shift(timedelta(seconds=9))

    response = page.post(f"{deals}{registration.pk}/undo/?view=team")

    registration.refresh_from_db()
    assert (registration.review, registration.protection) == (Review.SUBMITTED, ProtectionState.NONE)
    assert response["Location"] == f"{inbox}{registration.pk}/?view=team"
    assert "Decision undone" in page.get(response["Location"]).text


def test_undo_with_htmx_brings_the_registration_back_in_place(page, deals, inbox, htmx):
    registration = build.submitted()
    approve(page, deals, registration)

    response = page.post(f"{deals}{registration.pk}/undo/?view=team", headers=htmx)

    assert response["HX-Push-Url"] == f"{inbox}{registration.pk}/?view=team"
    assert "Decision undone" in response.text
    assert 'id="item" aria-labelledby="item-title" hx-swap-oob="true"' in response.text


def test_after_ten_seconds_a_decision_stands(page, deals, htmx, clock):
    registration = build.submitted()
    approve(page, deals, registration)
    clock.shift(timedelta(seconds=11))

    for headers in ({}, htmx):
        response = page.post(f"{deals}{registration.pk}/undo/?view=team", headers=headers)

        assert response.status_code == 409
        assert "can no longer be taken back" in response.text

    registration.refresh_from_db()
    assert registration.review == Review.APPROVED


def test_after_ten_seconds_undo_is_no_longer_offered(page, deals, clock):
    registration = build.submitted()
    url = approve(page, deals, registration)["Location"]
    clock.shift(timedelta(seconds=11))

    assert "/undo/" not in page.get(url).text


# -- protections ---------------------------------------------------------------------------------------
@pytest.fixture
def extension(vendor):
    seller = build.seller()
    registration = build.approved(by=seller)
    return protection.ask_extension(registration, progress="The pilot runs until May.", by=seller, at=NOW)


def test_an_extension_is_decided_beside_what_the_partner_says_has_happened(page, deals, inbox, extension):
    text = page.get(f"{inbox}{extension.pk}/?view=extensions").text
    assert "The pilot runs until May." in text
    assert "Extend until 22 Apr 2027" in text

    response = page.post(f"{deals}{extension.pk}/extension-decision/?view=extensions", {"decision": "approve"})

    extension.refresh_from_db()
    assert extension.protected_until == date(2027, 4, 22)
    assert response["Location"] == f"{inbox}?view=extensions"


def test_an_extension_is_refused_with_a_reason(page, deals, extension, htmx):
    url = f"{deals}{extension.pk}/extension-decision/?view=extensions"

    assert page.post(url, {"reason_code": ""}).status_code == 422
    response = page.post(url, {"reason_code": "no_progress", "note": "Nothing new."}, headers=htmx)

    extension.refresh_from_db()
    asked = Extension.objects.get(registration=extension)
    assert "Extension rejected" in response.text
    assert (asked.status, asked.reason_code, asked.note) == (ExtensionStatus.REJECTED, "no_progress", "Nothing new.")
    assert extension.protected_until == date(2027, 2, 21)


def test_an_extension_decided_meanwhile_is_refused_in_words(page, deals, extension):
    protection.extend(extension, by=build.manager(), at=NOW)

    response = page.post(f"{deals}{extension.pk}/extension-decision/", {"decision": "approve"})

    assert response.status_code == 409


def test_a_protection_is_revoked_with_a_reason_and_leads_back_to_the_registration(page, deals, vendor):
    registration = build.approved()
    url = f"{deals}{registration.pk}/revocation/"

    assert "Revoke the protection" in page.get(url).text
    assert page.post(url, {"reason_code": "other"}).status_code == 422
    response = page.post(url, {"reason_code": "no_progress", "note": "Inactive for months."})

    registration.refresh_from_db()
    assert registration.protection == ProtectionState.REVOKED
    assert response["Location"] == f"{deals}{registration.pk}/"


def test_what_is_not_protected_cannot_be_revoked(page, deals):
    registration = build.submitted()

    response = page.post(f"{deals}{registration.pk}/revocation/", {"reason_code": "untrue"})

    assert response.status_code == 409
    assert f"{registration.number} waits for its decision" in response.text


# -- every refusal has words ---------------------------------------------------------------------------
def test_every_refusal_has_its_sentence(vendor):
    registration = build.submitted()
    refusals = [
        decisions.Changed(registration=registration),
        decisions.Contested(rival=None),
        decisions.NothingToApprove(registration=registration),
        decisions.TooLateToUndo(registration=registration),
        protection.ExtensionsUsedUp(limit=1),
        protection.ExtensionWaits(registration=registration),
        registrations.PartnerNotActive(partner=registration.partner),
        build.drafts.NotADraft(registration=registration),
        build.drafts.NotYours(),
        build.drafts.Stale(registration=registration),
    ]

    for refusal in refusals:
        assert refusal.sentence.endswith("."), refusal


@pytest.mark.parametrize("review", Review.values)
def test_what_is_not_possible_is_explained_in_every_state(vendor, review):
    registration = build.submitted()
    registration.review = review

    sentence = NotPossible(registration=registration, action="approve").sentence

    assert registration.number in sentence


def test_a_refusal_that_nobody_caught_is_still_told_in_words(page, inbox, htmx, monkeypatch):
    registration = build.submitted()

    def refuse(*args, **kwargs):
        raise NotPossible(registration=registration, action="open")

    monkeypatch.setattr(decisions, "open_review", refuse)

    whole = page.post(f"{inbox}{registration.pk}/")
    part = page.post(f"{inbox}{registration.pk}/", headers=htmx)

    assert (whole.status_code, part.status_code) == (409, 409)
    assert "Nothing was changed" in whole.text
    assert f"{registration.number} waits for its decision" in part.text
    assert part.text.lstrip().startswith('<div class="toast">')


def test_who_approves_another_than_comes_first_is_asked_why(page, deals, inbox):
    same = {"customer_website": "globex.example", "customer_name": "Globex"}
    early, late = build.submitted(**same), build.submitted(at=MONDAY + timedelta(minutes=5), **same)
    shown = page.get(f"{inbox}{late.pk}/?view=team").content.decode()
    assert f"By your terms {early.partner.name} comes first" in shown

    assert approve(page, deals, late).status_code == 409
    dialog = page.get(f"{deals}{late.pk}/approval/?view=team").content.decode()
    assert "Only your own people read the reason." in dialog
    said = {"version": late.version, "aside": "Another site."}
    assert page.post(f"{deals}{late.pk}/approval/?view=team", said).status_code == 302

    late.refresh_from_db()
    assert late.review == Review.APPROVED


def test_time_for_research_is_taken_in_a_dialog_and_told(page, deals, inbox):
    publish(rule("All", research_days="2"))
    registration = build.submitted()
    assert "Research" in page.get(f"{inbox}{registration.pk}/?view=team").content.decode()
    assert page.get(f"{deals}{registration.pk}/research/?view=team").status_code == 200

    sent = page.post(f"{deals}{registration.pk}/research/?view=team", {"version": registration.version, "note": ""})

    assert sent.status_code == 302
    assert "needs research and decides by" in page.get(f"{deals}{registration.pk}/").content.decode()


def test_where_the_rules_allow_it_a_second_partner_is_approved_beside_a_protected_one(page, deals, inbox):
    publish(rule("All", contested="second", second_discount="7", entitlement="Help with the offer"))
    same = {"customer_website": "globex.example", "customer_name": "Globex"}
    build.approved(**same)
    late = build.submitted(at=MONDAY + timedelta(minutes=5), **same)
    assert "Approve as second" in page.get(f"{inbox}{late.pk}/?view=team").content.decode()

    sent = page.post(f"{deals}{late.pk}/approval/?view=team", {"version": late.version, "award": "second"})

    assert sent.status_code == 302
    shown = page.get(f"{deals}{late.pk}/").content.decode()
    assert "Approved as second partner" in shown
    assert "Besides, the partner gets: Help with the offer" in shown


@pytest.mark.parametrize("award", ["sole", "rubbish"])
def test_a_page_from_before_others_were_approved_approves_nobody_alone(page, deals, award):
    publish(rule("All", contested="shared"))
    same = {"customer_website": "globex.example", "customer_name": "Globex"}
    build.submitted(**same)
    late = build.submitted(at=MONDAY + timedelta(minutes=5), **same)

    sent = page.post(f"{deals}{late.pk}/approval/?view=team", {"version": late.version, "award": award})

    assert sent.status_code == 409
    assert "by the rules an approval gives something else by now" in sent.content.decode()
    late.refresh_from_db()
    assert late.is_waiting


def test_the_page_of_a_second_partner_names_no_protection_that_is_over(page, deals):
    publish(rule("All", decision="approve", contested="second"))
    same = {"customer_website": "globex.example", "customer_name": "Globex"}
    first, second = (build.submitted(at=MONDAY + timedelta(minutes=minutes), **same) for minutes in (0, 5))
    assert "Another partner is protected for this customer" in page.get(f"{deals}{second.pk}/").content.decode()

    protection.release(first, by=build.manager(), at=MONDAY + timedelta(hours=1))

    shown = page.get(f"{deals}{second.pk}/").content.decode()
    assert "Another partner is protected for this customer" not in shown
    assert "Nobody is protected for this customer any more" in shown
