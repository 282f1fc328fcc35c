"""Where an administrator sets what applicants are asked."""

import pytest
from django.utils import timezone

from partners.enums import PartnerType, QuestionKind
from partners.forms.joining_setup import QuestionRow
from partners.queries import joining
from partners.rules.joining import AREA, Terms
from partners.rules.questionnaires import DEFAULTS
from prm.accounts.roles import Role
from prm.policies import versions
from tests import build
from tests.partners import applicants

TERMS = {
    "is_open": "on",
    "decision_business_days": "3",
    "answer_days": "7",
    "appeal_days": "14",
    "appeal_business_days": "5",
    "draft_days": "20",
    "link_days": "90",
    "second_percent": "60",
    "third_percent": "80",
    "competitor_domains": "https://www.Rival.example/\nrival.example\nother.example",
    "revision": "",
}


@pytest.fixture
def admin(client, vendor):
    member = build.member(Role.ADMIN)
    client.force_login(member.user)
    return member


def url(vendor, path=""):
    return f"/{vendor.slug}/joining/{path}"


def latest():
    return Terms.from_body(versions.draft_of(AREA).body)


def rows(questions, **changes):
    """The form of a type's questions as a browser would send it."""
    sent = {"q-TOTAL_FORMS": str(len(questions) + 2), "q-INITIAL_FORMS": str(len(questions)), "revision": ""}
    for number, question in enumerate(questions):
        shown = {name: value for name, value in QuestionRow.shown(question).items() if value not in (None, False)}
        sent |= {f"q-{number}-{name}": str(value) for name, value in shown.items()}
        sent[f"q-{number}-ORDER"] = str(number + 1)
    for number in (len(questions), len(questions) + 1):
        sent[f"q-{number}-kind"] = "text"
    return sent | changes


def test_terms_are_kept_as_a_draft_and_bind_after_publishing(client, vendor, admin):
    assert client.post(url(vendor), TERMS).status_code == 302
    today = timezone.localdate()
    assert joining.current(today)[1].decision_business_days == 5

    assert (
        client.post(url(vendor, "publication/"), {"effective_on": today.isoformat(), "revision": "1"}).status_code
        == 302
    )

    number, terms = joining.current(today)
    assert (number.number, terms.decision_business_days, terms.tier_percents) == (2, 3, (60, 80))
    assert terms.competitor_domains == ("rival.example", "other.example")
    assert versions.draft_of(AREA) is None


@pytest.mark.parametrize(
    ("field", "value"),
    [("decision_business_days", "0"), ("third_percent", "50"), ("competitor_domains", "not a website")],
)
def test_what_cannot_be_is_said_beside_the_field(client, vendor, admin, field, value):
    answer = client.post(url(vendor), {**TERMS, field: value})

    assert answer.status_code == 422
    assert field in answer.context["form"].errors


def test_a_draft_changed_meanwhile_is_not_overwritten(client, vendor, admin):
    client.post(url(vendor), TERMS)

    answer = client.post(url(vendor), {**TERMS, "answer_days": "9"})

    assert answer.status_code == 422
    assert latest().answer_days == 7


def test_questions_saved_unchanged_stay_those_of_the_product_in_every_language(client, vendor, admin):
    before = DEFAULTS[PartnerType.RESELLER]

    assert client.post(url(vendor, "reseller/"), rows(before)).status_code == 302

    assert latest().questions[PartnerType.RESELLER] == before
    assert latest().questions[PartnerType.MSP] == DEFAULTS[PartnerType.MSP]


def test_a_question_is_added_changed_moved_and_removed(client, vendor, admin):
    before = DEFAULTS[PartnerType.REFERRAL]
    last = len(before)
    changes = {
        "q-0-DELETE": "on",
        "q-1-text": "Whom do you know?",
        f"q-{last}-text": "How large is it?",
        f"q-{last}-kind": "choice",
        f"q-{last}-answers": "Small = 1\nLarge = 5",
        f"q-{last}-is_required": "on",
        f"q-{last}-ORDER": "1",
    }

    client.post(url(vendor, "referral/"), rows(before, **changes))
    questions = latest().questions[PartnerType.REFERRAL]

    assert len(questions) == last
    assert (questions[0].text, questions[0].kind, questions[0].most) == ("How large is it?", QuestionKind.CHOICE, 5)
    assert questions[1].text == "Whom do you know?"
    assert questions[1].code == before[1].code


@pytest.mark.parametrize(
    ("kind", "answers"),
    [("choice", "Only one = 1"), ("choice", "A\nB"), ("number", "many = 3"), ("choice", "A = -1\nB = 2")],
)
def test_answers_without_points_are_refused(client, vendor, admin, kind, answers):
    changes = {"q-1-kind": kind, "q-1-answers": answers}

    answer = client.post(url(vendor, "referral/"), rows(DEFAULTS[PartnerType.REFERRAL], **changes))

    assert answer.status_code == 422
    assert "answers" in answer.context["rows"].forms[1].errors
    assert versions.draft_of(AREA) is None


def test_the_preview_shows_the_draft_and_an_application_begun_before_keeps_its_questions(client, vendor, admin):
    application, _secret = applicants.started()
    before = DEFAULTS[PartnerType.RESELLER]
    client.post(url(vendor, "reseller/"), rows(before, **{"q-1-text": "How many of you are there?"}))

    assert "How many of you are there?" in client.get(url(vendor, "reseller/preview/")).content.decode()
    client.post(url(vendor, "publication/"), {"effective_on": timezone.localdate().isoformat(), "revision": "1"})

    application.refresh_from_db()
    assert joining.pinned(application).questions[PartnerType.RESELLER] == before


def test_a_draft_is_thrown_away_and_nothing_is_left_to_publish(client, vendor, admin):
    client.post(url(vendor), TERMS)
    client.post(url(vendor, "discard/"))

    answer = client.post(
        url(vendor, "publication/"), {"effective_on": timezone.localdate().isoformat(), "revision": "1"}
    )

    assert answer.status_code == 422
    assert "There is no draft any more" in answer.content.decode()


def test_there_is_no_type_of_partner_of_that_name(client, vendor, admin):
    assert client.get(url(vendor, "wizard/")).status_code == 404
