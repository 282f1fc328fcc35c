"""Which decision about a registration went against its partner last."""

from __future__ import annotations

from deals.enums import ExtensionStatus, ProtectionState, Review
from deals.events import ProtectionRevoked
from deals.models import Extension, Registration
from deals.models.registrations import PROTECTED
from deals.queries import rules
from deals.queries import terms as registration_terms
from prm.disputes.subjects import Decision
from prm.disputes.terms import Appeals
from prm.events.models import Event

REJECTED, REVOKED, NOT_EXTENDED = "rejected", "revoked", "not_extended"


def decision_of(registration: Registration) -> Decision | None:
    """Return the rejection, the revocation, or that an extension was refused; nothing as long as all is well."""
    if registration.review == Review.REJECTED and registration.decided_at is not None:
        code, note = registration.reason_code, registration.decision_note
        return Decision(REJECTED, registration.decided_at, registration.decided_by_id, code, note)
    if registration.protection == ProtectionState.REVOKED:
        event = revocation_of(registration)
        said = event.payload if event else {}
        if said.get("is_after_appeal"):
            return None  # that was the last word in a conflict case
        return event and Decision(REVOKED, event.at, event.by_id, said["reason_code"], said["note"])
    extension = refused_extension_of(registration)
    if extension is None or extension.decided_at is None:
        return None
    return Decision(NOT_EXTENDED, extension.decided_at, extension.decided_by_id, extension.reason_code, extension.note)


def appeals_of(registration: Registration) -> Appeals:
    """Return until when it can be appealed, by the terms under which it was decided."""
    terms = registration_terms.pinned(registration.policy)
    calendar = rules.stipulated(registration).promise.calendar
    return Appeals(terms.appeal_days, terms.appeal_business_days, calendar)


def revocation_of(registration: Registration) -> Event | None:
    """Return when and why its protection was taken away."""
    rows = Event.objects.filter(subject_id=registration.pk, name=ProtectionRevoked.name)
    return rows.order_by("-at", "-id").first()


def refused_extension_of(registration: Registration) -> Extension | None:
    """Return the extension that somebody refused, while no other was asked for and it would still help."""
    if registration.protection not in (*PROTECTED, ProtectionState.EXPIRED):
        return None
    latest = Extension.objects.filter(registration=registration).order_by("-asked_at", "-id").first()
    is_refused = latest is not None and latest.status == ExtensionStatus.REJECTED and latest.decided_by_id is not None
    return latest if is_refused else None
