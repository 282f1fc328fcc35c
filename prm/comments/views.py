"""Writing on a record, mending and taking back. Who sees the record is what its app says."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from prm.accounts.actions import ENTER
from prm.accounts.guards import requires
from prm.accounts.models import Membership
from prm.comments import services, showing, subjects
from prm.comments.forms import CommentForm
from prm.comments.models import Comment
from prm.events.refusals import DomainError
from prm.tenancy.models import TenantModel
from prm.ui.submissions import once


@require_POST
@requires(ENTER)
@once
def adding(request: HttpRequest, subject_type: str, pk: UUID) -> HttpResponse:
    """Write on a record's timeline; what is refused keeps its words on a page of its own."""
    subject = subjects.find(subject_type, pk, request.member)
    if subject is None:
        raise Http404
    if not request.member.has(subjects.of(subject).written_by):
        raise PermissionDenied
    form, status = showing.form_of(subject, request.member, request.POST), 422
    if form.is_valid():
        try:
            services.write(subject, **form.content, by=request.member, at=timezone.now())
            return _back(request, subject)
        except DomainError as refusal:
            form.add_error(None, refusal.sentence)
            status = 409
    return _page(request, subject, form, status=status)


@require_http_methods(["GET", "POST"])
@requires(ENTER)
@once
def changing(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Mend what one wrote."""
    comment, subject = _find_own(request.member, pk)
    form = showing.form_of(subject, request.member, request.POST or None, comment=comment)
    if request.method == "GET":
        return _page(request, subject, form, comment=comment)
    status = 422
    if form.is_valid():
        try:
            services.change(comment, **form.content, on=subject, by=request.member, at=timezone.now())
            messages.success(request, _("Comment changed"))
            return _back(request, subject)
        except DomainError as refusal:
            form.add_error(None, refusal.sentence)
            status = 409
    return _page(request, subject, form, comment=comment, status=status)


@require_POST
@requires(ENTER)
def removal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take back what one wrote."""
    comment, subject = _find_own(request.member, pk)
    try:
        services.remove(comment, on=subject, by=request.member, at=timezone.now())
        messages.success(request, _("Comment taken back"))
    except DomainError as refusal:
        messages.error(request, refusal.sentence)
    return _back(request, subject)


def _find_own(member: Membership, pk: UUID) -> tuple[Comment, TenantModel]:
    """Return a comment of the member with its record; what others wrote does not exist here."""
    comment = Comment.objects.filter(pk=pk, by_id=member.user_id, removed_at__isnull=True).first()
    subject = subjects.find(comment.subject_type, comment.subject_id, member) if comment else None
    if comment is None or subject is None:
        raise Http404
    return comment, subject


def _back(request: HttpRequest, subject: TenantModel) -> HttpResponse:
    """Go back to where it was written, such as an inbox; or else to the record."""
    back = request.POST.get("back", "")
    is_ours = url_has_allowed_host_and_scheme(back, None)
    return redirect(back if is_ours else subjects.of(subject).path(subject))


def _page(
    request: HttpRequest, subject: TenantModel, form: CommentForm, *, comment: Comment | None = None, status: int = 200
) -> HttpResponse:
    declared = subjects.of(subject)
    context = {
        "form": form,
        "comment": comment,
        "title": declared.title(subject),
        "back_url": declared.path(subject),
        "back": request.POST.get("back", ""),
    }
    return render(request, "comments/form.html", context, status=status)
