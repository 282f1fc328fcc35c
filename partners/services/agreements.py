"""Agreements with partners: offering a version, accepting or declining it, reminding of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from partners.enums import AgreementAction, AgreementStatus, TaskKind
from partners.events import (
    AgreementAccepted,
    AgreementDeclined,
    AgreementOffered,
    AgreementReminded,
    AgreementSuperseded,
    AgreementWithdrawn,
)
from partners.models import Agreement, AgreementVersion, Partner
from partners.queries import agreements as queries
from partners.queries.days import today_of_vendor
from partners.rules import agreements as rules
from partners.rules.moving import NotAllowed
from partners.services import onboarding
from prm.accounts.models import Membership, VendorProfile
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service
from prm.tenancy.numbers import next_number

AGENT_LENGTH = 300


class NotTicked(DomainError):
    """Whoever accepts an agreement says so explicitly."""


class AgreementReplaced(DomainError):
    """The page that was read shows another text than what is offered now; `successor` is what to read instead."""

    @property
    def successor(self) -> Agreement | None:
        found = self.facts["successor"]
        return found if isinstance(found, Agreement) else None


class AgreementClosed(DomainError):
    """The agreement was answered, replaced or withdrawn meanwhile."""


@dataclass(frozen=True)
class Signature:
    """What a signer leaves: who they are, what they read, from where."""

    name: str
    title: str
    language: str
    sha256: str  # of the version whose text was on the page
    is_ticked: bool
    ip_address: str | None = None
    user_agent: str = ""


@service
def offer(partner: Partner, *, by: Membership | None, at: datetime) -> list[Agreement]:
    """Offer a partner every agreement in force for its type that it has not yet; doing it again offers nothing."""
    partner = Partner.objects.locked(partner.pk)
    return [offer_version(partner, version, by=by, at=at) for version in queries.due(partner, today_of_vendor(at))]


@service
def offer_version(
    partner: Partner,
    version: AgreementVersion,
    *,
    by: Membership | None,
    at: datetime,
    accept_by: date | None = None,
) -> Agreement:
    """Offer one version; an older one that waits is replaced by it. What was accepted stays until this one is.

    A version that was offered already, and waits or is accepted, is returned as it is.
    """
    partner = Partner.objects.locked(partner.pk)
    known = Agreement.objects.filter(partner=partner, version=version)
    if existing := known.filter(status__in=(AgreementStatus.OFFERED, AgreementStatus.ACCEPTED)).first():
        return existing
    for older in Agreement.objects.open().filter(partner=partner, text=version.text_id):
        _supersede(older, by=by, at=at)
    agreement = Agreement(
        number=next_number("AG", today_of_vendor(at).year),
        partner=partner,
        partner_path=partner.partner_path,
        text_id=version.text_id,
        version=version,
        sha256=version.sha256,
        offered_by_id=by.user_id if by else None,
        offered_at=at,
        accept_by=accept_by,
    )
    agreement.save(force_insert=True)
    fact = AgreementOffered(
        **_names(agreement), version=version.number, accept_by=accept_by.isoformat() if accept_by else ""
    )
    record(fact, on=agreement, by=by, at=at)
    return agreement


@service
def accept(agreement: Agreement, signature: Signature, *, by: Membership, at: datetime) -> Agreement:
    """Sign an agreement for the partner; a second acceptance changes nothing.

    Raises `NotTicked`, `AgreementReplaced` if another text was read than is offered, and `AgreementClosed`.
    """
    partner = Partner.objects.locked(agreement.partner_id)  # two administrators at once wait here
    agreement = Agreement.objects.select_related("version").locked(agreement.pk)
    if agreement.status == AgreementStatus.ACCEPTED:
        return agreement
    if not signature.is_ticked:
        raise NotTicked(agreement=agreement)
    if agreement.status == AgreementStatus.SUPERSEDED or signature.sha256 != agreement.sha256:
        raise AgreementReplaced(agreement=agreement, successor=queries.successor_of(agreement))
    in_force = Agreement.objects.filter(partner=partner, text=agreement.text_id, status=AgreementStatus.ACCEPTED)
    for older in in_force:
        _supersede(older, by=by, at=at)
    _move(agreement, AgreementAction.ACCEPT)
    agreement.signer_name, agreement.signer_title = signature.name, signature.title
    agreement.language = agreement.version.language_for(signature.language)
    agreement.ip_address, agreement.user_agent = signature.ip_address, signature.user_agent[:AGENT_LENGTH]
    agreement.decided_by_id, agreement.decided_at = by.user_id, at
    agreement.save()
    fact = AgreementAccepted(**_names(agreement), signer=signature.name, sha256=agreement.sha256)
    record(fact, on=agreement, by=by, at=at)
    if not queries.open_of(partner).exists():
        onboarding.complete(partner, TaskKind.AGREEMENT, by=by, at=at)
    return agreement


@service
def decline(agreement: Agreement, *, note: str, by: Membership, at: datetime) -> Agreement:
    """Refuse an agreement for a reason that the vendor reads; raises `AgreementClosed`."""
    Partner.objects.locked(agreement.partner_id)
    agreement = Agreement.objects.select_related("version").locked(agreement.pk)
    _move(agreement, AgreementAction.DECLINE)
    agreement.decline_note, agreement.decided_by_id, agreement.decided_at = note, by.user_id, at
    agreement.save()
    record(AgreementDeclined(**_names(agreement), note=note), on=agreement, by=by, at=at)
    return agreement


@service
def withdraw(agreement: Agreement, *, by: Membership | None, at: datetime) -> Agreement:
    """Take an offer back before it is answered; raises `AgreementClosed`."""
    Partner.objects.locked(agreement.partner_id)
    agreement = Agreement.objects.select_related("version").locked(agreement.pk)
    _move(agreement, AgreementAction.WITHDRAW)
    agreement.save(update_fields=["status"])
    record(AgreementWithdrawn(**_names(agreement)), on=agreement, by=by, at=at)
    return agreement


@service
def remind(agreement: Agreement, *, today: date, at: datetime) -> bool:
    """Remind the partner of its deadline at 7, 3 and 1 days; running it again finds nothing to do."""
    agreement = Agreement.objects.select_related("version").locked(agreement.pk)
    if not agreement.is_open or agreement.accept_by is None:
        return False
    mark = rules.reminder_due((agreement.accept_by - today).days, agreement.reminded_days)
    if mark is None:
        return False
    agreement.reminded_days = mark
    agreement.save(update_fields=["reminded_days"])
    days_left = (agreement.accept_by - today).days
    fact = AgreementReminded(**_names(agreement), days_left=days_left, accept_by=agreement.accept_by.isoformat())
    record(fact, on=agreement, by=None, at=at)
    return True


def title_of(agreement: Agreement) -> str:
    """Return what an agreement is called, in the language it was signed in or else in the vendor's."""
    language = agreement.language or VendorProfile.objects.values_list("language", flat=True).get()
    return agreement.version.wording(language).title


def _supersede(agreement: Agreement, *, by: Membership | None, at: datetime) -> None:
    agreement = Agreement.objects.select_related("version").locked(agreement.pk)
    _move(agreement, AgreementAction.SUPERSEDE)
    agreement.save(update_fields=["status"])
    record(AgreementSuperseded(**_names(agreement)), on=agreement, by=by, at=at)


def _move(agreement: Agreement, action: AgreementAction) -> None:
    try:
        agreement.move(action)
    except NotAllowed as error:
        raise AgreementClosed(agreement=agreement) from error


def _names(agreement: Agreement) -> dict[str, Any]:
    return {
        "agreement_id": agreement.pk,
        "partner_id": agreement.partner_id,
        "title": title_of(agreement),
    }
