"""The inbox of claims."""

from datetime import timedelta

import pytest
import time_machine

from mdf.enums import ClaimStatus, ProofKind
from mdf.models import ClaimProof
from mdf.queries import claims as queries
from mdf.services import claim_decisions
from partners.models import Partner
from prm.accounts.roles import Role
from tests import build
from tests.mdf import claim_build as make
from tests.mdf.build import allocation, approved, fund
from tests.mdf.claim_build import AFTER

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
NOW = AFTER + timedelta(hours=1)
HTMX = {"HX-Request": "true", "HX-Target": "item"}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def manager(vendor):
    return build.manager()


@pytest.fixture
def page(client, manager):
    client.force_login(manager.user, backend=BACKEND)
    return client


@pytest.fixture
def inbox(vendor):
    return f"/{vendor.slug}/claims/to-decide/"


def at(vendor, claim, what):
    return f"/{vendor.slug}/claims/{claim.pk}/{what}/?view=team"


def test_the_list_is_grouped_by_due_with_sums_and_says_what_stands_out(page, inbox, manager):
    clean, flagged = make.submitted(), make.submitted(None, 3_000, 1_000, extra=[make.unplanned(350)])
    late = make.submitted(at=AFTER - timedelta(days=4))
    late.decide_by = NOW - timedelta(hours=1)
    late.save()
    first = clean.lines.order_by("position")[0]
    same = {"supplier": first.supplier, "invoice_number": first.invoice_number}
    double = make.submitted(approved(clean.request.allocation), same=same, at=NOW)

    shown = page.get(f"{inbox}?view=team")

    groups = shown.context["groups"]
    badges = {row["claim"].pk: str(row["badge"].label) for group in groups for row in group["rows"]}
    assert [str(group["label"]) for group in groups] == ["Late", "Later"]
    assert [money.amount for money in groups[1]["sums"]] == [2_000 + 2_175 + 2_000]
    assert badges == {
        late.pk: "Checks pass",
        clean.pk: "Checks pass",
        flagged.pk: "Over plan",
        double.pk: "Used before",
    }


def test_the_recommended_amount_is_filled_in(page, inbox):
    claim = make.submitted(None, 3_000, 1_000, extra=[make.unplanned(350)])

    text = page.get(f"{inbox}{claim.pk}/?view=team").content.decode()

    assert "Approve €2,000" in text
    assert 'value="2,000.00"' in text
    assert "Photographer is not in the plan" in text
    assert "/pages/1/" in text


def test_an_approval_leads_to_the_next_and_can_be_undone(page, vendor, inbox):
    first, second = make.submitted(), make.submitted()

    answer = page.post(at(vendor, first, "approval"), {"version": first.version, "amount": "€2,000.00"}, headers=HTMX)

    text = answer.content.decode()
    assert second.number in text
    assert f"Approved €2,000 for {first.partner.name}" in text
    first.refresh_from_db()
    assert first.status == ClaimStatus.APPROVED
    undone = page.post(at(vendor, first, "undo"), headers=HTMX)
    assert "Decision undone" in undone.content.decode()
    first.refresh_from_db()
    assert first.status == ClaimStatus.SUBMITTED


def test_another_amount_asks_for_a_reason_first(page, vendor):
    claim = make.submitted()
    facts = {"version": claim.version, "amount": "1,500"}

    asked = page.post(at(vendor, claim, "approval"), facts, headers=HTMX)
    assert "Approve another amount" in asked.content.decode()
    claim.refresh_from_db()
    assert claim.status == ClaimStatus.SUBMITTED
    page.post(at(vendor, claim, "approval"), facts | {"reason_code": "other", "note": "Half a hall."}, headers=HTMX)

    claim.refresh_from_db()
    assert (claim.approved_amount, claim.decision_note) == (1_500, "Half a hall.")


@pytest.mark.parametrize("amount", ["a lot", "-1", "99,999,999", "1.234"])
def test_an_amount_that_is_none_or_too_much_is_refused_in_words(page, vendor, amount):
    claim = make.submitted()

    facts = {"version": claim.version, "amount": amount, "reason_code": "other", "note": "x"}
    answer = page.post(at(vendor, claim, "approval"), facts, headers=HTMX)

    assert answer.status_code in (409, 422)
    claim.refresh_from_db()
    assert claim.status == ClaimStatus.SUBMITTED


