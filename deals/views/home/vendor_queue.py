"""What waits for somebody who decides."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from deals import permissions
from deals.models import Amendment, Extension, Registration, Transfer
from deals.queries import home as queries
from deals.views.home import rows
from deals.views.home.rows import Row
from prm.ui import navigation
from prm.ui.navigation import Visit


@navigation.attention
def asked(visit: Visit) -> list[Row]:
    """Return what waits for somebody who decides nothing else than what a step asks them."""
    if not visit.member.has(permissions.can_agree) or visit.member.has(permissions.can_decide):
        return []
    if not visit.once(queries.decisions, visit.member, visit.at, visit.end_of_today).asked:
        return []
    waiting = queries.waiting_for_decision(visit.member, visit.at, decides=False).select_related("partner")
    return rows.few(waiting.order_by("decide_by", "id")[: queries.MOST], _asked, _many_asked)


def _asked(deal: Registration) -> Row:
    title = _("%(customer)s waits for your approval") % {"customer": deal.customer_name}
    url = reverse("deals:inbox-item", args=[deal.pk])
    return rows.row("info", "inbox", title, deal.partner.name, url, _("Decide"), at=deal.decide_by)


def _many_asked(count: str, number: int) -> Row:
    title = ngettext("%(count)s registration waits for you", "%(count)s registrations wait for you", number)
    text = _("An approval step asks you.")
    return rows.row("info", "inbox", title % {"count": count}, text, reverse("deals:inbox"), _("Decide"))


@navigation.attention
def vendor_queue(visit: Visit) -> list[Row]:
    """Return what waits for somebody who decides, the late first."""
    if not visit.member.has(permissions.can_decide):
        return []
    counts = visit.once(queries.decisions, visit.member, visit.at, visit.end_of_today)
    extensions, amendments, transfers = queries.wishes()
    found = [
        _late(counts.late) if counts.late else None,
        _due_today(counts) | {"at": visit.end_of_today} if counts.due_today else None,
        *_extensions(extensions),
        *_amendments(amendments),
        *_transfers(transfers),
        _lapsing(counts.lapsing) if counts.lapsing else None,
    ]
    return [row for row in found if row]


def _late(count: int) -> Row:
    title = ngettext("%(count)s decision is late", "%(count)s decisions are late", count) % {"count": count}
    text = _("The time promised to the partner has passed.")
    return rows.row("bad", "clock", title, text, reverse("deals:inbox"), _("Decide"))


def _due_today(counts: queries.Decisions) -> Row:
    count = counts.due_today
    title = ngettext("%(count)s decision is due today", "%(count)s decisions are due today", count)
    text = ngettext("%(count)s waits in all.", "%(count)s wait in all.", counts.waiting) % {"count": counts.waiting}
    return rows.row("warn", "clock", title % {"count": count}, text, reverse("deals:inbox"), _("Decide"))


def _lapsing(count: int) -> Row:
    title = ngettext("%(count)s question lapses soon", "%(count)s questions lapse soon", count) % {"count": count}
    text = _("The partner has not answered yet. After the deadline the registration is withdrawn.")
    return rows.row("info", "returned", title, text, _inbox("asked"), _("See them"))


def _extensions(asked: Sequence[Extension]) -> list[Row]:
    waiting = {extension.registration_id: extension for extension in asked}

    def one(deal: Registration) -> Row:
        days = waiting[deal.pk].days
        title = ngettext(
            "%(partner)s asks for one more day with %(customer)s",
            "%(partner)s asks for %(days)s more days with %(customer)s",
            days,
        ) % {"partner": deal.partner.name, "customer": deal.customer_name, "days": days}
        url = f"{reverse('deals:inbox-item', args=[deal.pk])}?view=extensions"
        return rows.row("info", "shield", title, waiting[deal.pk].progress, url, _("Decide"))

    return rows.few([extension.registration for extension in waiting.values()], one, _many_extensions)


def _many_extensions(count: str, number: int) -> Row:
    title = ngettext("%(count)s extension waits", "%(count)s extensions wait", number) % {"count": count}
    text = _("Partners ask for more time with a customer.")
    return rows.row("info", "shield", title, text, _inbox("extensions"), _("See them"))


def _amendments(waiting: Sequence[Amendment]) -> list[Row]:
    def one(deal: Registration) -> Row:
        said = {"partner": deal.partner.name, "customer": deal.customer_name}
        title = _("%(partner)s asks to change the deal with %(customer)s") % said
        url = f"{reverse('deals:inbox-item', args=[deal.pk])}?view=amendments"
        return rows.row("info", "edit", title, "", url, _("Decide"), at=deal.amend_by)

    return rows.few([each.registration for each in waiting], one, _many_amendments)


def _many_amendments(count: str, number: int) -> Row:
    title = ngettext("%(count)s change waits", "%(count)s changes wait", number) % {"count": count}
    text = _("Partners change more of a deal than the terms leave to them.")
    return rows.row("info", "edit", title, text, _inbox("amendments"), _("See them"))


def _transfers(asked: Sequence[Transfer]) -> list[Row]:
    """Return each wish for a transfer: they are rare, and decided on the page of their deal."""
    found = []
    for wanted in asked:
        said = {"partner": wanted.registration.partner.name, "customer": wanted.customer_name}
        title = _("%(partner)s asks to transfer the deal with %(customer)s") % said
        url = reverse("deals:registration", args=[wanted.registration_id])
        found.append(rows.row("info", "person", title, wanted.wish, url, _("Decide")))
    return found


def _inbox(view: str) -> str:
    return f"{reverse('deals:inbox')}?view={view}"
