"""What the vendor's people decide about an application, and taking a decision back at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import translation

from partners.enums import ApplicationAction, ApplicationStatus, PartnerStatus, PartnerType, TierReason
from partners.events import (
    ApplicationApproved,
    ApplicationAsked,
    ApplicationAssigned,
    ApplicationDecision,
    ApplicationDeemingStopped,
    ApplicationOpened,
    ApplicationRejected,
    ApplicationUndone,
)
from partners.models import Application, Partner, Tier
from partners.queries import applications as queries
from partners.queries import joining
from partners.queries.days import today_of_vendor
from partners.rules.catalogue import APPLICATION, PARTNER
from partners.services import agreements, application_rules, onboarding, partners, tiers
from partners.services.application_moves import move
from prm.accounts import members
from prm.accounts.models import Membership, VendorProfile
from prm.accounts.roles import Role
from prm.approvals import queries as agreed
from prm.approvals import services as agreement
from prm.approvals.models import Approval
from prm.approvals.services import DecisionStands
from prm.custom_fields import services as custom_fields
from prm.events import outbox
from prm.events.facts import FACTS
from prm.events.models import Event
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service
from prm.policies import following
from prm.policies.courses import Course, Deemed
from prm.questions import services as questions


class ApplicationChangedMeanwhile(DomainError):
    """The application is not what the person who decides looked at."""


class PartnerAlready(DomainError):
    """The company works with the vendor already, and nobody said that this is another one."""


class NoSuchDistributor(DomainError):
    """Only a distributor directly below the vendor has partners below it, and no distributor has one above."""


class TooLateToUndoApplication(DomainError):
    """The decision was announced, or somebody else made it, or something happened since."""


CANNOT_BE_ONE = (PartnerAlready, members.AlreadyMember, members.AlreadyInvited, members.NotInvitable)


@dataclass(frozen=True)
class Placement:
    """As what a firm becomes a partner: its type, tier, who looks after it, and who invites the others."""

    type: PartnerType
    admin_name: str
    admin_email: str
    tier: Tier | None = None
    distributor: Partner | None = None
    manager_id: UUID | None = None
    is_another_company: bool = False


@service
def open_review(application: Application, *, by: Membership, at: datetime) -> Application:
    """Show the applicant that somebody is looking at it, and take it on if nobody has."""
    application = Application.objects.locked(application.pk)
    if application.status != ApplicationStatus.SUBMITTED:
        return application
    move(application, ApplicationAction.OPEN)
    application.owner_id = application.owner_id or by.user_id
    application.save()
    record(ApplicationOpened(application.pk), on=application, by=by, at=at)
    return application


@service
def assign(application: Application, owner: Membership | None, *, by: Membership, at: datetime) -> Application:
    """Give an open application to somebody of the vendor, or back to the team."""
    application = Application.objects.locked(application.pk)
    user_id = owner.user_id if owner else None
    if application.owner_id == user_id:
        return application
    application.owner_id = user_id
    application.version += 1
    application.save()
    fact = ApplicationAssigned(application.pk, owner_id=user_id, owner=owner.user.name if owner else "")
    record(fact, on=application, by=by, at=at)
    return application


@service
def follow(application: Application, *, at: datetime) -> Application:
    """Decide as the rules say, or ask those whom they name; doing it again changes nothing.

    Whom the rules would make a partner, but who cannot be one without a person, is for a person: the company or its
    contact may be known by now.
    """
    _one_at_a_time()
    row = Application.objects.select_related("policy").locked(application.pk)
    if not row.is_waiting or row.decided_at or following.latest(row):
        return row
    taken = application_rules.judge(row, at=at)
    if taken is None:
        return row
    names = following.matched(taken)
    if taken.course == Course.REFUSE:
        reason = str(taken.effects.get("reason", "other"))
        return reject(row, reason_code=reason, note="", by=None, at=at, rules=names)
    if taken.course == Course.APPROVE:
        try:
            return approve(row, _suggested(row, row.submitted_at or at), by=None, at=at, rules=names)
        except CANNOT_BE_ONE:
            taken = following.leave_to_person(taken, at=at)
    return application_rules.ask(row, taken, at=at)


@service
def approve(
    application: Application,
    placement: Placement,
    *,
    by: Membership | None,
    at: datetime,
    note: str = "",
    version: int | None = None,
    rules: tuple[str, ...] = (),
    is_deemed: bool = False,
) -> Application:
    """Make the firm a partner: enrolled, placed in its tier, with agreements to accept, a checklist and an invitation.

    Nobody decides where the `rules` do, or where nobody did in time (`is_deemed`); where they name steps, the last of
    those who have to agree does. Rules that nobody has followed yet come first.
    Raises `ApplicationNotPossible`, `ApplicationChangedMeanwhile`, `NotYourTurn`, `PartnerAlready` (with the `matches`)
    unless it is said to be another company, `NoSuchDistributor`, and what `members.invite` raises.
    """
    _one_at_a_time()
    if by is not None:
        follow(application, at=at)
    application = Application.objects.locked(application.pk)
    _take(application, ApplicationAction.APPROVE, version)
    known = [m for m in joining.matches_of(application.company, without=application.pk) if m.partner and m.is_certain]
    if known and not placement.is_another_company:
        raise PartnerAlready(matches=known)
    if by is not None and not _agree(application, by=by, at=at, note=note):
        application.restore(ApplicationStatus.IN_REVIEW)  # the applicant is not told of half an approval
        application.save()
        return application
    partner = _enroll(application, placement, by=by, at=at)
    application.partner = partner
    application.tier_id = placement.tier.pk if placement.tier else None
    application.decided_by_id, application.decided_at, application.decision_note = by and by.user_id, at, note
    application.save()
    tier = placement.tier.name if placement.tier else ""
    fact = ApplicationApproved(
        application.pk, partner_id=partner.pk, tier=tier, note=note, rules=rules, is_deemed=is_deemed
    )
    record(fact, on=application, by=by, at=at)
    return application


@service
def reject(
    application: Application,
    *,
    reason_code: str,
    note: str,
    by: Membership | None,
    at: datetime,
    version: int | None = None,
    rules: tuple[str, ...] = (),
    is_deemed: bool = False,
) -> Application:
    """Refuse the application for a reason from the vendor's list, which the applicant reads with the note.

    Rules that nobody has followed yet come first.
    Raises `ApplicationNotPossible`, `ApplicationChangedMeanwhile`, and `NotYourTurn` where others are asked.
    """
    if by is not None:
        follow(application, at=at)
    application = Application.objects.locked(application.pk)
    was = _take(application, ApplicationAction.REJECT, version)
    approval = agreed.current_of(application)
    if approval and approval.status == Approval.Status.WAITING and by is not None:
        agreement.reject(approval, reason_code=reason_code, note=note, by=by, at=at)
    elif is_deemed:
        agreement.recall(application, by=None, at=at)
    application.reason_code, application.decision_note = reason_code, note
    application.decided_by_id, application.decided_at = by and by.user_id, at
    application.save()
    fact = ApplicationRejected(
        application.pk, was=was, reason_code=reason_code, note=note, rules=rules, is_deemed=is_deemed
    )
    record(fact, on=application, by=by, at=at)
    return application


@service
def deem(application: Application, *, at: datetime) -> bool:
    """Let a decision that nobody made in time count as the rules say; running it again finds nothing to do.

    Silence makes nobody a partner who may be known or is a competitor, and not in place of those who have to agree. A
    person decides then, late as it is.
    """
    _one_at_a_time()
    row = Application.objects.select_related("policy").locked(application.pk)
    if not row.is_waiting or row.deemed == Deemed.NONE or row.decide_by is None or row.decide_by >= at:
        return False
    taken = following.latest(row)
    if row.deemed == Deemed.REJECTED:
        reason = str(taken.effects.get("reason", "other")) if taken else "other"
        reject(row, reason_code=reason, note="", by=None, at=at, is_deemed=True)
        return True
    try:
        if application_rules.stands_in_the_way(row, taken, today_of_vendor(at)):
            raise PartnerAlready(matches=[])
        approve(row, _suggested(row, at), by=None, at=at, is_deemed=True)
    except CANNOT_BE_ONE:
        row.refresh_from_db()
        row.deemed = Deemed.NONE
        row.save(update_fields=["deemed"])
        record(ApplicationDeemingStopped(row.pk), on=row, by=None, at=at)
        return False
    return True


@service
def overturn(application: Application, *, by: Membership, at: datetime, note: str) -> Application:
    """Make the firm a partner after an appeal, as what it applied for and in the tier its answers suggest.

    Raises `ApplicationNotPossible` and what `approve` raises.
    """
    _one_at_a_time()
    application = Application.objects.locked(application.pk)
    move(application, ApplicationAction.REOPEN)
    application.reason_code = ""
    application.save()
    return approve(application, _suggested(application, at), by=by, at=at, note=note)


@service
def ask(
    application: Application,
    *,
    question: str,
    fields: tuple[str, ...] = (),
    by: Membership,
    at: datetime,
    version: int | None = None,
) -> Application:
    """Ask the applicant: the named fields reopen and the promise's clock stands still.

    Raises `ApplicationNotPossible` or `ApplicationChangedMeanwhile`.
    """
    application = Application.objects.locked(application.pk)
    was = _take(application, ApplicationAction.ASK, version)
    answer_by = at + timedelta(days=joining.pinned(application).answer_days)
    questions.ask(application, question, fields=fields, asked_by=by.user_id, at=at, answer_by=answer_by)
    application.answer_by = answer_by
    application.owner_id = application.owner_id or by.user_id
    application.save()
    agreement.pause(application, at=at)
    fact = ApplicationAsked(application.pk, was=was, question=question, fields=fields, answer_by=answer_by.isoformat())
    record(fact, on=application, by=by, at=at)
    return application


@service
def undo(application: Application, *, by: Membership, at: datetime) -> Application:
    """Take back one's own last decision while nobody has been told; raises `TooLateToUndoApplication`.

    An approval is not taken back: its invitation leaves at once.
    """
    application = Application.objects.locked(application.pk)
    approval = agreed.latest_of(application)
    if application.is_waiting and approval is not None and approval.status == Approval.Status.WAITING:
        _undo_agreement(application, approval, by=by, at=at)
        application.version += 1
        application.save()
        return application
    event = Event.objects.filter(subject_id=application.pk).order_by("-at", "-id").first()
    if event is None or event.by_id != by.user_id or at > event.at + outbox.UNDO_TIME:
        raise TooLateToUndoApplication(application=application)
    if not issubclass(FACTS[event.name], ApplicationDecision) or not outbox.withdraw(event.pk):
        raise TooLateToUndoApplication(application=application)
    _take_back(application, event, by=by, at=at)
    application.restore(ApplicationStatus(event.payload["was"]))
    application.decided_at = application.decided_by = application.answer_by = None
    application.reason_code = application.decision_note = ""
    application_rules.leave_late_to_person(application, at)
    application.save()
    questions.drop(application)
    record(ApplicationUndone(application.pk, event_id=event.pk, decision=event.name), on=application, by=by, at=at)
    return application


def _one_at_a_time() -> None:
    """Let approvals of the same firm wait for one another: before the application is locked, and never after."""
    VendorProfile.objects.select_for_update().get()


def _suggested(application: Application, at: datetime) -> Placement:
    """Return a place as what the firm applied for, in the tier that its answers suggest."""
    return Placement(
        type=PartnerType(application.type),
        tier=queries.dossier_of(application, today_of_vendor(at)).suggested_tier,
        admin_name=application.contact_name,
        admin_email=application.contact_email,
    )


def _agree(application: Application, *, by: Membership, at: datetime, note: str) -> bool:
    """Agree as this person's step, and say whether nobody else has to. Raises `NotYourTurn`."""
    approval = agreed.current_of(application)
    if approval is None or approval.status == Approval.Status.APPROVED:  # perhaps since an answer changed
        return True
    approval = agreement.approve(approval, by=by, at=at, note=note)
    return approval.status == Approval.Status.APPROVED