def test_a_line_is_cut_and_the_bar_says_what_it_comes_to(page, vendor):
    claim = make.submitted()
    line = queries.lines_of(claim)[1]
    url = f"/{vendor.slug}/claims/{claim.pk}/lines/{line.pk}/?view=team"
    facts = {"amount_currency": "EUR", "amount_amount": "100"}
    assert "Pay of this cost" in page.get(url, headers=HTMX).content.decode()
    assert page.post(url, facts, headers=HTMX).status_code == 422

    cut = page.post(url, facts | {"reason_code": "other", "note": "Other product."}, headers=HTMX).content.decode()

    assert "Approve €1,600" in cut
    assert "€100 is paid" in cut
    back = page.post(url, {"do": "reset"}, headers=HTMX).content.decode()
    assert "Approve €2,000" in back


def test_a_returned_file_is_named_in_the_question(page, vendor):
    claim = make.submitted()
    photo = ClaimProof.objects.select_related("file").get(claim=claim, kind=ProofKind.PHOTO)
    url = f"/{vendor.slug}/claims/{claim.pk}/files/{photo.pk}/?view=team"

    shown = page.post(url, {"reason_code": "unreadable", "note": "Blurred."}, headers=HTMX).content.decode()
    asked = page.get(at(vendor, claim, "question"), headers=HTMX).content.decode()

    assert "Returned" in shown
    assert f"{photo.file.name}:" in asked
    assert "Blurred." in asked
    refused = page.post(at(vendor, claim, "approval"), {"version": claim.version + 1}, headers=HTMX)
    assert "not replaced yet" in refused.content.decode()
    page.post(url, {"verdict": "accepted"}, headers=HTMX)
    photo.refresh_from_db()
    assert photo.verdict == "accepted"


def test_the_second_of_two_managers_is_told_who_was_faster(page, vendor):
    claim = make.submitted()
    other = build.manager()
    claim_decisions.approve(claim, by=other, at=NOW)

    answer = page.post(at(vendor, claim, "approval"), {"version": claim.version}, headers=HTMX)

    assert answer.status_code == 409
    assert f"{other.user.name} approved {claim.number}" in answer.content.decode()


def test_clean_claims_are_approved_together_and_others_are_left(page, inbox):
    clean = [make.submitted(), make.submitted()]
    flagged = make.submitted(None, 3_000, 1_000, extra=[make.unplanned(350)])

    answer = page.post(f"{inbox}?view=team", {"id": [f"{c.pk}.{c.version}" for c in [*clean, flagged]]})

    text = answer.content.decode()
    assert "2 claims approved" in text
    assert "stands out" in text or "stand out" in text
    for claim in [*clean, flagged]:
        claim.refresh_from_db()
    assert [claim.status for claim in [*clean, flagged]] == ["approved", "approved", "submitted"]


def test_nonsense_among_the_ticks_is_overlooked(page, inbox):
    assert page.post(f"{inbox}?view=team", {"id": ["x", "1.2", "\0"]}).status_code == 200


def test_without_scripts_a_decision_leads_to_the_next_with_its_undo(page, vendor):
    claim = make.submitted()

    answer = page.post(
        at(vendor, claim, "rejection"), {"reason_code": "no_proof", "version": claim.version}, follow=True
    )

    text = answer.content.decode()
    assert "Rejected" in text
    assert "Undo" in text


def test_the_number_of_questions_does_not_grow_with_the_list(page, inbox, django_assert_max_num_queries):
    share = allocation(50_000, of=fund(90_000))
    for _ in range(3):
        make.submitted(approved(share))

    with django_assert_max_num_queries(54) as few:
        page.get(f"{inbox}?view=team")
    for _ in range(4):
        make.submitted(approved(share))
    with django_assert_max_num_queries(len(few.captured_queries)):
        page.get(f"{inbox}?view=team")


def test_partners_and_executives_may_not_decide(client, inbox, vendor):
    for member in (build.member(Role.PARTNER_ADMIN, of=build.partner()), build.member(Role.EXECUTIVE)):
        client.force_login(member.user, backend=BACKEND)

        assert client.get(inbox).status_code == 403


def test_what_another_person_looks_after_is_in_the_teams_tab_only(page, inbox, manager):
    mine = make.submitted()
    Partner.objects.filter(pk=mine.partner_id).update(channel_manager=manager.user)
    make.submitted()

    shown = page.get(inbox)

    assert [row["claim"].pk for group in shown.context["groups"] for row in group["rows"]] == [mine.pk]
