"""The terms that a vendor sets for quotes, among its rules."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from prm.policies.areas import area
from quotes import permissions
from quotes.rules import terms

TERMS = area(
    terms.AREA,
    _("Terms for quotes"),
    _("Discounts and their order, who approves how much, taxes, and how long prices are held."),
    permission=permissions.can_keep_terms,
    problems=lambda body: list(terms.problems_of(body)),
    normal=lambda body: terms.Terms.from_body(body).body(),
    editor="quotes:terms",
    order=40,
)
