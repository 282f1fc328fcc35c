"""The rules that a vendor makes about deals."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from deals import permissions
from deals.queries import past, rules
from deals.rules import approvals, engagement, settled, terms
from deals.rules.catalogue import ANYTHING
from deals.rules.terms import AREA
from prm.approvals import people
from prm.policies.areas import Body, area
from prm.policies.past import Past
from prm.policies.values import Invalid, Problem


def problems_of(body: Body) -> Sequence[Problem]:
    """Return what keeps a body from being published."""
    try:
        approvals.steps_of(body, people=people.ids_of_staff())
    except Invalid as found:
        return found.problems
    wrong = list(terms.problems_of(body))
    try:
        engagement.rules_of(body, rules.catalogue_of(body), refuses_retired=True)
    except Invalid as found:
        wrong += [Problem(("rules", *problem.path), problem.code, problem.facts) for problem in found.problems]
    return wrong


REGISTRATION = area(
    AREA,
    _("Deal registration"),
    _("Who is approved at once, who decides about the rest and by when, and how long an approval protects."),
    permission=permissions.can_edit_rules,
    problems=problems_of,
    catalogue=rules.catalogue_of,
    anything=ANYTHING,
    has_steps=True,
    terms=settled.TERMS,
    past=Past("deals:registration", past.number, past.compare),
    order=10,
)
