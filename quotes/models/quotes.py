"""A partner's offer to a customer: one number, revisions under it, and what the customer said."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import models
from django.db.models import Exists, OuterRef, Q

from deals.models import Product, Registration
from deals.models.registrations import PERSON
from partners.models import Partner
from prm.accounts.models import Membership
from prm.drafts.models import DraftModel
from prm.money import Money
from prm.policies.models import PolicyVersion
from prm.tenancy.fields import TenantForeignKey
from prm.tenancy.models import FirmModel, PartnerModel, TenantManager, TenantQuerySet
from quotes.enums import Action, Approval, Language, Status, StepKind
from quotes.models.prices import PriceListVersion
from quotes.rules import approvals, lifecycle

OPEN = (Status.DRAFT, Status.PENDING_APPROVAL, Status.APPROVED, Status.ISSUED)


class Quote(DraftModel):
    """An offer under one number, with the customer as the partner names it; its content is in its revisions."""

    number = models.CharField(max_length=20)
    partner = TenantForeignKey(Partner, on_delete=models.PROTECT, related_name="quotes")
    owner = models.ForeignKey(**PERSON)
    registration = TenantForeignKey(
        Registration, on_delete=models.PROTECT, null=True, blank=True, related_name="quotes"
    )
    currency = models.CharField(max_length=3)
    customer_name = models.CharField(max_length=200, blank=True)
    customer_street = models.CharField(max_length=200, blank=True)
    customer_postcode = models.CharField(max_length=20, blank=True)
    customer_city = models.CharField(max_length=120, blank=True)
    customer_country = models.CharField(max_length=2, blank=True)
    contact_name = models.CharField(max_length=120, blank=True)
    contact_email = models.CharField(max_length=254, blank=True)
    started_at = models.DateTimeField()

    class Meta(DraftModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "number"], name="quote_numbers_differ")]
        indexes = [
            models.Index(fields=["tenant", "registration"], name="quotes_of_registration"),
            models.Index(
                fields=["tenant", "thrown_away_at"], condition=Q(thrown_away_at__isnull=False), name="quote_thrown_away"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.customer_name}".strip()


class RevisionQuerySet(TenantQuerySet):
    def visible_to(self, member: Membership) -> RevisionQuerySet:
        """Rows this person may see: what was never sent stays with the firm, and some see only their own quotes."""
        if member.is_vendor:
            return self.exclude(sent_at__isnull=True)
        if member.sees == Membership.Sees.OWN:
            return self.filter(quote__owner_id=member.user_id)
        return self.exclude(Q(sent_at__isnull=True) & ~Q(quote__partner_id=member.partner_id))

    def latest_for(self, member: Membership) -> RevisionQuerySet:
        """The latest revision of each quote, among those this person may see."""
        rows = self.visible_to(member)
        if not member.is_vendor:
            return rows.filter(is_current=True)
        same = QuoteRevision.objects.filter(quote_id=OuterRef("quote_id"), sent_at__isnull=False)
        return rows.filter(~Exists(same.filter(number__gt=OuterRef("number"))))

    def open(self) -> RevisionQuerySet:
        """Rows that may still become an order."""
        return self.filter(status__in=OPEN)


class QuoteRevision(DraftModel):
    """What is offered, until when, at which prices; immutable from its issue on.

    Prices and terms are pinned: they are those of the versions named here until somebody updates them.
    """

    free_when_sealed = (
        "is_current",
        "status",
        "document_id",
        "resale_document_id",
        "reminded_days",
        "opened_at",
        "answered_at",
        "answered_name",
        "answered_email",
        "answered_from",
        "answered_for",
        "purchase_order",
        "reason_code",
        "note",
        "saved_at",
        "version",
    )

    quote = TenantForeignKey(Quote, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveSmallIntegerField(default=1)
    is_current = models.BooleanField(default=True)  # the latest of its quote
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.DRAFT)
    approval = models.CharField(max_length=16, choices=Approval.choices, default=Approval.NOT_REQUIRED)
    language = models.CharField(max_length=2, choices=Language.choices, default=Language.ENGLISH)
    valid_until = models.DateField(null=True, blank=True)
    introduction = models.TextField(max_length=2000, blank=True)
    typed = models.JSONField(default=dict, blank=True)  # a draft exactly as typed, right or wrong

    policy = TenantForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="+")
    price_version = TenantForeignKey(PriceListVersion, on_delete=models.PROTECT, related_name="+")
    tier_name = models.CharField(max_length=60, blank=True)
    tier_percent = models.DecimalField(max_digits=5, decimal_places=2, default=Decimal(0))
    program_version = models.PositiveIntegerField(default=0)
    counts_registration = models.BooleanField(default=False)  # the registration protected the customer when priced
    priced_at = models.DateTimeField()
    tax_name = models.CharField(max_length=60, blank=True)  # nothing: exempt
    tax_percent = models.DecimalField(max_digits=5, decimal_places=2, default=Decimal(0))
    list_total = models.DecimalField(max_digits=19, decimal_places=4, default=Decimal(0))
    net_total = models.DecimalField(max_digits=19, decimal_places=4, default=Decimal(0))
    tax_total = models.DecimalField(max_digits=19, decimal_places=4, default=Decimal(0))

    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)  # when the vendor first saw it
    decide_by = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    issued_at = models.DateTimeField(null=True, blank=True)
    issued_by = models.ForeignKey(**PERSON, null=True, blank=True)
    document_id = models.UUIDField(null=True, blank=True)
    resale_document_id = models.UUIDField(null=True, blank=True)
    reminded_days = models.PositiveSmallIntegerField(null=True, blank=True)  # sent last
    opened_at = models.DateTimeField(null=True, blank=True)  # by the customer, the first time
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_name = models.CharField(max_length=120, blank=True)
    answered_email = models.CharField(max_length=254, blank=True)
    answered_from = models.CharField(max_length=45, blank=True)  # the address on the network
    answered_for = models.ForeignKey(**PERSON, null=True, blank=True)  # who of the partner recorded the answer
    purchase_order = models.CharField(max_length=60, blank=True)
    reason_code = models.CharField(max_length=40, blank=True)
    note = models.TextField(max_length=2000, blank=True)
    version = models.PositiveIntegerField(default=1)
    is_sealed = models.BooleanField(default=False)  # issued: no line is added, changed or taken away any more

    objects = TenantManager.from_queryset(RevisionQuerySet)()

    class Meta(DraftModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "quote", "number"], name="revisions_are_numbered"),
            models.UniqueConstraint(fields=["tenant", "id", "is_sealed"], name="a_revision_is_sealed_with_its_lines"),
            models.UniqueConstraint(
                fields=["tenant", "quote"], condition=Q(is_current=True), name="a_quote_has_one_current_revision"
            ),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="quote_status_is_known"),
            models.CheckConstraint(
                condition=Q(thrown_away_at__isnull=True) | Q(status=Status.DRAFT, sent_at__isnull=True, number=1),
                name="only_draft_quotes_are_thrown_away",
            ),
            models.CheckConstraint(condition=Q(approval__in=Approval.values), name="quote_approval_is_known"),
            models.CheckConstraint(
                condition=Q(status__in=[Status.DRAFT, Status.PENDING_APPROVAL, Status.APPROVED, Status.WITHDRAWN])
                | Q(issued_at__isnull=False, valid_until__isnull=False),
                name="issued_means_dated",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[Status.ACCEPTED, Status.DECLINED]) | Q(answered_at__isnull=False),
                name="an_answer_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(list_total__gte=0, net_total__gte=0, tax_total__gte=0), name="totals_are_not_negative"
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "partner_path", "saved_at", "id"], name="quote_of_partner"),
            models.Index(fields=["tenant", "saved_at", "id"], name="quote_latest"),
            models.Index(fields=["tenant", "status", "valid_until"], name="quote_by_status"),
        ]

    def __str__(self) -> str:
        return f"{self.quote.number} ({self.number})"

    def move(self, action: Action) -> None:
        """Take the action on both axes, or raise `lifecycle.NotAllowed`."""
        self.status, self.approval = lifecycle.after(self.state, action)
        self.version += 1

    def restore(self, state: lifecycle.State) -> None:
        """Go back to where a decision that is being undone found it."""
        self.status, self.approval = state
        self.version += 1

    def can(self, action: Action) -> bool:
        """Say whether the life-cycle allows an action now."""
        return lifecycle.allows(self.state, action)

    @property
    def state(self) -> lifecycle.State:
        return lifecycle.State(Status(self.status), Approval(self.approval))

    @property
    def partner_id(self) -> UUID:
        return self.quote.partner_id

    @property
    def is_draft(self) -> bool:
        return self.status == Status.DRAFT

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def list_price(self) -> Money:
        return Money(self.list_total, self.quote.currency)

    @property
    def percent_off(self) -> Decimal:
        """Return the discount on the whole, in percent of the list price."""
        return approvals.taken_off(self.list_total, self.net_total)

    @property
    def net(self) -> Money:
        return Money(self.net_total, self.quote.currency)

    @property
    def tax(self) -> Money:
        return Money(self.tax_total, self.quote.currency)

    @property
    def gross(self) -> Money:
        return Money(self.net_total + self.tax_total, self.quote.currency)

    def days_left(self, today: date) -> int | None:
        """Return how many days the offer stands after today, or None where it does not stand."""
        return (self.valid_until - today).days if self.is_open and self.valid_until else None


class SealedModel(PartnerModel):
    """A row of a revision: once sealed, at the issue, the database lets nobody change or delete it."""

    is_sealable = True

    is_sealed = models.BooleanField(default=False)

    class Meta(PartnerModel.Meta):
        abstract = True


class QuoteLine(SealedModel):
    """A product in a quote, named and priced as it was when it was saved."""

    sealed_with = "revision"

    revision = TenantForeignKey(QuoteRevision, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    product = TenantForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    sku = models.CharField(max_length=60)
    name = models.CharField(max_length=160)
    unit = models.CharField(max_length=40)
    quantity = models.PositiveIntegerField()
    special_percent = models.DecimalField(max_digits=5, decimal_places=2, default=Decimal(0))
    special_reason = models.CharField(max_length=300, blank=True)
    list_unit = models.DecimalField(max_digits=19, decimal_places=4)
    net_unit = models.DecimalField(max_digits=19, decimal_places=4)
    net_total = models.DecimalField(max_digits=19, decimal_places=4)

    class Meta(SealedModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id", "is_sealed"], name="a_line_is_sealed_with_its_steps"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="a_line_is_of_something"),
            models.CheckConstraint(
                condition=Q(special_percent__gte=0, special_percent__lte=100), name="special_discount_is_a_share"
            ),
            models.CheckConstraint(condition=Q(net_unit__gte=0, net_total__gte=0), name="net_is_not_negative"),
        ]
        indexes = [models.Index(fields=["tenant", "revision", "position"], name="lines_of_quote")]


class PriceStep(SealedModel):
    """One step of a line's price: what it took off one unit, and the rule or version that says so.

    Prices between list and net keep every decimal, so that the net can be computed again to the cent.
    """

    sealed_with = "line"

    line = TenantForeignKey(QuoteLine, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=StepKind.choices)
    percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    amount = models.DecimalField(max_digits=19, decimal_places=4, null=True, blank=True)
    unit_before = models.DecimalField(max_digits=40, decimal_places=20)
    unit_after = models.DecimalField(max_digits=40, decimal_places=20)
    facts = models.JSONField(default=dict, blank=True)  # what its sentence needs: tier, quantity, list, version
    rule_id = models.UUIDField(null=True, blank=True)  # the version of prices or terms that made it

    class Meta(SealedModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "line", "position"], name="steps_are_in_order"),
            models.CheckConstraint(condition=Q(unit_after__gte=0), name="a_step_ends_at_zero_or_more"),
        ]


class ResalePrice(FirmModel):
    """What the partner itself asks of its customer for one unit; neither the vendor nor a distributor sees it."""

    line = TenantForeignKey(QuoteLine, on_delete=models.CASCADE, related_name="resale_prices")
    unit_amount = models.DecimalField(max_digits=19, decimal_places=4)

    class Meta(FirmModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "line"], name="a_line_has_one_resale_price"),
            models.CheckConstraint(condition=Q(unit_amount__gte=0), name="resale_price_is_not_negative"),
        ]
