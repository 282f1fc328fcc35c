"""The rules that a vendor makes about marketing funds."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from mdf import permissions
from mdf.queries import past, rules
from mdf.rules import steps, terms
from mdf.rules.catalogue import ANYTHING, AREA
from prm.approvals import people
from prm.policies import courses
from prm.policies.areas import Body, area
from prm.policies.past import Past
from prm.policies.values import Invalid, Problem

NAMES = ("rules", "steps")


def problems_of(body: Body) -> Sequence[Problem]:
    """Return what keeps a body from being published."""
    try:
        steps.steps_of(body, people=people.ids_of_staff())
    except Invalid as found:
        return found.problems
    wrong = [Problem((name,), "unknown_key", {"key": name}) for name in body if name not in NAMES]
    try:
        courses.rules_of(body, rules.catalogue_of(body), refuses_retired=True)
    except Invalid as found:
        wrong += [Problem(("rules", *problem.path), problem.code, problem.facts) for problem in found.problems]
    return wrong


REQUEST = area(
    AREA,
    _("Requests for marketing funds"),
    _("What is approved at once, who decides about the rest, in which steps and by when."),
    permission=permissions.can_keep_funds,
    problems=problems_of,
    catalogue=rules.catalogue_of,
    anything=ANYTHING,
    has_steps=True,
    past=Past("mdf:request", past.number, past.compare),
    order=30,
)

TERMS = area(
    terms.AREA,
    _("Terms for marketing funds"),
    _("Shares, notice, deadlines and payment, and how many people approve which amount."),
    permission=permissions.can_keep_funds,
    problems=lambda body: list(terms.problems_of(body)),
    normal=lambda body: terms.Terms.from_body(body).body(),
    editor="mdf:terms",
    order=32,
)
