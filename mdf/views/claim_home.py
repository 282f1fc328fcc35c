"""What claims and payments add to somebody's first page."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mdf import permissions
from mdf.models import Claim, FundRequest
from mdf.queries import claim_home as queries
from mdf.queries import payments
from prm import together
from prm.accounts.roles import Role
from prm.ui import formats, navigation
from prm.ui.navigation import Visit

FEW = 3
SOON = 14
Row = dict[str, Any]


@navigation.attention
def partner_queue(visit: Visit) -> list[Row]:
    """Return what a partner has to do about claims: answer, finish, claim."""
    member = visit.member
    if not (member.is_partner and member.has(permissions.can_claim)):
        return []
    asked_claims, begun, to_claim = together.fetch(
        queries.asked(member), queries.drafts(member), queries.to_claim(member, visit.today)
    )
    asked = [_asked(claim, visit) for claim in asked_claims]
    drafts = [_draft(claim, visit) for claim in begun]
    rows = [_to_claim(request, visit) for request in to_claim]
    if len(to_claim) > FEW:
        rows = [_many_to_claim(len(to_claim))]
    return [*asked, *drafts[:FEW], *rows]


@navigation.attention
def vendor_queue(visit: Visit) -> list[Row]:
    """Return what waits for somebody who decides about claims, the late first."""
    if not visit.member.has(permissions.can_decide_claims):
        return []
    counts = queries.decisions(visit.member, visit.at, visit.end_of_today)
    waiting = queries.waiting_extensions()
    found: list[Row] = []
    inbox = reverse("mdf:claim-inbox")
    if counts.late:
        title = ngettext("%(count)s claim is late", "%(count)s claims are late", counts.late)
        text = _("The time promised to the partner has passed.")
        found.append(_row("bad", "claim", title % {"count": counts.late}, text, inbox, _("Decide")))
    if counts.due_today:
        title = ngettext("%(count)s claim is due today", "%(count)s claims are due today", counts.due_today)
        text = ngettext("%(count)s waits in all.", "%(count)s wait in all.", counts.waiting)
        text = text % {"count": counts.waiting}
        found.append(_row("warn", "claim", title % {"count": counts.due_today}, text, inbox, _("Decide")))
    if waiting:
        title = ngettext("%(count)s partner asks for more time", "%(count)s partners ask for more time", waiting)
        text = _("To claim what was approved.")
        found.append(_row("info", "clock", title % {"count": waiting}, text, inbox, _("See them")))
    return found


@navigation.attention
def finance_queue(visit: Visit) -> list[Row]:
    """Return what finance has to pay, with its sums."""
    if visit.member.role != Role.FINANCE:
        return []
    sums = payments.sums_to_pay(visit.today)
    if not sums:
        return []
    count = sum(number for _money, number, _late in sums)
    late = sum(number for _money, _count, number in sums)
    amounts = ", ".join(formats.money(money) for money, _count, _late in sums)
    title = ngettext("%(amounts)s to pay in %(count)s claim", "%(amounts)s to pay in %(count)s claims", count)
    text = _("All within what was promised.")
    if late:
        text = ngettext("%(count)s is later than promised.", "%(count)s are later than promised.", late)
        text = text % {"count": late}
    url = reverse("mdf:payments")
    title = title % {"amounts": amounts, "count": count}
    return [_row("bad" if late else "info", "payout", title, text, url, _("Pay"))]


def _asked(claim: Claim, visit: Visit) -> Row:
    title = _("%(title)s: the vendor asks about your claim") % {"title": claim.request.title}
    due = formats.due(claim.answer_by, visit.at, timezone.get_current_timezone()) if claim.answer_by else ""
    text = _("Answer by %(due)s. Until then the decision waits.") % {"due": due}
    return _row("warn", "returned", title, text, reverse("mdf:claim-answer", args=[claim.pk]), _("Answer"))


def _draft(claim: Claim, visit: Visit) -> Row:
    title = _("%(title)s: your claim is not sent yet") % {"title": claim.request.title}
    return _row("", "claim", title, _until(claim.request, visit), _form(claim), _("Continue"))


def _to_claim(request: FundRequest, visit: Visit) -> Row:
    assert request.claim_by is not None
    is_soon = (request.claim_by - visit.today).days <= SOON
    title = _("%(title)s can be claimed") % {"title": request.title}
    url = reverse("mdf:request", args=[request.pk])
    return _row("warn" if is_soon else "info", "claim", title, _until(request, visit), url, _("Claim"))


def _many_to_claim(count: int) -> Row:
    title = _("%(count)s activities can be claimed") % {"count": count}
    text = _("What is not claimed in time lapses.")
    return _row("info", "claim", title, text, f"{reverse('mdf:requests')}?view=approved", _("See them"))


def _until(request: FundRequest, visit: Visit) -> str:
    if request.claim_by is None:
        return ""
    return _("Claim until %(day)s, with the paid invoice.") % {"day": formats.day(request.claim_by, visit.today)}


def _form(claim: Claim) -> str:
    return reverse("mdf:claim-form", args=[claim.pk])


def _row(tone: str, icon: str, title: str, text: str, url: str, action: str) -> Row:
    return {"tone": tone, "icon": icon, "title": title, "text": text, "url": url, "action": action}
