"""Inviting people, and what becomes of their memberships."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from prm.accounts.events import (
    InvitationResent,
    InvitationRevoked,
    MemberInvited,
    MemberJoined,
    MemberRestored,
    MemberRoleChanged,
    MemberSuspended,
)
from prm.accounts.links import absolute_url, letterhead
from prm.accounts.models import Invitation, Membership, User, VendorProfile
from prm.accounts.roles import PARTNER_ROLES, Role
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service
from prm.notifications import mail
from prm.tenancy.context import seeing_all_partners
from prm.tenancy.models import Vendor

VALID_FOR = timedelta(days=14)
PLACE = ("partner_id", "partner_path", "firm", "reaches_below")


class AlreadyMember(DomainError):
    """The address belongs to somebody who is a member of the same firm, perhaps a suspended one."""


class AlreadyInvited(DomainError):
    """An open invitation to the same firm waits for this address."""


class NotInvitable(DomainError):
    """The address is bound to another firm here; which one is nobody's business."""


class InvitationClosed(DomainError):
    """The invitation was used, withdrawn or has expired; `status` says which."""


class WrongLogin(DomainError):
    """Somebody else's invitation: it is bound to its address."""


class LoginExists(DomainError):
    """The address already has a login, so its owner has to sign in instead of choosing a password."""


class NotYourself(DomainError):
    """Nobody changes or suspends their own membership."""


class LastAdministrator(DomainError):
    """Without this person nobody could invite or change anybody here."""


class WrongRole(DomainError):
    """A vendor's role for a partner's person, or the other way round."""


def place_of(membership: Membership) -> dict[str, Any]:
    """Return where somebody works, to invite a colleague to the same place."""
    return {name: getattr(membership, name) for name in PLACE} if membership.is_partner else {}


@service
def invite(
    email: str, name: str, role: Role, *, place: Mapping[str, Any], by: Membership | None, at: datetime
) -> Invitation:
    """Offer somebody a membership, at the vendor or (by `place`) at a partner, and mail them the link.

    Raises `AlreadyMember`, `AlreadyInvited`, `NotInvitable` or `WrongRole`.
    """
    email = email.strip().lower()
    _refuse_unless_role_fits(role, is_partner=bool(place))
    _refuse_if_known(email, place, at)

    secret = secrets.token_urlsafe(32)
    invitation = Invitation(
        email=email,
        name=name,
        role=role,
        secret_digest=digest(secret),
        invited_by_id=by.user_id if by else None,
        invited_at=at,
        expires_at=at + VALID_FOR,
        **place,
    )
    try:
        with transaction.atomic():
            invitation.save(force_insert=True)
    except IntegrityError as error:  # another firm's, which we could not see, or one made at the same moment
        raise NotInvitable(email=email) from error
    record(MemberInvited(invitation_id=invitation.pk, email=email, role=role), on=invitation, by=by, at=at)
    _send(invitation, secret, by)
    return invitation


@service
def resend(invitation: Invitation, *, by: Membership, at: datetime) -> Invitation:
    """Send a new link, valid from now on; the old one stops working. Raises `InvitationClosed`."""
    invitation = _locked_open(invitation)
    secret = secrets.token_urlsafe(32)
    invitation.secret_digest = digest(secret)
    invitation.expires_at = at + VALID_FOR
    invitation.save(update_fields=["secret_digest", "expires_at"])
    record(InvitationResent(invitation_id=invitation.pk), on=invitation, by=by, at=at)
    _send(invitation, secret, by)
    return invitation


@service
def revoke(invitation: Invitation, *, by: Membership | None, at: datetime) -> Invitation:
    """Take an invitation back; its link stops working. Raises `InvitationClosed`."""
    invitation = _locked_open(invitation)
    invitation.status = Invitation.Status.REVOKED
    invitation.save(update_fields=["status"])
    record(InvitationRevoked(invitation_id=invitation.pk), on=invitation, by=by, at=at)
    return invitation


@service
def accept(invitation: Invitation, user: User, *, at: datetime) -> Membership:
    """Make the invited person a member; the address must be the invited one.

    Raises `InvitationClosed`, `WrongLogin` or `AlreadyMember`.
    """
    invitation = Invitation.objects.locked(invitation.pk)
    if not invitation.is_usable(at):
        raise InvitationClosed(status=state_of(invitation, at))
    if user.email != invitation.email:
        raise WrongLogin(email=invitation.email, signed_in=user.email)

    place = {field: getattr(invitation, field) for field in PLACE}
    membership = Membership(user=user, role=invitation.role, **place)
    try:
        with transaction.atomic():
            membership.save(force_insert=True)
    except IntegrityError as error:
        raise AlreadyMember(email=user.email) from error
    invitation.status, invitation.accepted_at = Invitation.Status.ACCEPTED, at
    invitation.save(update_fields=["status", "accepted_at"])
    fact = MemberJoined(membership_id=membership.pk, invitation_id=invitation.pk, role=membership.role)
    record(fact, on=membership, by=membership, at=at)
    return membership


@service
def accept_with_new_login(invitation: Invitation, *, name: str, password: str, at: datetime) -> Membership:
    """Make a login for the invited address, which the link has proved, and then the membership.

    Raises `LoginExists`, and what `accept` raises.
    """
    invitation = Invitation.objects.locked(invitation.pk)
    if not invitation.is_usable(at):
        raise InvitationClosed(status=state_of(invitation, at))
    try:
        with transaction.atomic():
            user = User.objects.create_user(invitation.email, password, name=name)
    except IntegrityError as error:
        raise LoginExists(email=invitation.email) from error
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return accept(invitation, user, at=at)


