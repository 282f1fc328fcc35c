"""The program and the terms for applicants, among the rules that a vendor makes."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from partners import permissions
from partners.forms.joining_setup import says
from partners.queries import past, rules
from partners.rules import joining, programs
from partners.rules.catalogue import ANY_APPLICATION, APPLICATION
from partners.views import changes
from prm.approvals import checking
from prm.policies.areas import Body, area
from prm.policies.values import Problem

# What steps can look at: an applicant changes only what it is asked about.
FACTS = ("company", "answers", "custom")


def problems_of(body: Body) -> Sequence[Problem]:
    """Return what keeps rules about applications from being published."""
    return checking.problems_of(body, rules.catalogue_of, facts=FACTS)


APPLICATIONS = area(
    APPLICATION,
    _("Applications"),
    _("Who becomes a partner at once, who is refused, and who decides about the rest, in which steps."),
    permission=permissions.can_keep_joining,
    problems=problems_of,
    catalogue=rules.catalogue_of,
    anything=ANY_APPLICATION,
    has_steps=True,
    past=past.APPLICATIONS,
    order=21,
)

PROGRAM = area(
    programs.AREA,
    _("Program"),
    _("Tiers with their requirements and benefits, and when partners are reviewed."),
    permission=permissions.can_edit_program,
    problems=lambda body: (),
    differs=changes.told,
    editor="partners:program",
    reader="partners:program-version",
    is_apart=True,
    order=20,
)

JOINING = area(
    joining.AREA,
    _("Becoming a partner"),
    _("Whether companies can apply, what each type is asked, and what its answers are worth."),
    permission=permissions.can_keep_joining,
    problems=lambda body: list(joining.problems_of(body)),
    normal=lambda body: joining.Terms.from_body(body).body(),
    says=says,
    editor="partners:joining-setup",
    past=past.JOINING,
    order=22,
)
