"""What the first page of a portal says of quotes and orders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet

from deals.enums import ProtectionState, Review, Stage
from prm.accounts.models import Membership
from prm.questions.models import Question
from quotes.enums import OrderStatus, Status
from quotes.models import Order, QuoteRevision

SOON = timedelta(days=7)
LATELY = timedelta(days=14)
MOST = 11  # one more than anybody wants to read


def mine(member: Membership) -> QuerySet[QuoteRevision]:
    """Return the current revisions of the partner's own quotes."""
    rows = QuoteRevision.objects.visible_to(member).filter(quote__partner_id=member.partner_id, is_current=True)
    return rows.select_related("quote")


def asked(member: Membership) -> QuerySet[QuoteRevision]:
    """Return the quotes whose question waits for the partner's answer."""
    question = Question.objects.filter(subject_id=OuterRef("pk"), answered_at__isnull=True)
    return mine(member).filter(Exists(question), status=Status.PENDING_APPROVAL).order_by("decide_by")[:MOST]


def ready(member: Membership) -> QuerySet[QuoteRevision]:
    """Return the quotes that are approved and wait to be issued."""
    return mine(member).filter(status=Status.APPROVED).order_by("saved_at")[:MOST]


def rejected(member: Membership) -> QuerySet[QuoteRevision]:
    """Return the drafts whose discounts were rejected."""
    return mine(member).filter(status=Status.DRAFT, approval="rejected").order_by("-decided_at")[:MOST]


def forgotten(member: Membership, at: datetime) -> QuerySet[QuoteRevision]:
    """Return the drafts that this person has not touched for a day, but for those that were rejected."""
    rows = mine(member).filter(status=Status.DRAFT, quote__owner_id=member.user_id, saved_at__lt=at - timedelta(days=1))
    return rows.exclude(approval="rejected").order_by("-saved_at", "id")[:MOST]


def ending(member: Membership, today: date) -> QuerySet[QuoteRevision]:
    """Return the offers that end within a week, the nearest first."""
    rows = QuoteRevision.objects.visible_to(member).filter(quote__partner_id=member.partner_id, status=Status.ISSUED)
    rows = rows.filter(valid_until__gte=today, valid_until__lte=today + SOON)
    return rows.select_related("quote").order_by("valid_until", "id")[:MOST]


def ordered(member: Membership, at: datetime) -> QuerySet[Order]:
    """Return the orders whose deal still waits to be marked won."""
    rows = Order.objects.visible_to(member).filter(
        partner_id=member.partner_id,
        quote__registration__review=Review.APPROVED,
        ordered_at__gte=at - timedelta(days=90),
    )
    rows = rows.exclude(quote__registration__stage__in=(Stage.WON, Stage.LOST)).exclude(status=OrderStatus.CANCELLED)
    rows = rows.exclude(quote__registration__protection=ProtectionState.NONE)
    return rows.select_related("quote__registration").order_by("-ordered_at")[:MOST]


def accepted_lately(member: Membership, at: datetime) -> QuerySet[Order]:
    """Return what customers accepted lately without a deal behind it: there is nothing to do but to know it."""
    rows = Order.objects.visible_to(member).filter(
        partner_id=member.partner_id, quote__registration__isnull=True, ordered_at__gte=at - LATELY
    )
    return rows.filter(status=OrderStatus.REQUESTED).select_related("quote").order_by("-ordered_at")[:MOST]


@dataclass(frozen=True)
class NewOrders:
    """How many orders nobody has taken yet, and since when the oldest waits."""

    number: int
    oldest: datetime | None


def new_orders(member: Membership) -> QuerySet:
    """Return how many orders wait for somebody who works on them, and since when; no row if none does."""
    rows = Order.objects.visible_to(member).filter(status=OrderStatus.REQUESTED).order_by()
    return rows.values("status").values_list(Count("pk"), Min("ordered_at"))


def waiting_for_partner(member: Membership) -> QuerySet[QuoteRevision]:
    """Return the quotes that wait for the partner itself: to be answered or to be issued."""
    question = Question.objects.filter(subject_id=OuterRef("pk"), answered_at__isnull=True)
    waits = Q(status=Status.APPROVED) | Q(Exists(question), status=Status.PENDING_APPROVAL)
    return mine(member).filter(waits)