@service
def change_role(membership: Membership, role: Role, *, by: Membership, at: datetime) -> Membership:
    """Give somebody another role at the same firm. Raises `NotYourself`, `WrongRole` or `LastAdministrator`."""
    membership = _locked_with_administrators(membership, by=by)
    _refuse_unless_role_fits(role, is_partner=membership.is_partner)
    if role == membership.role:
        return membership
    _refuse_if_last_administrator(membership)
    before, membership.role = membership.role, role
    membership.save(update_fields=["role"])
    fact = MemberRoleChanged(membership_id=membership.pk, before=before, after=role)
    record(fact, on=membership, by=by, at=at)
    return membership


@service
def suspend(membership: Membership, *, by: Membership, at: datetime) -> Membership:
    """Shut somebody out of this portal, at once. Raises `NotYourself` or `LastAdministrator`."""
    membership = _locked_with_administrators(membership, by=by)
    if membership.status == Membership.Status.SUSPENDED:
        return membership
    _refuse_if_last_administrator(membership)
    membership.status = Membership.Status.SUSPENDED
    membership.save(update_fields=["status"])
    record(MemberSuspended(membership_id=membership.pk), on=membership, by=by, at=at)
    return membership


@service
def restore(membership: Membership, *, by: Membership, at: datetime) -> Membership:
    """Let a suspended person in again. Raises `NotYourself`."""
    membership = _locked_with_administrators(membership, by=by)
    if membership.status == Membership.Status.ACTIVE:
        return membership
    membership.status = Membership.Status.ACTIVE
    membership.save(update_fields=["status"])
    record(MemberRestored(membership_id=membership.pk), on=membership, by=by, at=at)
    return membership


def with_secret(secret: str) -> Invitation | None:
    """Return the current vendor's invitation that a link belongs to."""
    return Invitation.objects.filter(secret_digest=digest(secret)).first()


def state_of(invitation: Invitation, at: datetime) -> str:
    """Return `open`, `accepted`, `revoked` or `expired`."""
    if invitation.status == Invitation.Status.OPEN and not invitation.is_usable(at):
        return "expired"
    return str(invitation.status)


def digest(secret: str) -> str:
    """Return what is kept of a secret. It has 256 random bits, so a plain hash cannot be searched."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _refuse_unless_role_fits(role: str, *, is_partner: bool) -> None:
    if (role in PARTNER_ROLES) != is_partner:
        raise WrongRole(role=role)


def _refuse_if_known(email: str, place: Mapping[str, Any], at: datetime) -> None:
    partner_id = place.get("partner_id")
    with seeing_all_partners():
        member = Membership.objects.filter(user__email=email).select_related("user").first()
        open_one = Invitation.objects.filter(email=email, status=Invitation.Status.OPEN).first()
        if open_one and not open_one.is_usable(at):
            open_one = revoke(open_one, by=None, at=at)
    if member and member.partner_id == partner_id:
        raise AlreadyMember(email=email, name=member.user.name, is_suspended=member.status != Membership.Status.ACTIVE)
    if open_one and open_one.status == Invitation.Status.OPEN and open_one.partner_id == partner_id:
        raise AlreadyInvited(email=email, expires_at=open_one.expires_at)
    if member or (open_one and open_one.status == Invitation.Status.OPEN):
        raise NotInvitable(email=email)


def _locked_open(invitation: Invitation) -> Invitation:
    invitation = Invitation.objects.locked(invitation.pk)
    if invitation.status != Invitation.Status.OPEN:
        raise InvitationClosed(status=str(invitation.status))
    return invitation


def _administrators(membership: Membership) -> Q:
    role = Role.PARTNER_ADMIN if membership.is_partner else Role.ADMIN
    return Q(role=role, partner_id=membership.partner_id, status=Membership.Status.ACTIVE)


def _locked_with_administrators(membership: Membership, *, by: Membership) -> Membership:
    """Lock somebody together with the administrators of the firm: two of them demoting each other wait in line."""
    if membership.pk == by.pk:
        raise NotYourself()
    rows = Membership.objects.filter(Q(pk=membership.pk) | _administrators(membership))
    locked = {row.pk: row for row in rows.order_by("pk").select_for_update(of=("self",))}
    return locked[membership.pk]


def _refuse_if_last_administrator(membership: Membership) -> None:
    administrators = Membership.objects.filter(_administrators(membership))
    is_one = membership.role in (Role.ADMIN, Role.PARTNER_ADMIN) and membership.status == Membership.Status.ACTIVE
    if is_one and not administrators.exclude(pk=membership.pk).exists():
        raise LastAdministrator(firm=membership.firm)


def _send(invitation: Invitation, secret: str, by: Membership | None) -> None:
    vendor = Vendor.objects.get(pk=invitation.tenant_id)
    context = {
        "invitation": invitation,
        "vendor": vendor,
        "inviter": by.user if by else None,
        "brand": letterhead(vendor, VendorProfile.objects.get()),
        "action_url": absolute_url("invitation", secret, vendor=vendor),
        "action_label": _("Accept the invitation"),
    }
    subject = render_to_string("accounts/mail/invitation_subject.txt", context).strip()
    mail.write(
        to=invitation.email,
        subject=subject,
        text=render_to_string("accounts/mail/invitation.txt", context).strip(),
        html=render_to_string("accounts/mail/invitation.html", {**context, "subject": subject}),
    )
