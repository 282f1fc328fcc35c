"""What the link in an invitation opens: choose a password, or join with the login one has."""

from __future__ import annotations

from allauth.account.utils import perform_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from prm.accounts import members
from prm.accounts.forms import NewLoginForm
from prm.accounts.guards import for_anybody
from prm.accounts.models import Invitation, Membership, User
from prm.events.refusals import DomainError
from prm.tenancy.context import as_system


@never_cache
@sensitive_post_parameters("password")
@sensitive_variables("secret")
@for_anybody
def accept(request: HttpRequest, secret: str) -> HttpResponse:
    with as_system(request.vendor.pk):
        invitation = members.with_secret(secret)
    now = timezone.now()
    if invitation is None:
        return render(request, "accounts/invitation_closed.html", {"state": "unknown"}, status=404)
    if not invitation.is_usable(now):
        state = members.state_of(invitation, now)
        return render(request, "accounts/invitation_closed.html", {"state": state}, status=410)
    if request.user.is_authenticated:
        return _join(request, invitation)
    if User.objects.filter(email=invitation.email).exists():
        return render(request, "accounts/invitation_sign_in.html", {"invitation": invitation})
    return _join_with_new_login(request, invitation)


def _join(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    context = {"invitation": invitation, "is_wrong_login": request.user.email != invitation.email}
    with as_system(request.vendor.pk):
        here = None if context["is_wrong_login"] else Membership.get_or_none(user_id=request.user.pk)
    if here is not None:  # joined in another way since, perhaps with another role, which stays
        state = "suspended" if here.status == Membership.Status.SUSPENDED else "member"
        return render(request, "accounts/invitation_closed.html", {"state": state, "here": here}, status=409)
    if request.method == "POST":
        try:
            with as_system(request.vendor.pk):
                members.accept(invitation, request.user, at=timezone.now())
            return redirect("home")
        except DomainError as refusal:
            return render(request, "accounts/invitation_join.html", {**context, "refusal": refusal}, status=422)
    return render(request, "accounts/invitation_join.html", context)


def _join_with_new_login(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    form = NewLoginForm(request.POST or None, email=invitation.email, initial={"name": invitation.name})
    if request.method == "POST" and form.is_valid():
        facts = {"name": form.cleaned_data["name"], "password": form.cleaned_data["password"]}
        try:
            with as_system(request.vendor.pk):
                membership = members.accept_with_new_login(invitation, **facts, at=timezone.now())
            return perform_login(request, membership.user, email_verification="none")
        except DomainError as refusal:
            form.refuse(refusal)
    context = {"invitation": invitation, "form": form}
    return render(request, "accounts/invitation.html", context, status=422 if form.errors else 200)
