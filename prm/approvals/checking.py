"""What keeps the rules of an area and the approval steps that they name from being published."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from prm.approvals import people, steps
from prm.policies import courses
from prm.policies.areas import Body
from prm.policies.fields import Catalogue
from prm.policies.values import Invalid, Problem


def problems_of(
    body: Body,
    catalogue_of: Callable[[Body], Catalogue],
    *,
    facts: Sequence[str],
    roles: Sequence[str] = steps.ROLES,
    names: Sequence[str] = ("rules", "steps"),
) -> Sequence[Problem]:
    """Return what is wrong; `facts` are what steps can look at, `names` what a body consists of."""
    try:
        steps.read(body.get("steps", []), roles=roles, facts=facts, people=people.ids_of_staff())
    except Invalid as found:
        return found.problems
    wrong = [Problem((name,), "unknown_key", {"key": name}) for name in body if name not in names]
    try:
        courses.rules_of(body, catalogue_of(body), refuses_retired=True)
    except Invalid as found:
        wrong += [Problem(("rules", *problem.path), problem.code, problem.facts) for problem in found.problems]
    return wrong
