"""The program and the terms for applicants, among the rules that a vendor makes."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from partners import permissions
from partners.rules import joining, programs
from prm.policies.areas import area

PROGRAM = area(
    programs.AREA,
    _("Program"),
    _("Tiers with their requirements and benefits, and when partners are reviewed."),
    permission=permissions.can_edit_program,
    problems=lambda body: (),
    editor="partners:program",
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
    editor="partners:joining-setup",
    order=22,
)
