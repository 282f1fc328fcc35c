"""Quotes that somebody refused to approve can be appealed."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from prm.accounts.models import Membership
from prm.disputes import subjects
from prm.disputes.subjects import Kind
from quotes import permissions
from quotes.models import QuoteRevision
from quotes.queries import appeals, people
from quotes.queries.appeals import REFUSED
from quotes.services import approvals
from quotes.views import timeline


def _seen(member: Membership) -> QuerySet:
    rows = QuoteRevision.objects.visible_to(member).select_related("quote__partner", "policy")
    return rows if member.has(permissions.can_see) else rows.none()


subjects.declare(
    "quotes.quoterevision",
    label=_("Quote"),
    visible=_seen,
    appealed_by=permissions.can_quote,
    page="quotes:quote",
    title=lambda revision: str(revision.quote),
    kinds={REFUSED: Kind(_("The discounts of the quote were refused."), "quotes.approval")},
    decision=appeals.decision_of,
    appeals=appeals.appeals_of,
    overturn=approvals.overturn,
    timeline=lambda revision, member: timeline.entries(revision.quote, member),
    of_firm=lambda revision: people.of_firm(revision.quote),
    firm=lambda revision: revision.quote.partner.name,
    took_part=appeals.who_agreed,
    told_on=lambda revision: revision.quote,
)
