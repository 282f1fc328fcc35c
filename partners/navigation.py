"""What this app adds to the shell."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from partners import permissions
from partners.models import Application, JoinRequest, Partner
from partners.queries import applications, joining, search
from partners.queries.days import today_of_vendor
from partners.rules.joining import REASONS
from partners.services.questionnaires import REJECTIONS
from partners.views import disputes, first_page, history, home, setup, tier_disputes  # noqa: F401
from prm.accounts.models import Membership
from prm.reasons import lists
from prm.tenancy.context import as_system
from prm.ui import navigation
from prm.ui.navigation import Group, Visit

SHOWN = 6
ROWS = 3  # people who ask to join, on the home page

navigation.page(
    gettext_lazy("Partners"),
    "partners:partners",
    "partner",
    permissions.can_see_partners,
    for_partners=False,
    group=Group.PROGRAM,
    order=30,
)
navigation.page(
    gettext_lazy("Company profile"),
    "partners:company",
    "partner",
    permissions.can_see_company,
    for_vendor=False,
    group=Group.COMPANY,
    order=55,
)
navigation.page(
    gettext_lazy("Agreements"),
    "partners:agreements",
    "agreement",
    permissions.can_see_agreements,
    for_partners=False,
    group=Group.PROGRAM,
    order=34,
)
navigation.page(
    gettext_lazy("Agreements"),
    "partners:agreements",
    "agreement",
    permissions.can_see_agreements,
    for_vendor=False,
    group=Group.COMPANY,
    order=56,
)
navigation.page(
    pgettext_lazy("page", "Onboarding"),
    "partners:onboarding",
    "checklist",
    permissions.can_check_tasks,
    for_partners=False,
    group=Group.TO_DECIDE,
    order=16,
)
navigation.page(
    gettext_lazy("Getting started"),
    "partners:onboarding",
    "checklist",
    permissions.can_see_checklists,
    for_vendor=False,
    group=Group.COMPANY,
    order=54,
)
navigation.page(
    gettext_lazy("Certificates"),
    "partners:certificates",
    "learn",
    permissions.can_see_certificates,
    for_partners=False,
    group=Group.PROGRAM,
    order=36,
)
navigation.page(
    gettext_lazy("Certificates"),
    "partners:certificates",
    "learn",
    permissions.can_see_certificates,
    for_vendor=False,
    group=Group.COMPANY,
    order=58,
)
navigation.page(
    gettext_lazy("Certifications"),
    "partners:certifications",
    "learn",
    permissions.can_keep_certifications,
    for_partners=False,
    group=Group.SETUP,
    order=32,
)
navigation.page(
    gettext_lazy("Onboarding checklists"),
    "partners:checklists",
    "checklist",
    permissions.can_keep_checklists,
    for_partners=False,
    group=Group.SETUP,
    order=31,
)
navigation.page(
    gettext_lazy("Agreement texts"),
    "partners:agreement-texts",
    "agreement",
    permissions.can_keep_agreements,
    for_partners=False,
    group=Group.SETUP,
    order=30,
)
navigation.page(
    gettext_lazy("Applications"),
    "partners:applications-to-decide",
    "inbox",
    permissions.can_decide_applications,
    for_partners=False,
    group=Group.TO_DECIDE,
    order=14,
)
navigation.page(
    gettext_lazy("Who applied"),
    "partners:applications",
    "report",
    permissions.can_see_applications,
    for_partners=False,
    group=Group.PROGRAM,
    order=32,
)
navigation.page(
    gettext_lazy("Requests to join"),
    "partners:join-requests",
    "team",
    permissions.can_let_join,
    for_partners=False,
    group=Group.TO_DECIDE,
    order=16,
)
navigation.page(
    gettext_lazy("Requests to join"),
    "partners:join-requests",
    "team",
    permissions.can_let_join,
    for_vendor=False,
    group=Group.COMPANY,
    order=58,
)
navigation.page(
    gettext_lazy("Becoming a partner"),
    "partners:joining-setup",
    "rules",
    permissions.can_keep_joining,
    for_partners=False,
    group=Group.SETUP,
    order=42,
)


@navigation.entrance
def becoming(request: HttpRequest) -> list[dict[str, Any]]:
    """Lead whoever has no login to the public pages, unless the vendor takes no applications."""
    with as_system(request.vendor.pk):
        _version, terms = joining.current(today_of_vendor(timezone.now()))
    if not terms.is_open:
        return []
    return [
        {"label": _("Become a partner"), "url": reverse("partners:joining")},
        {"label": _("Join my company"), "url": reverse("partners:join-company")},
    ]


@navigation.waiting
def waiting(member: Membership) -> dict[str, QuerySet]:
    """Return applications that wait for a decision, and people who ask to join."""
    if not member.has(permissions.can_let_join):
        return {}
    work = applications.work_of(member, decides=member.has(permissions.can_decide_applications))
    return {f"partners:{name}": rows for name, rows in work.items()}


@navigation.attention
def to_decide(visit: Visit) -> list[dict[str, Any]]:
    """Return the applications and requests to join that need this person."""
    member = visit.member
    if not member.has(permissions.can_let_join):
        return []
    rows = [_joining_row(wish) for wish in applications.join_requests(member).open()[:ROWS]]
    if not member.has(permissions.can_decide_applications):
        return rows
    counted = applications.waiting(visit.at, visit.end_of_today)
    return [*_applications_rows(counted, visit), *rows]


def _applications_rows(counted: applications.Waiting, visit: Visit) -> list[dict[str, Any]]:
    url = reverse("partners:applications-to-decide")
    rows = []
    if counted.late:
        title = ngettext("%(count)s application is late", "%(count)s applications are late", counted.late)
        text = _("The time promised for the decision has passed.")
        rows.append(_row("bad", "clock", title % {"count": counted.late}, text, url, _("Decide")))
    if on_time := counted.waiting - counted.late:
        title = ngettext("%(count)s company wants to join", "%(count)s companies want to join", on_time)
        text = ngettext("%(count)s is due today.", "%(count)s are due today.", counted.due_today)
        text = text % {"count": counted.due_today} if counted.due_today else _("None is due today.")
        row = _row(
            "warn" if counted.due_today else "info", "partner", title % {"count": on_time}, text, url, _("Decide")
        )
        rows.append(row | {"at": visit.end_of_today if counted.due_today else None})
    return rows


def _joining_row(wish: JoinRequest) -> dict[str, Any]:
    firm = wish.partner.name if wish.partner else wish.company_name
    title = _("%(name)s asks to join %(firm)s") % {"name": wish.name, "firm": firm}
    url = reverse("partners:join-request", args=[wish.pk])
    return _row("info", "team", title, wish.email, url, _("Look at it"))


def _row(tone: str, icon: str, title: str, text: str, url: str, action: str) -> dict[str, Any]:
    return {"tone": tone, "icon": icon, "title": title, "text": text, "url": url, "action": action}


@navigation.search
def applied(member: Membership, text: str) -> list[dict[str, Any]]:
    """Return the applications that fit, for those who decide."""
    if not member.has(permissions.can_decide_applications):
        return []
    rows = Application.objects.sent().filter(pk__in=search.applications(text)).order_by("-submitted_at", "id")[:SHOWN]
    return [
        {
            "group": _("Applications"),
            "label": row.company_name,
            "note": f"{row.number}, {row.get_status_display()}",
            "url": reverse("partners:application", args=[row.pk]),
            "icon": "inbox",
        }
        for row in rows
    ]


@navigation.search
def found(member: Membership, text: str) -> list[dict[str, Any]]:
    """Return the partners that fit, for the vendor's people."""
    if not member.has(permissions.can_see_partners):
        return []
    rows = Partner.objects.filter(pk__in=search.partners(text)).order_by("name", "id")[:SHOWN]
    return [
        {
            "group": _("Partners"),
            "label": row.name,
            "note": f"{row.get_type_display()}, {row.city}" if row.city else row.get_type_display(),
            "url": reverse("partners:partner", args=[row.pk]),
            "icon": "partner",
        }
        for row in rows
    ]


lists.declare(REASONS, gettext_lazy("The refusal of an application"), REJECTIONS, order=20)
