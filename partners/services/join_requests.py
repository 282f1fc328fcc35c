"""Somebody who works for a partner asks to be let in: confirmed by mail, then decided by those who may invite."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import translation

from partners.enums import JoinStatus
from partners.events import JoinDeclined, JoinInvited, JoinRequested
from partners.models import JoinRequest, Partner
from partners.queries import joining
from partners.rules.duplicates import Company
from partners.services import application_mail as mail
from partners.services.partners import place_of
from prm import companies
from prm.accounts import members
from prm.accounts.members import digest
from prm.accounts.models import Membership
from prm.accounts.roles import Role
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service

VALID_FOR = timedelta(days=7)


class JoinRequestDecided(DomainError):
    """Somebody else has invited or declined this person already."""


class JoinRequestWaits(DomainError):
    """This address has asked already, and its request waits."""


class NoPartnerChosen(DomainError):
    """Nobody said for which partner this person works."""


@service
def ask(
    *, name: str, email: str, company_name: str, website: str, country: str, message: str, language: str, at: datetime
) -> JoinRequest:
    """Keep the wish to join and mail a link that confirms the address; nobody hears of it before that.

    It goes to the partner that the company's facts point to, and to the vendor alone if they point to none.
    """
    domain = companies.email_domain(email)
    company = Company(
        companies.name_key(company_name, country),
        companies.domain_key(website),
        email_domains=frozenset() if companies.is_free_mail(domain) else frozenset({domain} - {""}),
    )
    match = next((found for found in joining.matches_of(company) if found.partner), None)
    secret = secrets.token_urlsafe(32)
    request = JoinRequest(
        partner=match.partner if match else None,
        partner_path=match.partner.partner_path if match and match.partner else "",
        reasons=[fact.value for fact in match.facts] if match else [],
        name=name,
        email=email.lower(),
        company_name=company_name,
        website=website,
        message=message,
        language=language,
        secret_digest=digest(secret),
        typed_at=at,
        expires_at=at + VALID_FOR,
    )
    request.save(force_insert=True)
    mail.confirm_joining(request, secret)
    return request


def opened_by(secret: str, *, at: datetime) -> JoinRequest | None:
    """Return the request that a secret confirms, at the current vendor."""
    return JoinRequest.objects.filter(secret_digest=digest(secret), expires_at__gt=at).first()


@service
def confirm(request: JoinRequest, *, at: datetime) -> JoinRequest:
    """Hand the request to those who may invite; again it changes nothing. Raises `JoinRequestWaits`."""
    request = JoinRequest.objects.locked(request.pk)
    if request.status != JoinStatus.UNCONFIRMED:
        return request
    request.status, request.asked_at = JoinStatus.OPEN, at
    try:
        with transaction.atomic():
            request.save(update_fields=["status", "asked_at"])
    except IntegrityError as error:
        raise JoinRequestWaits(email=request.email) from error
    record(JoinRequested(request.pk), on=request, by=None, at=at)
    return request


@service
def invite(
    request: JoinRequest, role: Role, *, partner: Partner | None = None, by: Membership, at: datetime
) -> JoinRequest:
    """Turn the request into an invitation to the partner, which only the vendor may name where none was found.

    Raises `JoinRequestDecided`, `NoPartnerChosen`, and what `members.invite` raises.
    """
    request = _locked_open(request)
    firm = request.partner or partner
    if firm is None:
        raise NoPartnerChosen
    with translation.override(request.language):
        invitation = members.invite(request.email, request.name, role, place=place_of(firm), by=by, at=at)
    request.partner, request.partner_path = firm, firm.partner_path
    _decide(request, JoinStatus.INVITED, by=by, at=at)
    record(JoinInvited(request.pk, invitation_id=invitation.pk), on=request, by=by, at=at)
    return request


@service
def decline(request: JoinRequest, *, by: Membership, at: datetime) -> JoinRequest:
    """Put the request aside; nobody is told, so that nobody learns who works here. Raises `JoinRequestDecided`."""
    request = _locked_open(request)
    _decide(request, JoinStatus.DECLINED, by=by, at=at)
    record(JoinDeclined(request.pk), on=request, by=by, at=at)
    return request


@service
def forget(request: JoinRequest, *, at: datetime) -> bool:
    """Delete a request whose address nobody confirmed in time."""
    row = JoinRequest.objects.locked(request.pk)
    if row.status != JoinStatus.UNCONFIRMED or row.expires_at >= at:
        return False
    row.delete()
    return True


def _locked_open(request: JoinRequest) -> JoinRequest:
    request = JoinRequest.objects.locked(request.pk)
    if request.status != JoinStatus.OPEN:
        raise JoinRequestDecided(join=request)
    return request


def _decide(request: JoinRequest, status: JoinStatus, *, by: Membership, at: datetime) -> None:
    request.status, request.decided_by_id, request.decided_at = status, by.user_id, at
    request.save()
