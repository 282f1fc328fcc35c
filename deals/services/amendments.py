"""Changing the facts of a registration that was sent: at once, or once the vendor agrees."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile

from deals.enums import Action, ActivityKind, AmendmentStatus, Review
from deals.events import (
    AmendmentApproved,
    AmendmentLapsed,
    AmendmentProposed,
    AmendmentRecalled,
    AmendmentRefused,
    RegistrationAmended,
)
from deals.models import Amendment, Product, ProductFamily, Protection, Registration, RegistrationLine
from deals.queries import amendments as queries
from deals.queries import cases as case_queries
from deals.queries import rules as rule_queries
from deals.queries import terms as registration_terms
from deals.rules import amendments as rules
from deals.rules.amendments import Change
from deals.rules.terms import AREA
from deals.services import cases, decisions, judging
from deals.services.decisions import Changed, InCase
from deals.services.drafts import Activity, Content, Line, Stale, fill
from deals.services.moves import lock_customer, move
from prm.accounts.models import Membership
from prm.clocks import calendars
from prm.custom_fields import services as custom_fields
from prm.custom_fields.definitions import PREFIX
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service
from prm.files import names
from prm.files import queries as file_queries
from prm.files import services as files
from prm.policies.values import Invalid

FILES = "files"  # a fact that is only added to: what an amendment brings belongs to the deal once it counts


class AmendmentWaits(DomainError):
    """An amendment was proposed already and waits for its decision."""


class AmendmentOver(DomainError):
    """The amendment was decided, taken back or has lapsed meanwhile."""


class AmendmentUnfit(DomainError):
    """What it would change does not fit any more: a field is asked otherwise since."""


class NothingAmended(DomainError):
    """Everything is as it was."""


class FixedInCase(InCase):
    """A conflict case is open: until it is decided, what it is decided by stays as it is."""


@service
def propose(
    registration: Registration,
    content: Content,
    *,
    uploads: Sequence[UploadedFile] = (),
    note: str = "",
    version: int | None = None,
    by: Membership,
    at: datetime,
) -> Amendment:
    """Change facts of a registration, or add files to it; never its customer.

    While nobody has decided, it counts at once, and the rules are followed again. An approved deal is changed at once
    unless the pinned terms want the vendor to agree, or the pinned rules look at what changes; it goes on under the old
    facts until then.

    Raises `NotPossible`, `Stale` if `version` is not the latest, `AmendmentWaits`, `NothingAmended`, `FileUnfit`, and
    `FixedInCase` for what an open conflict case is decided by.
    """
    registration = _locked(registration)
    move(registration, Action.AMEND)
    if version is not None and version != registration.version - 1:
        raise Stale(registration=registration)
    if queries.waiting_of(registration):
        raise AmendmentWaits(registration=registration)
    before = queries.facts_of(registration)
    added = {FILES: [names.clean(upload.name or "") for upload in uploads]} if uploads else {}
    changed = rules.changes(before, _facts_in(content) | added)
    if not changed:
        raise NothingAmended(registration=registration)
    _refuse_in_case(registration, changed)
    amendment = Amendment(
        registration=registration,
        partner_path=registration.partner_path,
        status=AmendmentStatus.APPLIED,
        version=registration.version,
        before=before,
        after={change.field: change.after for change in changed},
        note=note,
        asked_by_id=by.user_id,
        asked_at=at,
    )
    freed: tuple[str, ...] = ()
    for upload in uploads:
        files.add(upload, on=amendment, by=by, at=at)
    if registration.review == Review.APPROVED:
        amendment.grounds = _grounds(registration, amendment)
    if amendment.grounds:
        amendment.status = AmendmentStatus.PENDING
        amendment.decide_by = calendars.promised(rule_queries.stipulated(registration).promise, at=at)
        registration.amend_by = amendment.decide_by
        registration.save()
    else:
        freed = _apply(registration, amendment, by=by, at=at)
    amendment.save(force_insert=True)
    said = (registration.pk, amendment.pk, _told(changed), note)
    fact = AmendmentProposed(*said) if amendment.is_pending else RegistrationAmended(*said, freed)
    record(fact, on=registration, by=by, at=at)
    return amendment


@service
def approve(
    amendment: Amendment, *, version: int | None = None, note: str = "", by: Membership, at: datetime
) -> Amendment:
    """Agree to an amendment: all of it counts from now on, and added families are protected to the same last day.

    Raises `AmendmentOver`, `Changed` if `version` is not that of the registration that was looked at, `FixedInCase`,
    and `Contested` where somebody else holds what is added. All is done or nothing.
    """
    amendment, registration = _waiting(amendment)
    move(registration, Action.ACCEPT)
    if version is not None and version != registration.version - 1:
        raise Changed(registration=registration)
    changed = rules.changes(queries.facts_of(registration), amendment.after)
    _refuse_in_case(registration, changed)
    freed = _apply(registration, amendment, by=by, at=at)
    _end(amendment, registration, AmendmentStatus.APPROVED, by=by, at=at, note=note)
    fact = AmendmentApproved(registration.pk, amendment.pk, _told(changed), note, freed)
    record(fact, on=registration, by=by, at=at)
    return amendment


@service
def refuse(
    amendment: Amendment,
    *,
    reason_code: str,
    note: str = "",
    version: int | None = None,
    by: Membership,
    at: datetime,
) -> Amendment:
    """Refuse an amendment for a reason that the partner reads; the deal goes on as it is.

    Raises `AmendmentOver`, and `Changed` if `version` is not that of the registration that was looked at.
    """
    amendment, registration = _waiting(amendment)
    if version is not None and version != registration.version:
        raise Changed(registration=registration)
    _end(amendment, registration, AmendmentStatus.REFUSED, by=by, at=at, note=note, reason_code=reason_code)
    fact = AmendmentRefused(registration.pk, amendment.pk, reason_code=reason_code, note=note)
    record(fact, on=registration, by=by, at=at)
    return amendment


@service
def recall(amendment: Amendment, *, by: Membership, at: datetime) -> Amendment:
    """Take back an amendment that nobody has decided about. Raises `AmendmentOver`."""
    amendment, registration = _waiting(amendment)
    _end(amendment, registration, AmendmentStatus.RECALLED, by=by, at=at)
    record(AmendmentRecalled(registration.pk, amendment.pk), on=registration, by=by, at=at)
    return amendment


def lapse(registration: Registration, *, at: datetime) -> None:
    """Let what waits lapse, because the protection or the deal ends. The caller holds the lock of the registration."""
    amendment = queries.waiting_of(registration)
    if amendment is not None:
        _end(amendment, registration, AmendmentStatus.LAPSED, by=None, at=at)
        record(AmendmentLapsed(registration.pk, amendment.pk), on=registration, by=None, at=at)


def _locked(registration: Registration) -> Registration:
    """Lock the customer, then the registration, as everybody does who gives or ends a protection."""
    lock_customer(registration, Action.AMEND)
    return Registration.objects.locked(registration.pk)  # type: ignore[no-any-return]


def _waiting(amendment: Amendment) -> tuple[Amendment, Registration]:
    registration = _locked(amendment.registration)
    amendment = Amendment.objects.locked(amendment.pk)
    if not amendment.is_pending:
        raise AmendmentOver(amendment=amendment, registration=registration)
    return amendment, registration


def _end(
    amendment: Amendment,
    registration: Registration,
    status: AmendmentStatus,
    *,
    by: Membership | None,
    at: datetime,
    note: str = "",
    reason_code: str = "",
) -> None:
    amendment.status, amendment.decided_at = status, at
    amendment.decided_by_id = by.user_id if by else None
    amendment.decision_note, amendment.reason_code = note, reason_code
    amendment.save()
    registration.amend_by = None
    registration.save()


def _grounds(registration: Registration, amendment: Amendment) -> list[str]:
    found = rules.grounds(
        amendment.before,
        amendment.after,
        agreed=queries.agreed_value(registration),
        protected_until=registration.protected_until if registration.is_protected else None,
        terms=registration_terms.pinned(registration.policy),
        looked_at=queries.looked_at(registration),
    )
    return [ground.value for ground in found]


def _refuse_in_case(registration: Registration, changed: Collection[Change]) -> None:
    """Refuse to change what decides who comes first, while a conflict case is about that."""
    fixed = rules.CONTESTED | queries.looked_at(registration)
    is_about = any(change.field in fixed for change in changed)
    if is_about and case_queries.open_parties().filter(registration=registration).exists():
        raise FixedInCase(registration=registration)


# -- what changes --------------------------------------------------------------------------------------
def _apply(registration: Registration, amendment: Amendment, *, by: Membership, at: datetime) -> tuple[str, ...]:
    """Write the new facts; judge anew what nobody has decided, and let the protection follow the products.

    Return the product families that it holds no more.
    """
    known, had = registration.custom, _families(registration)
    try:
        fill(registration, _content_of(amendment))
    except Invalid as problem:
        raise AmendmentUnfit(registration=registration) from problem
    registration.saved_at = at
    registration.save()
    file_queries.of(amendment).update(subject_type=registration._meta.label_lower, subject_id=registration.pk)
    changed = [name for name in amendment.after if not name.startswith(PREFIX)]
    changed += custom_fields.tell_change(AREA, registration, known, by=by, at=at)
    if registration.is_waiting:
        judging.judge_again(registration, changed, by=by, at=at)
        registration.save()
        cases.follow_change(registration, changed, at=at)
    elif registration.is_protected and "products" in amendment.after:
        return _protect_products(registration, at=at)
    elif registration.is_beside and (added := _families(registration) - had):
        decisions.refuse_contested(registration, added, today=registration_terms.today_of_vendor(at))
    return ()


def _protect_products(registration: Registration, *, at: datetime) -> tuple[str, ...]:
    families = _families(registration)
    rows = Protection.objects.filter(registration=registration, is_in_force=True)
    held = set(rows.values_list("family_id", flat=True))
    added, freed = families - held, held - families
    rows.filter(family__in=freed).update(is_in_force=False)
    today = registration_terms.today_of_vendor(at)
    if added and registration.protected_until and registration.protected_until >= today:
        decisions.refuse_contested(registration, added, today=today)
        decisions.protect(registration, added, since=today)
    return tuple(sorted(str(family) for family in freed))


def _families(registration: Registration) -> set[Any]:
    return set(RegistrationLine.objects.filter(registration=registration).values_list("family_id", flat=True))


def _told(changed: Collection[Change]) -> tuple[tuple[str, Any, Any], ...]:
    """Return changes for an event; those of custom fields are told by an event of their own, once they count."""
    return tuple((change.field, change.before, change.after) for change in changed)


def _facts_in(content: Content) -> dict[str, Any]:
    """Return the facts that a form understood, as far as they can be amended."""
    found: dict[str, Any] = {name: content.fields[name] for name in queries.WORDS if name in content.fields}
    for name in queries.DAYS:
        if name in content.fields:
            day = content.fields[name]
            found[name] = day.isoformat() if day else None
    if "distributor_id" in content.fields:
        found["distributor"] = str(content.fields["distributor_id"] or "") or None
    if content.value is not None:
        found["value"] = queries.stored_money(content.value)
    if content.lines is not None:
        found["products"] = queries.stored_lines(_rows(content.lines))
    if content.activities is not None:
        found["activities"] = queries.stored_activities((a.kind.value, a.held_on, a.note) for a in content.activities)
    names = {each.key: each.name for each in queries.definitions()}
    return found | {names[key]: value for key, value in content.custom.items() if key in names}


def _rows(lines: Collection[Line]) -> list[tuple[UUID, UUID | None, int | None]]:
    return [(line.family.pk, line.product.pk if line.product else None, line.quantity) for line in lines]


def _content_of(amendment: Amendment) -> Content:
    """Return what an amendment changes, to be written onto its registration."""
    after = amendment.after
    fields: dict[str, Any] = {name: after[name] for name in queries.WORDS if name in after}
    for name in queries.DAYS:
        if name in after:
            fields[name] = date.fromisoformat(after[name]) if after[name] else None
    if "distributor" in after:
        fields["distributor_id"] = UUID(after["distributor"]) if after["distributor"] else None
    if "value" in after:
        amount, currency = after["value"]
        fields |= {"value_amount": Decimal(amount), "value_currency": currency}
    activities = after.get("activities")
    return Content(
        fields,
        _lines(after["products"]) if "products" in after else None,
        [Activity(ActivityKind(kind), date.fromisoformat(day), note) for kind, day, note in activities]
        if activities is not None
        else None,
        custom={name.removeprefix(PREFIX): value for name, value in after.items() if name.startswith(PREFIX)},
    )


def _lines(rows: Collection[tuple[str, str | None, int | None]]) -> list[Line]:
    families = {str(row.pk): row for row in ProductFamily.objects.filter(pk__in={family for family, _p, _q in rows})}
    products = {
        str(row.pk): row for row in Product.objects.filter(pk__in={product for _f, product, _q in rows if product})
    }
    return [Line(families[family], products[product] if product else None, number) for family, product, number in rows]
