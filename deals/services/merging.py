"""Two customers that are one become one, and can be two again: what moved is kept, and moves back.

Whatever is to be moved is held still by the locks of both customers, taken in the order of their ids: decisions lock
the customer first, and recognising one does too.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from deals.events import CustomerDissolved, CustomerMerged, CustomerRestored, CustomerSplit
from deals.models import (
    ConflictCase,
    CustomerKey,
    CustomerLikeness,
    CustomerMerge,
    DirectOpportunity,
    DirectTouch,
    EndCustomer,
    Protection,
    Registration,
    Sale,
)
from deals.services import customer_book, likenesses
from prm.accounts.models import Membership
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service

MOST = 20  # other names and other websites, each
RECORDS: dict[str, Any] = {  # in this order: whoever writes one of the later holds one of the earlier
    "registrations": Registration,
    "protections": Protection,
    "sales": Sale,
    "opportunities": DirectOpportunity,
    "touches": DirectTouch,
    "cases": ConflictCase,
    "keys": CustomerKey,
}
NUMBERS = ("website", "tax_id")
PLACE = ("state", "city", "postcode", "address", "phone")


class AlreadyMerged(DomainError):
    """One of the two is part of another customer by now."""


class BothProtected(DomainError):
    """Partners hold both customers for the same products at the same time, which nobody may for one customer."""


@service
def merge(kept: EndCustomer, dissolved: EndCustomer, *, by: Membership, at: datetime) -> CustomerMerge:
    """Say that two customers are one: what belongs to the second belongs to the first from now on.

    Their registrations meet at one customer, under all names of both. The second keeps what it was, and is found by
    nobody until `split` gives it back what moved. Raises `AlreadyMerged` and `BothProtected`.
    """
    customer_book.wait_for_parents()
    joined = EndCustomer.objects.get(pk=kept.pk)
    _take_names(joined, EndCustomer.objects.get(pk=dissolved.pk))
    likenesses.wait_for_namesakes(joined)
    rows = _locked([kept.pk, dissolved.pk])
    kept, dissolved = rows[kept.pk], rows[dissolved.pk]
    for row in (kept, dissolved):
        if row.merged_into_id is not None or kept == dissolved:
            raise AlreadyMerged(customer=row)

    moved = _move(kept, dissolved) | _take_names(kept, dissolved) | _take_family(kept, dissolved)
    dissolved.merged_into = kept
    _save(dissolved)
    _save(kept)
    customer_book.claim_keys(kept)
    likenesses.look_again(kept, at)
    moved["told_apart"] = _take_verdicts(kept, dissolved)
    done = CustomerMerge(kept=kept, dissolved=dissolved, moved=moved, at=at, by_id=by.user_id)
    done.save(force_insert=True)
    record(_between(CustomerMerged, kept, dissolved), on=kept, by=by, at=at)
    record(_between(CustomerDissolved, dissolved, kept), on=dissolved, by=by, at=at)
    return done


@service
def split(merged: CustomerMerge, *, by: Membership, at: datetime) -> EndCustomer:
    """Let a customer that was merged stand for itself again, with what was moved and is still where it was moved to.

    What came since stays. If the other one was merged itself meanwhile, what was moved on with it comes from there.
    A merge that is undone already stays as it is.
    """
    merged = CustomerMerge.objects.locked(merged.pk)
    customer_book.wait_for_parents()
    rows, holder = _locked_with_holder(merged)
    kept, dissolved = rows[merged.kept_id], rows[merged.dissolved_id]
    if merged.undone_at is not None:
        return dissolved

    dissolved.merged_into_id = None
    _move_back(holder, dissolved, merged.moved)
    for row in {kept, holder}:
        _give_back_names(row, merged.moved)
    _give_back_facts(kept, merged.moved)
    for row in {kept, holder}:
        _save(row)
    customer_book.claim_keys(holder)
    if customer_book.is_in_a_circle(dissolved):  # somebody hung them anew meanwhile
        dissolved.parent_id = None
    _save(dissolved)
    customer_book.claim_keys(dissolved)
    told = CustomerLikeness.objects.filter(pk__in=merged.moved["told_apart"])
    told.update(told_apart_at=None, told_apart_by=None)
    for row in (holder, dissolved):
        likenesses.look_again(row, at)
    merged.undone_at, merged.undone_by_id = at, by.user_id
    merged.save(update_fields=["undone_at", "undone_by"])
    record(_between(CustomerSplit, holder, dissolved), on=holder, by=by, at=at)
    record(_between(CustomerRestored, dissolved, holder), on=dissolved, by=by, at=at)
    return dissolved


# -- locks ---------------------------------------------------------------------------------------------
def _locked(ids: Iterable[UUID]) -> dict[UUID, EndCustomer]:
    rows = EndCustomer.objects.filter(pk__in=set(ids)).order_by("pk")
    return {row.pk: row for row in rows.select_for_update(of=("self",), no_key=True)}


def _locked_with_holder(merged: CustomerMerge) -> tuple[dict[UUID, EndCustomer], EndCustomer]:
    """Lock the two, and whoever holds what was moved today: the kept one, or what that was merged into."""
    ids = {merged.kept_id, merged.dissolved_id}
    while True:
        rows = _locked(ids)
        holder = rows[merged.kept_id]
        while holder.merged_into_id in rows:
            holder = rows[holder.merged_into_id]
        if holder.merged_into_id is None:
            return rows, holder
        ids.add(holder.merged_into_id)


# -- records -------------------------------------------------------------------------------------------
def _move(kept: EndCustomer, dissolved: EndCustomer) -> dict[str, Any]:
    """Let all records of the one point to the other, and return which did."""
    moved = {}
    for name, model in RECORDS.items():
        rows = model.objects.filter(customer=dissolved)
        moved[name] = [str(pk) for pk in rows.order_by("pk").values_list("pk", flat=True)]
        try:
            with transaction.atomic():
                rows.filter(pk__in=moved[name]).update(customer=kept)
        except IntegrityError as error:
            if "protections_never_overlap" not in str(error):
                raise
            raise BothProtected(kept=kept, dissolved=dissolved, holders=_holders(kept, dissolved)) from error
    return moved


def _holders(kept: EndCustomer, dissolved: EndCustomer) -> list[Protection]:
    """Return what is protected of each that the other has protected at the same time."""
    rows = Protection.objects.filter(customer__in=[kept, dissolved], is_in_force=True)
    found = list(rows.select_related("registration__partner", "family").order_by("starts_on", "id"))
    return [one for one in found if any(_overlap(one, other) for other in found)]


def _overlap(one: Protection, other: Protection) -> bool:
    if one.customer_id == other.customer_id or one.family_id != other.family_id:
        return False
    return one.starts_on <= other.ends_on and other.starts_on <= one.ends_on


def _move_back(holder: EndCustomer, dissolved: EndCustomer, moved: dict[str, Any]) -> None:
    """Let what was moved and is still there point back; what belongs to a registration goes where that goes."""
    for name, model in RECORDS.items():
        back = Q(pk__in=moved.get(name, ()))  # merged before there were such records
        if name in ("protections", "sales"):
            back = back & Q(registration=None) if name == "sales" else Q(pk__in=[])
            back |= Q(registration__customer=dissolved)
        model.objects.filter(back, customer=holder).update(customer=dissolved)
    EndCustomer.objects.filter(pk__in=moved["subsidiaries"], parent=holder).update(parent=dissolved)


# -- what is known of them -----------------------------------------------------------------------------
def _take_names(kept: EndCustomer, dissolved: EndCustomer) -> dict[str, Any]:
    """Add to the one what only the other is called, and what only the other says; return what that was."""
    filled = {name: getattr(dissolved, name) for name in NUMBERS if not getattr(kept, name)}
    if kept.country == dissolved.country:
        filled |= {name: getattr(dissolved, name) for name in PLACE if not getattr(kept, name)}
    for name, value in filled.items():
        setattr(kept, name, value)
    names = _new((dissolved.name, *dissolved.other_names), (kept.name, *kept.other_names))
    sites = _new((dissolved.website, *dissolved.other_websites), (kept.website, *kept.other_websites))
    names, sites = names[: max(0, MOST - len(kept.other_names))], sites[: max(0, MOST - len(kept.other_websites))]
    kept.other_names, kept.other_websites = [*kept.other_names, *names], [*kept.other_websites, *sites]
    return {"names": names, "sites": sites, "filled": {name: value for name, value in filled.items() if value}}


def _new(theirs: Iterable[str], ours: Iterable[str]) -> list[str]:
    return [one for one in dict.fromkeys(theirs) if one and one not in ours]


def _take_family(kept: EndCustomer, dissolved: EndCustomer) -> dict[str, Any]:
    """Hang below the one what hangs below the other, and the one where the other hangs if it hangs nowhere."""
    before = kept.parent_id
    if dissolved.pk in customer_book.above(kept) or (before is None and kept.pk not in customer_book.above(dissolved)):
        kept.parent_id = dissolved.parent_id
    rows = EndCustomer.objects.filter(parent=dissolved).exclude(pk=kept.pk)
    moved = [str(pk) for pk in rows.order_by("pk").values_list("pk", flat=True)]
    rows.update(parent=kept)
    parents = [str(pk) if pk else None for pk in (before, kept.parent_id)]
    return {"subsidiaries": moved, "parents": parents}


def _give_back_names(row: EndCustomer, moved: dict[str, Any]) -> None:
    row.other_names = [name for name in row.other_names if name not in moved["names"]]
    row.other_websites = [site for site in row.other_websites if site not in moved["sites"]]


def _give_back_facts(row: EndCustomer, moved: dict[str, Any]) -> None:
    for name, value in moved["filled"].items():
        if getattr(row, name) == value:
            setattr(row, name, "")
    before, after = moved["parents"]
    if before != after and str(row.parent_id or "") == (after or ""):
        row.parent_id = UUID(before) if before else None


def _take_verdicts(kept: EndCustomer, dissolved: EndCustomer) -> list[str]:
    """Let the one be another company than whatever the other was said to be another than; return where that is new."""
    told = []
    theirs = CustomerLikeness.objects.filter(Q(one=dissolved) | Q(other=dissolved), told_apart_at__isnull=False)
    for row in theirs:
        third = row.other_than(dissolved.pk)
        mine = CustomerLikeness.objects.filter(
            Q(one=kept, other=third) | Q(one=third, other=kept), told_apart_at=None
        ).first()
        if mine is not None:
            mine.told_apart_at, mine.told_apart_by_id = row.told_apart_at, row.told_apart_by_id
            mine.save(update_fields=["told_apart_at", "told_apart_by"])
            told.append(str(mine.pk))
    return told


def _save(customer: EndCustomer) -> None:
    customer.stamp_keys()
    written = ["other_names", "other_websites", "parent", "merged_into", *NUMBERS, *PLACE, *customer_book.STAMPED]
    customer.save(update_fields=written)


def _between(fact: type[Any], mine: EndCustomer, theirs: EndCustomer) -> Any:
    return fact(mine.pk, customer=mine.name, other_id=theirs.pk, other=theirs.name)
