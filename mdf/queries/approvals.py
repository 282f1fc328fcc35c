"""The steps of an approval that were taken, and those that a request or a claim has to pass or would have to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from mdf.models import ApprovalStep, Claim, FundRequest
from mdf.queries import claim_facts, facts
from mdf.queries import terms as fund_terms
from mdf.rules import steps
from mdf.rules.catalogue import AREA, CLAIM
from mdf.rules.terms import Terms
from prm.approvals.plans import Facts, Plan
from prm.money import Money
from prm.policies import following


def steps_of(subject: FundRequest | Claim) -> list[ApprovalStep]:
    """Return the approvals given so far, the first first; for the vendor's people."""
    return list(ApprovalStep.objects.filter(subject_id=subject.pk).select_related("by").order_by("number"))


def plan_for(
    subject: FundRequest | Claim, effects: Mapping[str, Any], body: Mapping[str, Any], terms: Terms, amount: Decimal
) -> Plan:
    """Return the steps that rules name, or as many as the terms ask for, in the language that is active."""
    owner = str(subject.partner.channel_manager_id or "")
    names = (_("First approval"), _("Second approval, by somebody else"), _("Approval by finance"))
    looks_at = steps.CLAIM_FACTS if isinstance(subject, Claim) else ("lines",)  # proof is half of a claim
    about = Facts(Money(amount, subject.currency), owner, str(effects.get("calendar", "")))
    return steps.plan_for(body, effects.get("steps", ()), terms, about, names, looks_at)


def plan_ahead(subject: FundRequest | Claim, *, at: datetime) -> Plan | None:
    """Return the steps that a draft would pass if it were sent now.

    Nothing where anybody who looks after partners may decide alone, the rules decide, or nobody can tell yet.
    """
    if not subject.currency:
        return None
    today = fund_terms.today_of_vendor(at)
    if isinstance(subject, Claim):
        found = following.foreseen(CLAIM, today, lambda asked: claim_facts.facts_of(subject, at=at, asked=asked))
    else:
        found = following.foreseen(AREA, today, lambda asked: facts.facts_of(subject, at=at, asked=asked))
    if found is None:
        return None
    body, ruled = found
    terms = fund_terms.current(today)[1]
    plan = plan_for(subject, ruled.effects, body, terms, subject.asked_amount)
    return None if steps.is_plain(plan) else plan
