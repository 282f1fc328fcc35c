"""What a customer ordered by accepting a quote."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import Q

from deals.models import Product
from deals.models.registrations import PERSON
from partners.models import Partner
from prm.accounts.models import Membership
from prm.money import Money
from prm.tenancy.fields import TenantForeignKey
from prm.tenancy.models import PartnerModel, TenantManager, TenantQuerySet
from quotes.enums import OrderAction, OrderStatus
from quotes.models.quotes import Quote, QuoteLine, QuoteRevision
from quotes.rules import orders as rules


class OrderQuerySet(TenantQuerySet):
    def visible_to(self, member: Membership) -> OrderQuerySet:
        """Rows this person may see: some see only the orders of their own quotes."""
        if member.is_partner and member.sees == Membership.Sees.OWN:
            return self.filter(quote__owner_id=member.user_id)
        return self


class Order(PartnerModel):
    """An accepted quote on its way to the customer; a quote becomes one order, however often it is accepted."""

    number = models.CharField(max_length=20)
    partner = TenantForeignKey(Partner, on_delete=models.PROTECT, related_name="orders")
    quote = TenantForeignKey(Quote, on_delete=models.PROTECT, related_name="orders")
    revision = TenantForeignKey(QuoteRevision, on_delete=models.PROTECT, related_name="orders")
    status = models.CharField(max_length=14, choices=OrderStatus.choices, default=OrderStatus.REQUESTED)
    purchase_order = models.CharField(max_length=60, blank=True)
    currency = models.CharField(max_length=3)
    net_total = models.DecimalField(max_digits=19, decimal_places=4)
    tax_total = models.DecimalField(max_digits=19, decimal_places=4, default=Decimal(0))
    ordered_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    moved_by = models.ForeignKey(**PERSON, null=True, blank=True)
    deliver_on = models.DateField(null=True, blank=True)
    reason_code = models.CharField(max_length=40, blank=True)
    note = models.TextField(max_length=2000, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = TenantManager.from_queryset(OrderQuerySet)()

    class Meta(PartnerModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="order_numbers_differ"),
            models.UniqueConstraint(fields=["tenant", "quote"], name="a_quote_becomes_one_order"),
            models.CheckConstraint(condition=Q(status__in=OrderStatus.values), name="order_status_is_known"),
            models.CheckConstraint(condition=Q(net_total__gte=0, tax_total__gte=0), name="order_is_not_negative"),
        ]
        indexes = [
            models.Index(fields=["tenant", "partner_path", "ordered_at", "id"], name="order_of_partner"),
            models.Index(fields=["tenant", "ordered_at", "id"], name="order_latest"),
        ]

    def __str__(self) -> str:
        return self.number

    def can(self, action: OrderAction) -> bool:
        """Say whether the life-cycle allows an action now."""
        return action in rules.actions(OrderStatus(self.status))

    @property
    def net(self) -> Money:
        return Money(self.net_total, self.currency)


class OrderLine(PartnerModel):
    """A product of an order, as it was quoted."""

    order = TenantForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    quoted = TenantForeignKey(QuoteLine, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    product = TenantForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()
    net_unit = models.DecimalField(max_digits=19, decimal_places=4)
    net_total = models.DecimalField(max_digits=19, decimal_places=4)

    class Meta(PartnerModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "order", "position"], name="order_lines_are_in_order")]
