"""What waits for somebody who registers deals."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from deals import permissions
from deals.models import CaseParty, Registration
from deals.queries import cases
from deals.queries import home as queries
from deals.views.home import rows
from deals.views.home.rows import Row
from prm import together
from prm.ui import formats, navigation
from prm.ui.navigation import Visit


@navigation.attention
def partner_attention(visit: Visit) -> list[Row]:
    """Return what waits for somebody who registers deals."""
    member = visit.member
    if not (member.is_partner and member.has(permissions.can_register)):
        return []
    conflicts, questions, unconfirmed, ending, rejected, drafts = together.fetch(
        cases.evidence_asked_of(member)[: queries.MOST],
        queries.questions(member),
        queries.to_confirm(member, visit.today),
        queries.ending_soon(member, visit.today),
        queries.lately_rejected(member, visit.at),
        queries.forgotten_drafts(member, visit.at),
    )
    return [
        *rows.few(conflicts, lambda party: _conflict(party, visit), _many_conflicts),
        *rows.few(questions, lambda deal: _question(deal, visit), _many_questions),
        *rows.few(unconfirmed, lambda deal: _unconfirmed(deal, visit), _many_unconfirmed),
        *rows.few(ending, lambda deal: _ending(deal, visit), _many_ending),
        *rows.few(rejected, _rejected, _many_rejected),
        *rows.few(drafts, lambda deal: _draft(deal, visit), _many_drafts),
    ]


def _conflict(party: CaseParty, visit: Visit) -> Row:
    until = formats.day(formats.as_day(party.evidence_by), visit.today) if party.evidence_by else ""
    title = _("%(customer)s: bring your evidence") % {"customer": party.registration.customer_name}
    text = _("Another partner registered the customer, too. After %(day)s the case goes on without.") % {"day": until}
    url = reverse("deals:conflict", args=[party.pk])
    return rows.row("warn", "dispute", title, text, url, _("Bring it"), at=party.evidence_by)


def _many_conflicts(count: str, number: int) -> Row:
    title = ngettext("%(count)s conflict waits for your evidence", "%(count)s conflicts wait for your evidence", number)
    text = _("The cases go on without what comes too late.")
    return rows.row("warn", "dispute", title % {"count": count}, text, reverse("deals:conflicts"), _("Look at them"))


def _question(deal: Registration, visit: Visit) -> Row:
    until = formats.day(formats.as_day(deal.answer_by), visit.today) if deal.answer_by else ""
    return {
        "tone": "warn",
        "icon": "returned",
        "title": _("%(customer)s: information was asked for") % {"customer": deal.customer_name},
        "text": _("Answer by %(day)s, or the registration is withdrawn. The clock is paused.") % {"day": until},
        "at": deal.answer_by,
        "url": reverse("deals:registration-answer", args=[deal.pk]),
        "action": _("Answer"),
    }


def _many_questions(count: str, number: int) -> Row:
    title = ngettext("%(count)s question waits for you", "%(count)s questions wait for you", number)
    text = _("What is not answered in time is withdrawn.")
    return rows.leading_to_list("warn", "returned", title % {"count": count}, text, "review", _("See them"))


def _unconfirmed(deal: Registration, visit: Visit) -> Row:
    due_on = deal.check_in_due_on  # type: ignore[attr-defined]
    facts = {"customer": deal.customer_name, "day": formats.day(due_on, visit.today)}
    is_missed = due_on < visit.today
    return {
        "tone": "bad" if is_missed else "warn",
        "icon": "check",
        "title": _("%(customer)s: the check-in was due by %(day)s") % facts
        if is_missed
        else _("%(customer)s: check in by %(day)s") % facts,
        "text": _("Confirm that the deal is alive: its stage, its close date and a sentence."),
        "at": due_on,
        "url": reverse("deals:registration-check-in", args=[deal.pk]),
        "action": _("Check in"),
    }


def _many_unconfirmed(count: str, number: int) -> Row:
    title = ngettext("%(count)s deal waits for a check-in", "%(count)s deals wait for a check-in", number)
    text = _("Protections of deals that nobody confirms may be released.")
    return rows.leading_to_list("warn", "check", title % {"count": count}, text, "confirm", _("See them"))


def _ending(deal: Registration, visit: Visit) -> Row:
    assert deal.protected_until is not None
    facts = {"customer": deal.customer_name, "day": formats.day(deal.protected_until, visit.today)}
    value = formats.money(deal.value) if deal.value else ""
    return {
        "tone": "warn",
        "icon": "shield",
        "title": _("%(customer)s loses its protection on %(day)s") % facts,
        "text": _("%(value)s, stage: %(stage)s.") % {"value": value, "stage": deal.get_stage_display()},
        "at": deal.protected_until,
        "url": reverse("deals:registration", args=[deal.pk]),
        "action": _("Open the deal"),
    }


def _many_ending(count: str, number: int) -> Row:
    title = ngettext("%(count)s protection ends", "%(count)s protections end", number) % {"count": count}
    text = _("Within the next two weeks. Extend those you still work on.")
    return rows.leading_to_list("warn", "shield", title, text, "ending", _("See them"))


def _rejected(deal: Registration) -> Row:
    return {
        "tone": "bad",
        "icon": "stop",
        "title": _("%(customer)s was rejected") % {"customer": deal.customer_name},
        "text": deal.decision_note or _("The reason is on the deal's page."),
        "url": reverse("deals:registration", args=[deal.pk]),
        "action": _("See why"),
    }


def _many_rejected(count: str, number: int) -> Row:
    title = ngettext("%(count)s registration was rejected", "%(count)s registrations were rejected", number)
    text = _("Within the last week. Each page says why.")
    return rows.leading_to_list("bad", "stop", title % {"count": count}, text, "all", _("See them"), review="rejected")


def _draft(deal: Registration, visit: Visit) -> Row:
    customer = deal.customer_name or _("a customer")
    return {
        "tone": "",
        "icon": "edit",
        "title": _("The registration of %(customer)s is not sent") % {"customer": customer},
        "text": _("Last changed on %(day)s. It protects nothing until you submit it.")
        % {"day": formats.day(formats.as_day(deal.saved_at), visit.today)},
        "url": reverse("deals:registration-form", args=[deal.pk]),
        "action": _("Continue"),
    }


def _many_drafts(count: str, number: int) -> Row:
    title = ngettext("%(count)s registration is not sent", "%(count)s registrations are not sent", number)
    text = _("Drafts protect nothing until you submit them.")
    return rows.leading_to_list("", "edit", title % {"count": count}, text, "drafts", _("See them"))
