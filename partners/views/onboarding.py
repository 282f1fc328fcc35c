"""Checklists: the partner hands tasks in, the vendor checks them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from partners import permissions
from partners.enums import Checker, TaskKind, TaskStatus
from partners.forms.onboarding import ReturnForm, SkipForm, TaskForm
from partners.models import ChecklistTask, Partner
from partners.queries import onboarding as queries
from partners.services import onboarding
from partners.views import steps
from partners.views.answers import done, refused
from prm.accounts.guards import requires
from prm.accounts.models import Membership
from prm.events.refusals import DomainError
from prm.files import queries as files
from prm.files import services as file_services
from prm.files.subjects import can_change, can_open
from prm.ui.submissions import once


@can_open("partners.checklisttask")
def visible(member: Membership) -> QuerySet:
    """A firm's documents are for its own people and the vendor."""
    return ChecklistTask.objects.visible_to(member)


@can_change("partners.checklisttask")
def is_open(task: ChecklistTask, member: Membership) -> bool:
    """Files are added while the partner has the task, and stay as they were handed in."""
    return task.is_open and task.partner_id == member.partner_id and member.has(permissions.can_do_tasks)


@require_GET
@requires(permissions.can_see_checklists)
def index(request: HttpRequest) -> HttpResponse:
    """Show the own checklist, or what waits for the vendor and how far each new partner is."""
    if request.member.is_vendor:
        context: dict[str, Any] = {
            "tasks": list(queries.to_check(request.member)[:100]),
            "under_way": queries.under_way(),
            "now": timezone.now(),
        }
        for progress in context["under_way"]:
            progress.checklist.is_stuck = progress.is_stuck(context["now"])
        return render(request, "partners/onboarding/queue.html", context)
    partner = Partner.objects.get(pk=request.member.partner_id)
    checklist = queries.latest(partner)
    progress = queries.progress_of(checklist) if checklist else None
    context = {
        "partner": partner,
        "progress": progress,
        "steps": [steps.step(task, request.member) for task in progress.tasks] if progress else [],
    }
    return render(request, "partners/onboarding/own.html", context)


@require_GET
@requires(permissions.can_see_checklists)
def task(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show what a task asks for and what was handed in."""
    return _page(request, _find(request, pk))


@require_POST
@requires(permissions.can_do_tasks)
@once
def submission(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Hand a task in, with the files that come along without scripts."""
    row = _find(request, pk)
    form = _form(row, request.POST)
    if not form.is_valid():
        return _page(request, row, form)
    at = timezone.now()
    try:
        for upload in request.FILES.getlist("files") if is_open(row, request.member) else []:
            file_services.add(upload, on=row, by=request.member, at=at)
        typed = form.cleaned_data
        onboarding.submit(row, answer=typed["answer"], by=request.member, at=at, version=typed["version"])
    except DomainError as refusal:
        return _page(request, _find(request, pk), form, refusal=refusal)
    return done(request, _("Task submitted"), reverse("partners:onboarding"))


@require_POST
@requires(permissions.can_check_tasks)
@once
def acceptance(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Accept what was handed in."""
    row = _find(request, pk)
    if not may_check(request.member, row):
        return _page(request, row, status=403)
    version = request.POST.get("version", "")
    try:
        onboarding.accept(
            row, by=request.member, at=timezone.now(), version=int(version) if version.isdecimal() else None
        )
    except DomainError as refusal:
        return refused(request, refusal, reverse("partners:onboarding-task", args=[pk]))
    return done(request, _("Task accepted"), reverse("partners:onboarding"))


@require_http_methods(["GET", "POST"])
@requires(permissions.can_check_tasks)
@once
def giving_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask what is missing, then return the task."""
    row = _find(request, pk)
    if not may_check(request.member, row):
        return _page(request, row, status=403)
    return _noted(request, row, "return", ReturnForm, onboarding.give_back, _("Task returned"))


@require_http_methods(["GET", "POST"])
@requires(permissions.can_skip_tasks)
@once
def skipping(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask why, then say that the task is not needed."""
    return _noted(request, _find(request, pk), "skip", SkipForm, onboarding.skip, _("Task marked as not needed"))


def may_check(member: Membership, row: ChecklistTask) -> bool:
    """Say whether somebody of this role checks such a task."""
    return member.has(permissions.can_check_tasks) and Checker(row.checked_by) in queries.CHECKS.get(member.role, ())


def _find(request: HttpRequest, pk: UUID) -> ChecklistTask:
    rows = ChecklistTask.objects.visible_to(request.member)
    return get_object_or_404(rows.select_related("partner", "submitted_by", "decided_by"), pk=pk)


def _form(row: ChecklistTask, posted: Any = None) -> TaskForm:
    upload_url = reverse("file-adding", args=["partners.checklisttask", row.pk])
    return TaskForm(posted, task=row, upload_url=upload_url)


def _noted(
    request: HttpRequest, row: ChecklistTask, name: str, kind: type[Any], act: Callable[..., object], said: str
) -> HttpResponse:
    """Show the form of a decision with a note as a dialog or page, or take the decision."""
    form = kind(request.POST or None, initial={"version": row.version})
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            act(row, note=typed["note"], version=typed["version"], by=request.member, at=timezone.now())
            return done(request, said, reverse("partners:onboarding"))
        except DomainError as refusal:
            form.add_error(None, refusal.sentence)
    template = f"partners/onboarding/{'_' if request.htmx else ''}{name}.html"
    return render(request, template, {"task": row, "form": form}, status=422 if form.errors else 200)


def _page(
    request: HttpRequest,
    row: ChecklistTask,
    form: TaskForm | None = None,
    *,
    refusal: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    member: Membership = request.member
    can_do = row.is_open and not row.is_automatic and row.kind != TaskKind.BANK and member.has(permissions.can_do_tasks)
    can_check = row.status == TaskStatus.SUBMITTED and row.kind != TaskKind.BANK and may_check(member, row)
    context = {
        "task": row,
        "form": (form or _form(row)) if can_do else None,
        "files": [files.entry(file) for file in files.of(row)],
        "refusal": refusal,
        "step": steps.step(row, member),
        "can_check": can_check,
        "can_skip": not row.is_done and member.has(permissions.can_skip_tasks),
    }
    if refusal or (form and form.errors):
        status = 422
    return render(request, "partners/onboarding/task.html", context, status=status)
