"""How applications move, what answers are worth, and when two companies are one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partners.enums import ApplicationAction as Action
from partners.enums import ApplicationStatus as Status
from partners.enums import PartnerType, QuestionKind, SameFact
from partners.rules import application_checks, duplicates, questionnaires
from partners.rules import application_lifecycle as lifecycle
from partners.rules.application_checks import Applicant, Condition
from partners.rules.duplicates import Company
from partners.rules.joining import Terms
from partners.rules.questionnaires import Option, Question

ENDS = {Status.APPROVED, Status.REJECTED, Status.WITHDRAWN, Status.EXPIRED}
CHOICE = Question("size", QuestionKind.CHOICE, text="Size", options=(Option("s", 1, "Small"), Option("l", 7, "Large")))
NUMBER = Question("people", QuestionKind.NUMBER, text="People", steps=((1, 1), (10, 4), (50, 9)))
YES = Question("stock", QuestionKind.YES_NO, text="Stock", points=3)
TEXT = Question("why", QuestionKind.TEXT, text="Why", points=2)
ALL = (CHOICE, NUMBER, YES, TEXT)
replies = st.fixed_dictionaries(
    {},
    optional={
        "size": st.sampled_from(["s", "l", "other"]),
        "people": st.integers(min_value=0, max_value=10**7),
        "stock": st.booleans(),
        "why": st.text(max_size=20),
    },
)


@pytest.mark.parametrize("status", sorted(ENDS))
@pytest.mark.parametrize("action", list(Action))
def test_nothing_follows_an_end_but_an_appeal(status, action):
    if (status, action) == (Status.REJECTED, Action.REOPEN):
        assert lifecycle.after(status, action) == Status.IN_REVIEW
        return
    with pytest.raises(lifecycle.NotAllowed):
        lifecycle.after(status, action)


@pytest.mark.parametrize(
    ("status", "action", "after"),
    [
        (Status.DRAFT, Action.SUBMIT, Status.SUBMITTED),
        (Status.DRAFT, Action.EXPIRE, Status.EXPIRED),
        (Status.SUBMITTED, Action.OPEN, Status.IN_REVIEW),
        (Status.SUBMITTED, Action.APPROVE, Status.APPROVED),
        (Status.IN_REVIEW, Action.ASK, Status.INFO_REQUESTED),
        (Status.INFO_REQUESTED, Action.ANSWER, Status.IN_REVIEW),
        (Status.INFO_REQUESTED, Action.EXPIRE, Status.EXPIRED),
        (Status.INFO_REQUESTED, Action.WITHDRAW, Status.WITHDRAWN),
    ],
)
def test_an_application_moves_by_the_table(status, action, after):
    assert lifecycle.after(status, action) == after


@pytest.mark.parametrize("action", [Action.APPROVE, Action.REJECT, Action.ASK])
def test_nothing_is_decided_while_a_question_is_open_or_nothing_was_sent(action):
    assert not lifecycle.allows(Status.INFO_REQUESTED, action)
    assert not lifecycle.allows(Status.DRAFT, action)


@pytest.mark.parametrize(
    ("question", "reply", "points"),
    [
        (CHOICE, "l", 7),
        (CHOICE, "nothing of these", 0),
        (NUMBER, 0, 0),
        (NUMBER, 9, 1),
        (NUMBER, 10, 4),
        (NUMBER, 5000, 9),
        (NUMBER, None, 0),
        (YES, True, 3),
        (YES, False, 0),
        (TEXT, "Because", 2),
        (TEXT, "", 0),
    ],
)
def test_an_answer_is_worth_what_the_vendor_says(question, reply, points):
    assert question.points_for(reply) == points


@given(replies)
def test_a_score_is_the_sum_of_its_lines_and_never_more_than_the_most(given_replies):
    score = questionnaires.score(ALL, given_replies)

    assert score.total == sum(line.points for line in score.lines)
    assert 0 <= score.total <= score.most == 21
    assert 0 <= score.percent <= 100


def test_a_no_is_an_answer_and_an_empty_text_is_none():
    assert questionnaires.unanswered(ALL, {"stock": False, "why": "  ", "people": 0, "size": "s"}) == ("why",)
    assert questionnaires.unanswered(ALL, {}) == ("size", "people", "stock", "why")


@pytest.mark.parametrize("kind", list(PartnerType))
def test_every_type_is_asked_something_by_default_and_it_survives_being_stored(kind):
    terms = Terms.from_body(Terms(competitor_domains=("rival.example",)).body())

    assert terms.questions[kind] == Terms().questions[kind] != ()
    assert len({question.code for question in terms.questions[kind]}) == len(terms.questions[kind])
    assert [terms.is_competitor(domain) for domain in ("rival.example", "")] == [True, False]


@pytest.mark.parametrize(("percent", "rank"), [(0, 1), (69, 1), (70, 2), (89, 2), (90, 3), (100, 3)])
def test_a_score_suggests_a_tier(percent, rank):
    assert Terms(tier_percents=(70, 90)).rank_for(percent, highest=4) == rank
    assert Terms(tier_percents=(70, 90)).rank_for(percent, highest=1) == 1


OURS = Company("DE:globex", "globex.example", "DE:129273398", frozenset({"globex.example"}))


@pytest.mark.parametrize(
    ("theirs", "facts", "is_certain"),
    [
        (Company(name_key="DE:globex"), (SameFact.NAME,), False),
        (Company(name_key="AT:globex"), (), False),
        (Company(domain_key="globex.example"), (SameFact.WEBSITE, SameFact.EMAIL), True),
        (Company(tax_key="DE:129273398"), (SameFact.TAX_ID,), True),
        (Company(email_domains=frozenset({"globex.example"})), (SameFact.EMAIL,), True),
        (Company(), (), False),
    ],
)
def test_two_companies_are_compared_by_what_identifies_them(theirs, facts, is_certain):
    assert duplicates.in_common(OURS, theirs) == duplicates.in_common(theirs, OURS) == facts
    assert duplicates.is_certain(facts) is is_certain


def test_two_companies_without_any_facts_have_nothing_in_common():
    assert duplicates.in_common(Company(), Company()) == ()


def applicant(**facts):
    said = {
        "email_domain": "globex.example",
        "website_domain": "globex.example",
        "has_free_mail": False,
        "is_rival": False,
        "tax_id": "DE129273398",
        "is_tax_id_valid": True,
        "type": PartnerType.RESELLER,
        "type_by_answers": PartnerType.RESELLER,
        **facts,
    }
    return Applicant(**said)


def problems(**facts):
    return [finding.condition for finding in application_checks.look_at(applicant(**facts)) if not finding.holds]


def test_a_sound_applicant_has_no_problem():
    assert problems() == []


@pytest.mark.parametrize(
    ("facts", "condition"),
    [
        ({"is_rival": True}, Condition.IS_NO_RIVAL),
        ({"has_free_mail": True}, Condition.HAS_COMPANY_MAIL),
        ({"email_domain": "other.example"}, Condition.MAIL_FITS_WEBSITE),
        ({"tax_id": "", "is_tax_id_valid": False}, Condition.TAX_ID_IS_VALID),
        ({"is_tax_id_valid": None}, Condition.TAX_ID_IS_VALID),
        ({"type_by_answers": PartnerType.MSP}, Condition.TYPE_FITS),
        ({"in_common": [(SameFact.NAME,)]}, Condition.IS_NEW),
    ],
)
def test_what_speaks_against_an_applicant_is_found(facts, condition):
    assert problems(**facts) == [condition]


def test_the_worst_comes_first():
    found = application_checks.look_at(applicant(has_free_mail=True, in_common=[(SameFact.TAX_ID,)]))

    assert [finding.tone for finding in found[:2]] == ["bad", "warn"]
