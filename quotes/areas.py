"""The rules that a vendor makes about quotes."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from prm.approvals import checking
from prm.policies.areas import Body, area
from prm.policies.values import Problem
from quotes import permissions
from quotes.forms.terms import says
from quotes.queries import past, rules
from quotes.rules import steps, terms
from quotes.rules.catalogue import ANYTHING, AREA


def problems_of(body: Body) -> Sequence[Problem]:
    """Return what keeps rules about quotes from being published."""
    taken = [
        Problem(("steps", number, "key"), "key_taken", {"key": step.key})
        for number, step in enumerate(steps.steps_of(body))
        if step.key.startswith(steps.RUNG) or step.key == steps.SOMEBODY
    ]
    return [*taken, *checking.problems_of(body, rules.catalogue_of, facts=steps.FACTS)]


QUOTE = area(
    AREA,
    _("Quotes"),
    _("What may be issued at once, and who approves the rest. Where no rule speaks, the discount ladder decides."),
    permission=permissions.can_keep_terms,
    problems=problems_of,
    catalogue=rules.catalogue_of,
    anything=ANYTHING,
    has_steps=True,
    past=past.QUOTES,
    order=38,
)

TERMS = area(
    terms.AREA,
    _("Terms for quotes"),
    _("Discounts and their order, who approves how much, taxes, and how long prices are held."),
    permission=permissions.can_keep_terms,
    problems=lambda body: list(terms.problems_of(body)),
    normal=lambda body: terms.Terms.from_body(body).body(),
    says=says,
    editor="quotes:terms",
    past=past.TERMS,
    order=40,
)
