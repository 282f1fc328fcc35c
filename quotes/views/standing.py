"""Where a quote stands, on its page: what can be done now, who decides, its papers, the customer's link, its order."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from deals.queries.terms import today_of_vendor
from prm.documents import queries as documents
from prm.policies import following
from prm.policies.courses import Course
from prm.policies.models import ReasonCode
from prm.questions.services import of as questions_of
from quotes import permissions
from quotes.enums import Approval, Status
from quotes.models import OfferLink, Order, QuoteLine, QuoteRevision
from quotes.queries import approvals, pricing
from quotes.rules.approvals import Outlook
from quotes.services import revisions
from quotes.views.orders import win_url

NOT_YET = (Status.DRAFT, Status.PENDING_APPROVAL, Status.APPROVED)


def of(request: HttpRequest, revision: QuoteRevision, lines: list[QuoteLine]) -> dict[str, Any]:
    """Return what the page shows around the lines of a quote."""
    member, quote = request.member, revision.quote
    is_seller = quote.partner_id == member.partner_id and member.has(permissions.can_quote)
    outlook = approvals.outlook_of(revision, lines) if revision.status in NOT_YET else None
    questions = questions_of(revision)
    order = Order.objects.visible_to(member).filter(revision=revision).select_related("quote__registration").first()
    steps = approvals.steps_of(revision)
    return {
        "outlook": outlook,
        "refusal_reason": _reason(outlook.refusal) if outlook else None,
        "steps": [{"row": row, "reasons": approvals.step_of(row).reasons} for row in steps],
        "questions": questions,
        "question": next((question for question in questions if question.answered_at is None), None),
        "rejection": _rejection(revision, steps),
        "drifts": _drifts(revision, lines, is_seller=is_seller),
        "papers": documents.of(revision),
        "link": _link(revision) if is_seller else None,
        "order": order,
        "win_url": win_url(order, member) if order else "",
        "decline_reason": _reason(revision.reason_code) if revision.status == Status.DECLINED else None,
        "standing_one": _issued_beside(revision),
        "changed": _changed(revision),
        "actions": _own_actions(revision, outlook, questions, order) if is_seller else _decisions(request, revision),
    }


def _own_actions(
    revision: QuoteRevision, outlook: Outlook | None, questions: list[Any], order: Order | None
) -> list[dict[str, str]]:
    """Return what the partner can do now, the likeliest first."""
    is_asked = any(question.answered_at is None for question in questions)
    offered: list[tuple[str, str, str]] = []
    match revision.status:
        case Status.DRAFT:
            if revision.net_total or revision.list_total:
                offered += _onwards(outlook)
            offered.append((_("Continue the draft"), "form", "edit"))
            if revision.number > 1 or revision.sent_at:
                offered.append((_("Withdraw"), "quotes:revision-withdrawal", "x"))
        case Status.PENDING_APPROVAL:
            offered += [(_("Answer the question"), "quotes:revision-answer", "returned")] if is_asked else []
            offered += [
                (_("Recall"), "quotes:revision-recall", "undo"),
                (_("Withdraw"), "quotes:revision-withdrawal", "x"),
            ]
        case Status.APPROVED:
            offered += [
                _issue(),
                (_("Change"), "quotes:revision-reopening", "edit"),
                (_("Withdraw"), "quotes:revision-withdrawal", "x"),
            ]
        case Status.ISSUED:
            offered += [
                (_("Send to the customer"), "quotes:revision-link", "send"),
                (_("Record acceptance"), "quotes:revision-acceptance", "check"),
                *([(_("Revise"), "quotes:revision-revision", "edit")] if revision.is_current else []),
                (_("Copy"), "quotes:revision-copy", "copy"),
                (_("Customer declined"), "quotes:revision-decline", "x"),
                (_("Withdraw"), "quotes:revision-withdrawal", "x"),
            ]
        case Status.DECLINED | Status.EXPIRED:
            offered += [(_("Revise"), "quotes:revision-revision", "edit")] if revision.is_current else []
            offered.append((_("Copy"), "quotes:revision-copy", "copy"))
        case _:
            offered.append((_("Copy"), "quotes:revision-copy", "copy"))
    found = [{"label": label, "url": _url(name, revision), "icon": icon} for label, name, icon in offered]
    if order is not None:
        found.insert(
            0, {"label": _("Open the order"), "url": reverse("quotes:order", args=[order.pk]), "icon": "check"}
        )
    return found


def _onwards(outlook: Outlook | None) -> list[tuple[str, str, str]]:
    """Return how a draft goes on, which it does not as long as the rules refuse it."""
    if outlook and outlook.refusal:
        return []
    return [_issue()] if outlook and outlook.is_clear else [_request()]


def _issue() -> tuple[str, str, str]:
    return (_("Issue quote"), "quotes:revision-issue", "check")


def _request() -> tuple[str, str, str]:
    return (_("Send for approval"), "quotes:revision-request", "send")


def _url(name: str, revision: QuoteRevision) -> str:
    return (
        reverse("quotes:quote-form", args=[revision.quote_id]) if name == "form" else reverse(name, args=[revision.pk])
    )


def _decisions(request: HttpRequest, revision: QuoteRevision) -> list[dict[str, str]]:
    """Return the way to the inbox for who decides there."""
    if not (request.member.has(permissions.can_approve) and revision.status == Status.PENDING_APPROVAL):
        return []
    return [{"label": _("Decide"), "url": reverse("quotes:inbox-item", args=[revision.pk]), "icon": "check"}]


def _drifts(revision: QuoteRevision, lines: list[Any], *, is_seller: bool) -> list[Any]:
    """Return what has changed since it was priced, while that still matters."""
    if revision.status not in (Status.APPROVED, Status.ISSUED) and not (is_seller and revision.is_draft):
        return []
    return pricing.drift_of(revision, lines, today_of_vendor(timezone.now()))


def _rejection(revision: QuoteRevision, steps: list[Any]) -> dict[str, Any] | None:
    """Return who rejected it and why, until it is sent again; the rules are nobody."""
    if revision.approval != Approval.REJECTED:
        return None
    taken = following.latest(revision)
    if taken and taken.course == Course.REFUSE and taken.at == revision.decided_at:
        return {"step": None, "reason": _reason(str(taken.effects.get("reason", approvals.REFUSED)))}
    if not steps:
        return None
    last = [step for step in steps if step.round == steps[-1].round and step.status == "rejected"]
    return {"step": last[-1], "reason": _reason(last[-1].reason_code)} if last else None


def _reason(code: str) -> ReasonCode | None:
    return ReasonCode.objects.filter(code=code, area__startswith="quotes.").first() if code else None


def _link(revision: QuoteRevision) -> OfferLink | None:
    return OfferLink.objects.filter(revision=revision).order_by("-made_at").select_related("made_by").first()


def _issued_beside(revision: QuoteRevision) -> QuoteRevision | None:
    """Return the revision that the customer has, while a newer one is being written."""
    if revision.status not in NOT_YET or revision.number == 1:
        return None
    return QuoteRevision.objects.filter(quote=revision.quote_id, status=Status.ISSUED).first()


def _changed(revision: QuoteRevision) -> list[Any]:
    """Return which prices differ from the revision before, while it is a draft."""
    if not revision.is_draft or revision.number == 1:
        return []
    before = QuoteRevision.objects.filter(quote=revision.quote_id, number=revision.number - 1).first()
    return revisions.differences(before, revision) if before else []
