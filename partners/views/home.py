"""What the first page and the navigation show of tiers."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from partners import permissions
from partners.enums import Outcome
from partners.models import Outlook
from partners.queries import partners, standings
from partners.rules.requirements import Need
from partners.views.phrases import Phrases
from prm.accounts.models import Membership
from prm.ui import formats, navigation
from prm.ui.navigation import Group, Visit

GOALS = 3
SHOWN = 2

navigation.page(
    gettext_lazy("Tier and benefits"),
    "partners:own-tier",
    "tier",
    permissions.can_see_company,
    for_vendor=False,
    group=Group.PROGRAM,
    order=20,
)
navigation.page(
    gettext_lazy("Tiers"),
    "partners:standings",
    "tier",
    permissions.can_see_program,
    for_partners=False,
    group=Group.PROGRAM,
    order=31,
)
navigation.page(
    gettext_lazy("Program and tiers"),
    "partners:program",
    "rules",
    permissions.can_see_program,
    for_partners=False,
    group=Group.SETUP,
    order=20,
)


@navigation.waiting
def waiting(member: Membership) -> dict[str, QuerySet]:
    """Return the promotions that wait for a person."""
    if not member.has(permissions.can_place):
        return {}
    return {"partners:standings": standings.proposals()}


@navigation.section
def standing(visit: Visit) -> list[dict[str, Any]]:
    """Return a partner's own card: its tier, the way to the next, and who looks after it at the vendor."""
    if not visit.member.has(permissions.can_see_company):
        return []
    company = partners.own(visit.member, visit.today)
    card = standings.card_of(company, visit.today, visit.today)
    words = Phrases(card.terms.currency)
    result = card.next_result
    goals = [
        {"label": words.name(need.node), "value": need.value, "of": need.target, "text": words.progress(need)}
        for need in (result.needs() if result else ())
        if isinstance(need.node, Need)
    ]
    return [
        {
            "template": "partners/home/_standing.html",
            "company": company,
            "card": card,
            "goals": goals[:GOALS],
            "review_on": card.terms.review_from_on(visit.today),
            "is_aside": True,
            "order": 10,
        }
    ]


@navigation.attention
def own_attention(visit: Visit) -> list[dict[str, Any]]:
    """Tell a partner that its tier will end unless something changes."""
    if not visit.member.has(permissions.can_see_company):
        return []
    outlook = Outlook.objects.filter(partner=visit.member.partner_id, outcome=Outcome.WARNED).first()
    if outlook is None or outlook.demotes_on is None:
        return []
    company = partners.own(visit.member, visit.today)
    facts = {"tier": company.tier_name, "day": formats.day(outlook.demotes_on, visit.today)}  # type: ignore[attr-defined]
    return [
        {
            "tone": "warn",
            "icon": "tier",
            "title": _("%(tier)s ends on %(day)s unless its requirements are met again") % facts,
            "text": _("The page shows what is missing, and until when."),
            "url": reverse("partners:own-tier"),
            "action": _("See what is missing"),
        }
    ]


@navigation.attention
def proposals(visit: Visit) -> list[dict[str, Any]]:
    """Ask whoever looks after partners to confirm promotions."""
    if not visit.member.has(permissions.can_place):
        return []
    rows = list(standings.proposals(visit.member.user_id).order_by("evaluated_on", "id"))
    if len(rows) > SHOWN:
        title = ngettext("%(count)s promotion waits for you", "%(count)s promotions wait for you", len(rows))
        return [
            {
                "tone": "info",
                "icon": "tier",
                "title": title % {"count": len(rows)},
                "text": _("These partners meet everything a higher tier asks."),
                "url": reverse("partners:standings"),
                "action": _("See them"),
            }
        ]
    return [_proposal(row) for row in rows]


def _proposal(row: Outlook) -> dict[str, Any]:
    tier = row.proposed.name if row.proposed else ""
    facts = {"name": row.partner.name, "tier": tier}
    return {
        "tone": "info",
        "icon": "tier",
        "title": _("%(name)s meets everything %(tier)s asks") % facts,
        "text": _("The promotion waits for your confirmation."),
        "url": reverse("partners:partner-requirements", args=[row.partner_id]),
        "action": _("Decide"),
    }
