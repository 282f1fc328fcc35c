"""Who works here: invite colleagues, give them roles, shut them out and let them in again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect

from prm.accounts import actions, members, memberships
from prm.accounts.forms import InvitationForm, RoleForm
from prm.accounts.guards import requires
from prm.accounts.models import Invitation, Membership
from prm.accounts.roles import Role
from prm.events.refusals import DomainError
from prm.ui.lists import FilterForm, Listing

PARTNERS = "partners"


class PeopleFilter(FilterForm):
    name = forms.CharField(label=gettext_lazy("Name or e-mail"), max_length=100)
    role = forms.MultipleChoiceField(label=gettext_lazy("Role"), choices=Role.choices)
    status = forms.ChoiceField(label=gettext_lazy("Status"), choices=[("", "—"), *Membership.Status.choices])
    lookups = {"role": "role__in", "status": "status"}

    def narrow_name(self, people: QuerySet, words: str) -> QuerySet:
        return people.filter(Q(user__name__icontains=words) | Q(user__email__icontains=words))


class PeopleList(Listing):
    filters = PeopleFilter
    sorts = {"name": "user__name", "role": "role", "firm": "firm", "seen": "last_seen_on"}
    first_sort = "name"

    @property
    def kept(self) -> list[tuple[str, str]]:
        return [*super().kept, *[(name, self.params[name]) for name in ("of",) if self.params.get(name)]]


@require_GET
@requires(actions.MANAGE_PEOPLE)
def index(request: HttpRequest) -> HttpResponse:
    """The people of one's own firm; a vendor's administrator also finds those of the partners."""
    of_partners = request.member.is_vendor and request.GET.get("of") == PARTNERS
    people = memberships.managed_by(request.member).select_related("user")
    waiting = memberships.invitations_managed_by(request.member).filter(status=Invitation.Status.OPEN)
    if request.member.is_vendor:
        people, waiting = (rows.filter(partner_id__isnull=not of_partners) for rows in (people, waiting))
    context = {
        "listing": PeopleList(request.GET, people),
        "invitations": waiting.order_by("-invited_at")[:100],
        "of_partners": of_partners,
        "sides": [
            {"label": request.vendor.name, "url": reverse("people"), "current": not of_partners},
            {"label": _("Partners"), "url": f"{reverse('people')}?of={PARTNERS}", "current": of_partners},
        ],
        "now": timezone.now(),
    }
    return render(request, "accounts/people.html", context)


@requires(actions.MANAGE_PEOPLE)
def invite(request: HttpRequest) -> HttpResponse:
    """Invite a colleague to the inviter's own firm."""
    form = InvitationForm(request.POST or None, is_partner=request.member.is_partner)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        place = members.place_of(request.member)
        try:
            members.invite(
                asked["email"], asked["name"], asked["role"], place=place, by=request.member, at=timezone.now()
            )
            return _back_to_list(request, _("Invitation sent to %(email)s") % {"email": asked["email"]})
        except DomainError as refusal:
            form.refuse(refusal, "email")
    return _dialog_or_page(request, "invite", {"form": form})


@requires(actions.MANAGE_PEOPLE)
def role(request: HttpRequest, pk: UUID) -> HttpResponse:
    person = _person(request, pk)
    form = RoleForm(request.POST or None, is_partner=person.is_partner, initial={"role": person.role})
    if request.method == "POST" and form.is_valid():
        try:
            person = members.change_role(person, form.cleaned_data["role"], by=request.member, at=timezone.now())
            text = _("%(name)s is now %(role)s") % {"name": person.user.name, "role": Role(person.role).label}
            return _back_to_list(request, text)
        except DomainError as refusal:
            form.refuse(refusal, "role")
    return _dialog_or_page(request, "role", {"form": form, "colleague": person})


@require_POST
@requires(actions.MANAGE_PEOPLE)
def suspend(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _change(request, pk, members.suspend, _("%(name)s can no longer enter"), undo="member-restoration")


@require_POST
@requires(actions.MANAGE_PEOPLE)
def restore(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _change(request, pk, members.restore, _("%(name)s can enter again"))


@require_POST
@requires(actions.MANAGE_PEOPLE)
def resend(request: HttpRequest, pk: UUID) -> HttpResponse:
    invitation = get_object_or_404(memberships.invitations_managed_by(request.member), pk=pk)
    return _act(request, members.resend, invitation, _("A new link was sent to %(email)s"))


@require_POST
@requires(actions.MANAGE_PEOPLE)
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    invitation = get_object_or_404(memberships.invitations_managed_by(request.member), pk=pk)
    return _act(request, members.revoke, invitation, _("The invitation of %(email)s is withdrawn"))


def _person(request: HttpRequest, pk: UUID) -> Membership:
    return get_object_or_404(memberships.managed_by(request.member).select_related("user"), pk=pk)


def _change(
    request: HttpRequest, pk: UUID, service: Callable[..., Membership], text: str, undo: str = ""
) -> HttpResponse:
    """Suspend or restore somebody; with htmx only their row changes, and the toast offers the way back."""
    person, refusal, said = _person(request, pk), None, ""
    try:
        person.status = service(person, by=request.member, at=timezone.now()).status
        said = text % {"name": person.user.name}
    except DomainError as error:
        refusal = error
    if not request.htmx:
        level = messages.ERROR if refusal else messages.SUCCESS
        messages.add_message(request, level, refusal.sentence if refusal else said)
        return redirect("people")
    context = {
        "person": person,
        "said": refusal.sentence if refusal else said,
        "is_refused": refusal is not None,
        "undo_url": reverse(undo, args=[person.pk]) if undo and not refusal else "",
        "of_partners": person.is_partner and request.member.is_vendor,
    }
    return render(request, "accounts/_person_changed.html", context)


def _act(request: HttpRequest, service: Callable[..., Invitation], invitation: Invitation, text: str) -> HttpResponse:
    try:
        service(invitation, by=request.member, at=timezone.now())
        messages.success(request, text % {"email": invitation.email})
    except DomainError as refusal:
        messages.error(request, refusal.sentence)
    return redirect(_list_of(request, invitation))


def _list_of(request: HttpRequest, row: Any) -> str:
    of_partners = request.member.is_vendor and row.partner_id
    return reverse("people") + (f"?of={PARTNERS}" if of_partners else "")


def _back_to_list(request: HttpRequest, text: str) -> HttpResponse:
    messages.success(request, text)
    if request.htmx:
        return HttpResponseClientRedirect(reverse("people"))
    return redirect("people")


def _dialog_or_page(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    template = f"accounts/_{name}.html" if request.htmx else f"accounts/{name}.html"
    return render(request, template, context, status=422 if context["form"].errors else 200)
