"""The key figures of a partner, or of the vendor."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from deals import permissions
from deals.queries import home as queries
from deals.views.home import rows
from deals.views.home.rows import Row
from prm.accounts.models import Membership
from prm.accounts.roles import Role
from prm.money import Money
from prm.ui import formats, navigation
from prm.ui.navigation import Visit

BEHIND = 80  # who pays looks at money first


@navigation.figures
def deal_figures(visit: Visit) -> list[Row]:
    """Return the four figures of a partner, or of the vendor; nothing before there is something to count."""
    member, currency = visit.member, visit.profile.currency
    if not member.has(permissions.can_see):
        return []
    pipeline = queries.pipeline(member, currency, visit.today)
    if pipeline.is_empty and member.is_partner:
        return []
    closed = visit.once(queries.closed, member, currency, visit.today)
    money = [_pipeline_figure(pipeline), _closed_figure(closed)]
    if member.is_partner:
        return [*money, _win_rate_figure(pipeline), _ending_figure(pipeline)]
    counts = visit.once(queries.decisions, member, visit.at, visit.end_of_today)
    found = [_waiting_figure(counts, member), _promise_figure(counts), *money]
    return [figure | {"order": BEHIND} for figure in found] if member.role == Role.FINANCE else found


def _pipeline_figure(pipeline: queries.Pipeline) -> Row:
    deals = ngettext("%(count)s deal", "%(count)s deals", pipeline.deals) % {"count": pipeline.deals}
    note = _("%(deals)s, %(protected)s protected") % {"deals": deals, "protected": pipeline.protected}
    return {
        "label": _("Open pipeline"),
        "figure": formats.money_short(pipeline.value.main),
        "note": _with_others(note, pipeline.value.others),
        "url": rows.list_url("open"),
    }


def _closed_figure(closed: queries.Closed) -> Row:
    change = closed.change
    up = _("Up %(percent)s%%") % {"percent": change} if change is not None and change > 0 else ""
    if change is None:
        note = _("Nothing to compare with last year")
    elif up:
        note = _("on the same time last year")
    else:
        note = _("%(percent)s%% on the same time last year") % {"percent": f"{change}".replace("-", "−")}
    return {
        "label": _("Closed this year"),
        "figure": formats.money_short(closed.this_year.main),
        "change": up,
        "note": _with_others(note, closed.this_year.others),
        "url": rows.list_url("won"),
    }


def _win_rate_figure(pipeline: queries.Pipeline) -> Row:
    rate = pipeline.win_rate
    ended = {"won": pipeline.won, "ended": pipeline.won + pipeline.lost}
    return {
        "label": _("Win rate"),
        "figure": formats.percent(rate) if rate is not None else "–",
        "note": _("%(won)s of %(ended)s ended in 12 months") % ended
        if rate is not None
        else _("No deal has ended yet"),
        "url": rows.list_url("won"),
    }


def _ending_figure(pipeline: queries.Pipeline) -> Row:
    note = formats.money_short(pipeline.ending_value.main) if pipeline.ending else _("None of them in danger")
    return {
        "label": _("Protections ending in 30 days"),
        "figure": str(pipeline.ending),
        "note": _with_others(note, pipeline.ending_value.others),
        "url": rows.list_url("ending"),
    }


def _waiting_figure(counts: queries.Decisions, member: Membership) -> Row:
    facts = {"today": counts.due_today, "late": counts.late}
    return {
        "label": _("Waiting for a decision"),
        "figure": str(counts.waiting),
        "note": _("%(today)s due today, %(late)s late") % facts,
        "url": reverse("deals:inbox") if member.has(permissions.can_decide) else rows.list_url("review"),
    }


def _promise_figure(counts: queries.Decisions) -> Row:
    kept = formats.percent(round(100 * counts.kept / counts.decided)) if counts.decided else "–"
    note = _("%(kept)s of %(decided)s decisions in time, 90 days") % {"kept": counts.kept, "decided": counts.decided}
    return {
        "label": _("Promises kept"),
        "figure": kept,
        "note": note if counts.decided else _("No decision in 90 days"),
    }


def _with_others(note: str, others: Iterable[Money]) -> str:
    """Name amounts in other currencies beside; they are never added up."""
    amounts = ", ".join(formats.money_short(money) for money in others)
    return _("%(note)s; besides %(amounts)s") % {"note": note, "amounts": amounts} if amounts else note
