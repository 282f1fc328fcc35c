"""What agreements, checklists and certificates add to the first page of a portal."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partners import permissions
from partners.enums import BankStatus, CertificateStatus, TaskStatus
from partners.models import Agreement, BankAccount, Certificate, Partner
from partners.queries import certifications, onboarding
from partners.views import steps
from prm import together
from prm.ui import formats, navigation
from prm.ui.navigation import Visit

Row = dict[str, Any]
SOON_DAYS = 30


@navigation.attention
def partner_attention(visit: Visit) -> list[Row]:
    """Return what waits for a partner's administrator."""
    if not visit.member.has(permissions.can_sign):
        return []
    return [*_agreements(visit), *_returned(visit), *_expiring(visit)]


@navigation.attention
def vendor_attention(visit: Visit) -> list[Row]:
    """Return what waits for the vendor's people."""
    member = visit.member
    if member.is_partner:
        return []
    found: list[Row] = []
    waits = {
        "tasks": (permissions.can_check_tasks, onboarding.to_check(member)),
        "certificates": (
            permissions.can_confirm_certificates,
            Certificate.objects.filter(status=CertificateStatus.SUBMITTED),
        ),
        "agreements": (permissions.can_offer, Agreement.objects.open().filter(accept_by__lt=visit.today)),
    }
    counts = together.ask({name: rows for name, (permission, rows) in waits.items() if member.has(permission)})
    if count := counts.get("tasks"):
        found.append(_tasks(count))
    if member.has(permissions.can_check_bank):
        waiting = BankAccount.objects.filter(status=BankStatus.SUBMITTED).select_related("partner")
        found += [_bank(row) for row in waiting.order_by("submitted_at")[:3]]
    if member.has(permissions.can_confirm_certificates):
        found += [_certificates(counts["certificates"])] if counts["certificates"] else []
        stuck = [row for row in onboarding.under_way() if row.is_stuck(visit.at)]
        mine = [row for row in stuck if row.partner.channel_manager_id in (None, member.user_id)]
        found += [_stuck(row) for row in mine[:3]]
    if late := counts.get("agreements"):
        found.append(_late_agreements(late))
    return found


@navigation.section
def checklist(visit: Visit) -> list[Row]:
    """Return the checklist of a partner that is getting started; it stands where the figures will be."""
    if not visit.member.has(permissions.can_see_checklists) or visit.member.is_vendor:
        return []
    partner = Partner.objects.get(pk=visit.member.partner_id)
    open_one = onboarding.current(partner)
    if open_one is None:
        return []
    progress = onboarding.progress_of(open_one)
    rows = [steps.step(task, visit.member) for task in progress.tasks]
    return [{"template": "partners/home/_checklist.html", "progress": progress, "steps": rows, "order": 0}]


def _agreements(visit: Visit) -> list[Row]:
    rows = Agreement.objects.open().filter(partner_id=visit.member.partner_id).select_related("version")
    return [_agreement(row, visit) for row in rows.order_by("accept_by", "offered_at")]


def _agreement(row: Agreement, visit: Visit) -> Row:
    title = row.version.wording(visit.member.user.language or visit.profile.language).title
    is_late = row.accept_by is not None and row.accept_by < visit.today
    text = _("Read it and accept it for your company.")
    if row.accept_by:
        text = _("To be accepted by %(day)s.") % {"day": formats.day(row.accept_by, visit.today)}
    return {
        "tone": "bad" if is_late else "warn",
        "icon": "agreement",
        "title": _("%(title)s waits for your signature") % {"title": title},
        "text": text,
        "url": reverse("partners:agreement", args=[row.pk]),
        "action": _("Read and accept"),
    }


def _returned(visit: Visit) -> list[Row]:
    partner = Partner.objects.get(pk=visit.member.partner_id)
    open_one = onboarding.current(partner)
    tasks = onboarding.tasks_of(open_one) if open_one else []
    return [
        {
            "tone": "warn",
            "icon": "returned",
            "title": _("Returned: %(task)s") % {"task": task},
            "text": task.note,
            "url": steps.step(task, visit.member)["url"],
            "action": _("Correct it"),
        }
        for task in tasks
        if task.status == TaskStatus.RETURNED
    ]


def _expiring(visit: Visit) -> list[Row]:
    """Return one row for the certificates that end within a month."""
    partner = Partner(pk=visit.member.partner_id)
    rows = certifications.of_partner(partner).filter(status=CertificateStatus.ACTIVE, expires_on__isnull=False)
    soon = [row for row in rows if row.expires_on and (row.expires_on - visit.today).days <= SOON_DAYS]
    if not soon:
        return []
    first = soon[0]
    facts = {"name": first.holder.name, "day": formats.day(first.expires_on, visit.today)}  # type: ignore[arg-type]
    title = ngettext("%(count)s certificate ends soon", "%(count)s certificates end soon", len(soon))
    return [
        {
            "tone": "warn",
            "icon": "learn",
            "title": title % {"count": len(soon)},
            "text": _("The first is that of %(name)s, on %(day)s.") % facts,
            "url": f"{reverse('partners:certificates')}?status=active",
            "action": _("See them"),
        }
    ]


def _tasks(count: int) -> Row:
    title = ngettext("%(count)s onboarding task to check", "%(count)s onboarding tasks to check", count)
    return {
        "tone": "info",
        "icon": "checklist",
        "title": title % {"count": count},
        "text": _("New partners cannot start before you have looked at it."),
        "url": reverse("partners:onboarding"),
        "action": _("Check"),
    }


def _bank(row: BankAccount) -> Row:
    return {
        "tone": "info",
        "icon": "bank",
        "title": _("%(firm)s entered bank details") % {"firm": row.partner.name},
        "text": _("Nothing is paid there before you accept them."),
        "url": reverse("partners:partner-bank", args=[row.partner_id]),
        "action": _("Check"),
    }


def _certificates(count: int) -> Row:
    title = ngettext("%(count)s certificate to confirm", "%(count)s certificates to confirm", count)
    return {
        "tone": "info",
        "icon": "learn",
        "title": title % {"count": count},
        "text": _("They count towards tiers as soon as they are confirmed."),
        "url": f"{reverse('partners:certificates')}?status=submitted&sort=submitted",
        "action": _("Confirm"),
    }


def _stuck(progress: onboarding.Progress) -> Row:
    tasks = ", ".join(str(task) for task in progress.waits_for_partner)
    return {
        "tone": "warn",
        "icon": "pause",
        "title": _("%(firm)s is stuck in onboarding") % {"firm": progress.partner.name},
        "text": _("Open: %(tasks)s.") % {"tasks": tasks},
        "url": f"{reverse('partners:partner', args=[progress.partner.pk])}#checklist",
        "action": _("See where"),
    }


def _late_agreements(count: int) -> Row:
    title = ngettext("%(count)s agreement is overdue", "%(count)s agreements are overdue", count)
    return {
        "tone": "warn",
        "icon": "agreement",
        "title": title % {"count": count},
        "text": _("These partners have not answered in time."),
        "url": f"{reverse('partners:agreements')}?status=offered&sort=until",
        "action": _("See them"),
    }
