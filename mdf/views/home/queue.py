"""What waits for somebody who asks for funds, and for somebody who decides about them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mdf import permissions
from mdf.models import FundRequest
from mdf.queries import home as queries
from prm import together
from prm.accounts.roles import Role
from prm.ui import formats, navigation
from prm.ui.navigation import Visit

FEW = 3  # more than these of a kind become one row
Row = dict[str, Any]


@navigation.attention
def partner_attention(visit: Visit) -> list[Row]:
    """Return what waits for somebody who asks for funds."""
    member = visit.member
    if not (member.is_partner and member.has(permissions.can_request)):
        return []
    questions, money, rejected, drafts = together.fetch(
        queries.questions(member),
        queries.available(member.partner_id),
        queries.lately_rejected(member, visit.at),
        queries.forgotten_drafts(member, visit.at),
    )
    return [
        *_few(questions, lambda row: _question(row, visit), _many_questions),
        *[_lapsing(entry, visit) for entry in queries.lapsing(money, visit.today)[:FEW]],
        *_few(rejected, _rejected, _many_rejected),
        *_few(drafts, lambda row: _draft(row, visit), _many_drafts),
    ]


@navigation.attention
def vendor_queue(visit: Visit) -> list[Row]:
    """Return what waits for somebody who decides, the late first."""
    member = visit.member
    if not (member.is_vendor and member.has(permissions.can_decide)):
        return []
    counts = queries.decisions(member, visit.at, visit.end_of_today)
    if member.role == Role.FINANCE:
        return [_finance(counts.mine)] if counts.mine else []
    found = [
        _late(counts.late) if counts.late else None,
        _due_today(counts) if counts.due_today else None,
    ]
    return [row for row in found if row]


def _few(rows: Sequence[FundRequest], one: Callable[[FundRequest], Row], many: Callable[[int], Row]) -> list[Row]:
    """Return a row for each request, or one row for all of them when they are many."""
    return [one(row) for row in rows] if len(rows) <= FEW else [many(len(rows))]


def _row(tone: str, icon: str, title: str, text: str, url: str, action: str) -> Row:
    return {"tone": tone, "icon": icon, "title": title, "text": text, "url": url, "action": action}


def _list(view: str, **filters: str) -> str:
    return f"{reverse('mdf:requests')}?{urlencode({'view': view, **filters})}"


def _question(row: FundRequest, visit: Visit) -> Row:
    until = formats.day(formats.as_day(row.answer_by), visit.today) if row.answer_by else ""
    title = _("%(title)s: information was asked for") % {"title": row.title}
    text = _("Answer by %(day)s, or the request is withdrawn. The clock is paused.") % {"day": until}
    return _row("warn", "returned", title, text, reverse("mdf:request-answer", args=[row.pk]), _("Answer"))


def _many_questions(count: int) -> Row:
    title = ngettext(
        "%(count)s question about your fund requests", "%(count)s questions about your fund requests", count
    )
    text = _("What is not answered in time is withdrawn.")
    return _row("warn", "returned", title % {"count": count}, text, _list("review"), _("See them"))


def _lapsing(entry: queries.Lapsing, visit: Visit) -> Row:
    facts = {"amount": formats.money(entry.amount), "day": formats.day(entry.allocation.last_day, visit.today)}
    title = _("%(amount)s lapse after %(day)s") % facts
    text = _("%(fund)s. What you ask for before then stays yours until it is decided.") % {
        "fund": entry.allocation.fund.name
    }
    url = f"{reverse('mdf:request-new')}?fund={entry.allocation.fund_id}"
    return _row("warn", "fund", title, text, url, _("Request funds"))


def _rejected(row: FundRequest) -> Row:
    title = _("%(title)s was rejected") % {"title": row.title}
    text = row.decision_note or _("The reason is on the request's page.")
    return _row("bad", "stop", title, text, reverse("mdf:request", args=[row.pk]), _("See why"))


def _many_rejected(count: int) -> Row:
    title = ngettext("%(count)s fund request was rejected", "%(count)s fund requests were rejected", count)
    text = _("Within the last week. Each page says why.")
    return _row("bad", "stop", title % {"count": count}, text, _list("all", status="rejected"), _("See them"))


def _draft(row: FundRequest, visit: Visit) -> Row:
    title = _("The fund request “%(title)s” is not sent") % {"title": row.title or _("without a title")}
    day = formats.day(formats.as_day(row.saved_at), visit.today)
    text = _("Last changed on %(day)s. Nothing is kept for it until it is approved.") % {"day": day}
    return _row("", "edit", title, text, reverse("mdf:request-form", args=[row.pk]), _("Continue"))


def _many_drafts(count: int) -> Row:
    title = ngettext("%(count)s fund request is not sent", "%(count)s fund requests are not sent", count)
    text = _("Nothing is kept for drafts until they are approved.")
    return _row("", "edit", title % {"count": count}, text, _list("drafts"), _("See them"))


def _late(count: int) -> Row:
    title = ngettext(
        "%(count)s decision about a fund request is late", "%(count)s decisions about fund requests are late", count
    )
    text = _("The time promised to the partner has passed.")
    return _row("bad", "clock", title % {"count": count}, text, reverse("mdf:inbox"), _("Decide"))


def _due_today(counts: queries.Decisions) -> Row:
    count = counts.due_today
    title = ngettext(
        "%(count)s decision about a fund request is due today",
        "%(count)s decisions about fund requests are due today",
        count,
    )
    text = ngettext("%(count)s waits in all.", "%(count)s wait in all.", counts.waiting) % {"count": counts.waiting}
    return _row("warn", "clock", title % {"count": count}, text, reverse("mdf:inbox"), _("Decide"))


def _finance(count: int) -> Row:
    title = ngettext("%(count)s fund request needs finance", "%(count)s fund requests need finance", count)
    text = _("Others have agreed. The amount is above the limit up to which that is enough.")
    url = f"{reverse('mdf:inbox')}?view=mine"
    return _row("warn", "fund", title % {"count": count}, text, url, _("Decide"))
