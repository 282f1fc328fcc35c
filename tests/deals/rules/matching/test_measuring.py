import pytest

from deals.rules.matching import measuring
from deals.rules.matching.measuring import Question


def question(same: str = "", related: str = "", unknown: str = "") -> Question:
    return Question("q", "kind", *(frozenset(ids.split()) for ids in (same, unknown, related)))


def test_the_measures_are_those_of_record_linkage():
    answers = [
        measuring.judge(question("a"), [("a", 0.9)]),
        measuring.judge(question("a"), [("b", 0.8), ("a", 0.7)]),
        measuring.judge(question("a"), []),
        measuring.judge(question(related="r"), [("r", 0.7)]),
        measuring.judge(question(), [("x", 0.1)]),
    ]

    found = measuring.summary(answers, threshold=0.6)

    assert found["precision"] == pytest.approx(1 / 3)
    assert found["recall"] == pytest.approx(1 / 3)
    assert (found["recall@1"], found["recall@5"]) == (pytest.approx(1 / 3), pytest.approx(2 / 3))
    assert (found["false_alarm"], found["false_alarm_unrelated"]) == (0.5, 0)


def test_what_may_well_be_the_same_is_passed_over():
    assert measuring.judge(question("a", unknown="b"), [("b", 0.9), ("a", 0.8)]).rank == 1


def test_the_threshold_is_the_one_with_the_best_f1():
    answers = [measuring.judge(question("a"), [("a", score)]) for score in (0.9, 0.8)]
    answers.append(measuring.judge(question(), [("x", 0.5)]))

    assert measuring.best_threshold(answers) == 0.8
