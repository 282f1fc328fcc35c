"""The rules that a vendor makes about marketing funds."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from mdf import permissions
from mdf.forms.terms import says
from mdf.queries import past, rules
from mdf.rules import steps, terms
from mdf.rules.catalogue import ANY_CLAIM, ANYTHING, AREA, CLAIM
from prm.approvals import checking
from prm.policies.areas import Body, area
from prm.policies.values import Problem


def problems_of(body: Body) -> Sequence[Problem]:
    """Return what keeps rules about requests from being published."""
    return checking.problems_of(body, rules.catalogue_of, facts=steps.FACTS, roles=steps.ROLES)


def problems_of_claims(body: Body) -> Sequence[Problem]:
    """Return what keeps rules about claims from being published."""
    return checking.problems_of(body, rules.claims_of, facts=steps.CLAIM_FACTS, roles=steps.ROLES)


REQUEST = area(
    AREA,
    _("Requests for marketing funds"),
    _("What is approved at once, who decides about the rest, in which steps and by when."),
    permission=permissions.can_keep_funds,
    problems=problems_of,
    catalogue=rules.catalogue_of,
    anything=ANYTHING,
    has_steps=True,
    past=past.REQUESTS,
    order=30,
)

CLAIMS = area(
    CLAIM,
    _("Claims"),
    _("What is approved for payment at once, who decides about the rest, in which steps and by when."),
    permission=permissions.can_keep_funds,
    problems=problems_of_claims,
    catalogue=rules.claims_of,
    anything=ANY_CLAIM,
    has_steps=True,
    past=past.CLAIMS,
    order=31,
)

TERMS = area(
    terms.AREA,
    _("Terms for marketing funds"),
    _("Shares, notice, deadlines and payment, and how many people approve which amount."),
    permission=permissions.can_keep_funds,
    problems=lambda body: list(terms.problems_of(body)),
    normal=lambda body: terms.Terms.from_body(body).body(),
    says=says,
    editor="mdf:terms",
    past=past.TERMS,
    order=32,
)