def _take_back(application: Application, event: Event, *, by: Membership, at: datetime) -> None:
    if event.name == ApplicationAsked.name:
        agreement.resume(application, at=at)
    elif approval := agreed.latest_of(application):
        _undo_agreement(application, approval, by=by, at=at)


def _undo_agreement(application: Application, approval: Approval, *, by: Membership, at: datetime) -> None:
    try:
        agreement.undo(approval, by=by, at=at)
    except DecisionStands as stands:
        raise TooLateToUndoApplication(application=application) from stands


def _take(application: Application, action: ApplicationAction, version: int | None) -> ApplicationStatus:
    """Move the application if it still is the version that was looked at; return the status before."""
    was = move(application, action)
    if version is not None and version != application.version - 1:
        raise ApplicationChangedMeanwhile(application=application)
    return was


def _enroll(application: Application, placement: Placement, *, by: Membership | None, at: datetime) -> Partner:
    above = placement.distributor
    if above is not None and (
        above.type != PartnerType.DISTRIBUTOR
        or above.distributor_id is not None
        or placement.type == PartnerType.DISTRIBUTOR
    ):
        raise NoSuchDistributor(distributor=above)
    today = today_of_vendor(at)
    partner = partners.enroll(
        application.company_name,
        type=placement.type,
        country=application.country,
        city=application.city,
        address=application.address,
        website=application.website,
        tax_id=application.tax_id,
        status=PartnerStatus.ONBOARDING,
        distributor=above,
        channel_manager_id=placement.manager_id or application.owner_id or (by.user_id if by else None),
        joined_on=today,
        custom=custom_fields.carried(APPLICATION, PARTNER, application.custom),
        by=by,
        at=at,
    )
    if placement.tier is not None:
        tiers.place(partner, placement.tier, starts_on=today, reason=TierReason.EARNED, by=by, at=at)
    with translation.override(application.language):  # the invitation speaks the applicant's language
        members.invite(
            placement.admin_email,
            placement.admin_name,
            Role.PARTNER_ADMIN,
            place=partners.place_of(partner),
            by=by,
            at=at,
        )
    agreements.offer(partner, by=by, at=at)
    onboarding.open_checklist(partner, by=by, at=at)
    return partner
