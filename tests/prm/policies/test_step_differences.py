"""How approval steps differ between two versions is said in words."""

from prm.policies import explanations
from prm.policies.differences import of_steps


def step(key, name, **more):
    return {"key": key, "name": name, "asked": [{"role": "finance"}], **more}


def test_steps_that_are_new_gone_or_another_are_named():
    before = {"steps": [step("legal", "Legal"), step("sales", "Sales"), step("same", "Same")]}
    after = {"steps": [step("same", "Same"), step("legal", "Legal", need=2), step("budget", "Budget")]}

    assert [explanations.step(found) for found in of_steps(before, after)] == [
        "The approval step “Legal” is another one than before.",
        "The approval step “Budget” is new.",
        "The approval step “Sales” is gone.",
    ]


def test_without_steps_nothing_differs():
    assert of_steps({}, {"steps": []}) == []
    assert of_steps({"steps": "x"}, {}) == []
