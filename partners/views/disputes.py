"""Rejected applications can be appealed. Nobody of the firm has a login yet: it comes through its secret address."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from partners import permissions
from partners.enums import ApplicationStatus
from partners.models import Application
from partners.queries import joining
from partners.rules.joining import REASONS
from partners.services import application_decisions as decisions
from partners.views import application_inbox
from prm.accounts.models import Membership
from prm.disputes import subjects
from prm.disputes.subjects import Decision, Kind
from prm.disputes.terms import Appeals
from prm.policies import following

REJECTED = "rejected"


def decision_of(application: Application) -> Decision | None:
    """Return the rejection, if it was rejected."""
    if application.status != ApplicationStatus.REJECTED or application.decided_at is None:
        return None
    code, note = application.reason_code, application.decision_note
    return Decision(REJECTED, application.decided_at, application.decided_by_id, code, note)


def appeals_of(application: Application) -> Appeals:
    """Return until when it can be appealed, by the terms under which it was started."""
    terms = joining.pinned(application)
    return Appeals(terms.appeal_days, terms.appeal_business_days, following.promise_of(application, 0).calendar)


def _seen(member: Membership) -> QuerySet:
    rows = Application.objects.sent()
    return rows if member.has(permissions.can_see_applications) else rows.none()


subjects.declare(
    "partners.application",
    label=_("Application"),
    visible=_seen,
    appealed_by=None,
    page="partners:application",
    opened_by=permissions.can_decide_applications,
    title=str,
    kinds={REJECTED: Kind(_("The application was rejected."), REASONS)},
    decision=decision_of,
    appeals=appeals_of,
    overturn=decisions.overturn,
    timeline=application_inbox.timeline,
    of_firm=lambda application: (),
    firm=lambda application: application.company_name,
)
