"""A deal that a partner registers, and what was said about it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import models
from django.db.models import Q

from deals.enums import (
    Action,
    ActivityKind,
    Award,
    DealType,
    Deemed,
    EnteredAs,
    KeyKind,
    ProtectionState,
    Review,
    Source,
    Stage,
)
from deals.models.catalog import Product, ProductFamily
from deals.models.customers import PERSON, EndCustomer
from deals.rules import keys, lifecycle
from deals.rules.matching.profiles import Facts
from partners.models import Partner
from prm.accounts.models import Membership
from prm.drafts.models import DraftModel
from prm.money import Money
from prm.policies.models import PolicyVersion
from prm.tenancy.fields import TenantForeignKey
from prm.tenancy.models import PartnerModel, TenantManager, TenantQuerySet

WAITING = (Review.SUBMITTED, Review.IN_REVIEW)
BESIDE = (Award.SHARED, Award.SECOND)
PROTECTED = (ProtectionState.ACTIVE, ProtectionState.EXPIRING)


class RegistrationQuerySet(TenantQuerySet):
    def visible_to(self, member: Membership) -> RegistrationQuerySet:
        """Rows this person may see: drafts stay with the firm, and some see only their own deals.

        Until it is sent, what is filled in on behalf of a partner is seen by whoever does it alone.
        """
        own = Q(entered_by=member.user_id)
        if member.is_vendor:
            return self.filter(own | ~Q(review=Review.DRAFT))
        if member.sees == Membership.Sees.OWN:
            return self.filter(own | Q(owner_id=member.user_id) & (Q(entered_by=None) | ~Q(review=Review.DRAFT)))
        return self.filter(own | Q(partner_id=member.partner_id, entered_by=None) | ~Q(review=Review.DRAFT))

    def waiting(self) -> RegistrationQuerySet:
        """Rows that wait for the vendor's decision."""
        return self.filter(review__in=WAITING)

    def protected(self) -> RegistrationQuerySet:
        return self.filter(protection__in=PROTECTED)

    def in_force(self) -> RegistrationQuerySet:
        """Rows whose approval gives what it gave: protected ones, and those open beside others."""
        beside = Q(review=Review.APPROVED, award__in=BESIDE) & ~Q(stage__in=(Stage.WON, Stage.LOST))
        return self.filter(Q(protection__in=PROTECTED) | beside)

    def quotable(self) -> RegistrationQuerySet:
        """Rows that a quote can be made for: approved, and not over."""
        return self.filter(review=Review.APPROVED).exclude(stage__in=(Stage.WON, Stage.LOST))

    def open(self) -> RegistrationQuerySet:
        """Rows that may still become a sale."""
        return self.exclude(review__in=(Review.REJECTED, Review.WITHDRAWN)).exclude(stage__in=(Stage.WON, Stage.LOST))


class Registration(DraftModel):
    """A deal as its partner registered it: who buys, what, for how much, by when.

    The customer is kept as the partner typed it; `customer` is who the vendor knows it to be.
    """

    number = models.CharField(max_length=20, blank=True)
    partner = TenantForeignKey(Partner, on_delete=models.PROTECT, related_name="registrations")
    owner = models.ForeignKey(**PERSON)
    entered_as = models.CharField(max_length=12, choices=EnteredAs.choices, default=EnteredAs.PARTNER)
    entered_by = models.ForeignKey(**PERSON, null=True, blank=True)  # on behalf of the partner, or nobody did
    review = models.CharField(max_length=16, choices=Review.choices, default=Review.DRAFT)
    protection = models.CharField(max_length=12, choices=ProtectionState.choices, default=ProtectionState.NONE)
    stage = models.CharField(max_length=24, choices=Stage.choices, default=Stage.PROSPECT)

    distributor = TenantForeignKey(  # through whom the customer's order is bought; it sees nothing because of it
        Partner, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    type = models.CharField(max_length=40, default=DealType.RESALE)  # the code of one of the vendor's types
    source = models.CharField(max_length=10, choices=Source.choices, blank=True)

    customer = TenantForeignKey(
        EndCustomer, on_delete=models.PROTECT, null=True, blank=True, related_name="registrations"
    )
    customer_name = models.CharField(max_length=200, blank=True)
    customer_website = models.CharField(max_length=253, blank=True)
    customer_tax_id = models.CharField(max_length=40, blank=True)
    customer_country = models.CharField(max_length=2, blank=True)
    customer_city = models.CharField(max_length=120, blank=True)
    contact_name = models.CharField(max_length=120, blank=True)
    contact_email = models.CharField(max_length=254, blank=True)
    name_key = models.CharField(max_length=260, blank=True, db_collation="C")
    domain_key = models.CharField(max_length=253, blank=True, db_collation="C")
    tax_key = models.CharField(max_length=60, blank=True, db_collation="C")

    value_amount = models.DecimalField(max_digits=19, decimal_places=4, null=True, blank=True)
    value_currency = models.CharField(max_length=3, blank=True)
    close_on = models.DateField(null=True, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    tender_published_on = models.DateField(null=True, blank=True)
    letter_on = models.DateField(null=True, blank=True)  # of the letter in which the customer chooses the partner
    reason_to_buy = models.TextField(max_length=2000, blank=True)
    custom = models.JSONField(default=dict, blank=True)  # values of the vendor's own fields, by their keys
    typed = models.JSONField(default=dict, blank=True)  # a draft exactly as typed, right or wrong

    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    decide_by = models.DateTimeField(null=True, blank=True)
    deemed = models.CharField(
        max_length=10, choices=Deemed.choices, default=Deemed.NONE
    )  # if nobody decides until then
    answer_by = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(**PERSON, null=True, blank=True)
    reason_code = models.CharField(max_length=40, blank=True)
    decision_note = models.TextField(max_length=2000, blank=True)
    policy = TenantForeignKey(PolicyVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    # What an approval gave besides a protection; the percentage is that of a partner beside the first one.
    award = models.CharField(max_length=8, choices=Award.choices, blank=True)
    award_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    points = models.PositiveIntegerField(null=True, blank=True)
    # What an approval gave, and which tier of which version of the programme gave more days than the terms.
    protection_days = models.PositiveSmallIntegerField(null=True, blank=True)
    protection_tier = models.CharField(max_length=60, blank=True)
    program_version = models.PositiveIntegerField(null=True, blank=True)
    protected_from = models.DateField(null=True, blank=True)
    protected_until = models.DateField(null=True, blank=True)
    extensions = models.PositiveSmallIntegerField(default=0)
    reminded_days = models.PositiveSmallIntegerField(null=True, blank=True)
    amend_by = models.DateTimeField(null=True, blank=True)  # the promise about an amendment that waits
    closed_on = models.DateField(null=True, blank=True)
    order_reference = models.CharField(max_length=80, blank=True)  # of a won deal
    competitor = models.CharField(max_length=120, blank=True)  # of a lost one
    version = models.PositiveIntegerField(default=1)
    repeats = TenantForeignKey(  # the refused or withdrawn one that this asks for anew
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="asked_again"
    )

    objects = TenantManager.from_queryset(RegistrationQuerySet)()

    class Meta(DraftModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "number"], condition=~Q(number=""), name="registration_numbers_differ"
            ),
            models.UniqueConstraint(
                fields=["tenant", "repeats"],
                condition=Q(repeats__isnull=False, thrown_away_at__isnull=True),
                name="a_registration_is_asked_again_once",
            ),
            models.CheckConstraint(condition=Q(review__in=Review.values), name="review_is_known"),
            models.CheckConstraint(
                condition=Q(thrown_away_at__isnull=True) | Q(review=Review.DRAFT),
                name="only_drafts_of_deals_are_thrown_away",
            ),
            models.CheckConstraint(condition=Q(protection__in=ProtectionState.values), name="protection_is_known"),
            models.CheckConstraint(condition=Q(award__in=["", *Award.values]), name="award_is_known"),
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="stage_is_known"),
            models.CheckConstraint(condition=Q(deemed__in=Deemed.values), name="deemed_is_known"),
            models.CheckConstraint(
                condition=Q(entered_as=EnteredAs.PARTNER, entered_by__isnull=True)
                | Q(entered_as__in=(EnteredAs.DISTRIBUTOR, EnteredAs.VENDOR), entered_by__isnull=False),
                name="somebody_entered_what_is_on_behalf",
            ),
            models.CheckConstraint(
                condition=Q(value_amount__isnull=True) | Q(value_amount__gte=Decimal(0)), name="value_is_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(review__in=[Review.DRAFT, Review.WITHDRAWN])
                | Q(
                    customer__isnull=False,
                    submitted_at__isnull=False,
                    value_amount__isnull=False,
                    close_on__isnull=False,
                )
                & ~Q(number=""),
                name="submitted_means_complete",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "partner_path", "saved_at", "id"], name="registration_of_partner"),
            models.Index(fields=["tenant", "saved_at", "id"], name="registration_latest"),
            models.Index(fields=["tenant", "review", "decide_by", "id"], name="registration_to_decide"),
            models.Index(
                fields=["tenant", "decide_by"], condition=~Q(deemed=Deemed.NONE), name="registration_to_be_deemed"
            ),
            models.Index(
                fields=["tenant", "amend_by"], condition=Q(amend_by__isnull=False), name="registration_to_amend"
            ),
            models.Index(fields=["tenant", "customer"], name="registration_of_customer"),
            models.Index(
                fields=["tenant", "distributor"],
                condition=Q(distributor__isnull=False),
                name="registration_through",
            ),
            models.Index(
                fields=["tenant", "thrown_away_at"], condition=Q(thrown_away_at__isnull=False), name="deal_thrown_away"
            ),
            models.Index(fields=["tenant", "protection", "protected_until"], name="registration_protected"),
            models.Index(fields=["tenant", "domain_key"], condition=~Q(domain_key=""), name="registration_domain"),
            models.Index(fields=["tenant", "name_key"], condition=~Q(name_key=""), name="registration_name"),
            models.Index(fields=["tenant", "tax_key"], condition=~Q(tax_key=""), name="registration_tax"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.customer_name}".strip()

    def move(self, action: Action) -> None:
        """Take the action on all three axes, or raise `lifecycle.NotAllowed`."""
        self.review, self.protection, self.stage = lifecycle.after(self.state, action)
        self.version += 1

    def restore(self, state: lifecycle.State) -> None:
        """Go back to where a decision that is being undone found it."""
        self.review, self.protection, self.stage = state
        self.version += 1

    def can(self, action: Action) -> bool:
        """Say whether the life-cycle allows an action now."""
        return lifecycle.allows(self.state, action)

    def is_filled_in_by(self, member: Membership) -> bool:
        """Say whether somebody fills in a draft, and answers what is asked about it later.

        That is its firm; of what is on its behalf, a draft whoever began it, and later the distributor that sent it.
        """
        if self.review == Review.DRAFT and self.entered_by_id:
            return self.entered_by_id == member.user_id
        if self.partner_id == member.partner_id:
            return True
        is_above = member.is_partner and self.partner.distributor_id == member.partner_id
        return self.entered_as == EnteredAs.DISTRIBUTOR and is_above

    @property
    def facts(self) -> Facts:
        """What the partner typed about the customer, for finding whom it may be."""
        return Facts(
            name=self.customer_name,
            country=self.customer_country,
            city=self.customer_city,
            website=self.customer_website,
            email=self.contact_email,
            number=self.customer_tax_id,
        )

    def stamp_keys(self) -> None:
        """Write the normalised keys of the customer as typed; rivals are looked up by them."""
        found = keys.of_customer(
            name=self.customer_name,
            website=self.customer_website,
            tax_id=self.customer_tax_id,
            country=self.customer_country,
        )
        self.tax_key = found.get(KeyKind.TAX_ID, "")
        self.domain_key = found.get(KeyKind.DOMAIN, "")
        self.name_key = found.get(KeyKind.NAME, "")

    @property
    def keys(self) -> dict[KeyKind, str]:
        """Return the stamped keys that are not empty, the strongest first."""
        stamped = {KeyKind.TAX_ID: self.tax_key, KeyKind.DOMAIN: self.domain_key, KeyKind.NAME: self.name_key}
        return {kind: value for kind, value in stamped.items() if value}

    @property
    def state(self) -> lifecycle.State:
        return lifecycle.State(Review(self.review), ProtectionState(self.protection), Stage(self.stage))

    @property
    def value(self) -> Money | None:
        if self.value_amount is None or not self.value_currency:
            return None
        return Money(self.value_amount, self.value_currency)

    @property
    def is_tender(self) -> bool:
        return self.type == DealType.TENDER or self.tender_published_on is not None

    @property
    def is_waiting(self) -> bool:
        return self.review in WAITING

    @property
    def is_decided_by_rules(self) -> bool:
        return self.decided_at is not None and self.decided_by_id is None

    @property
    def is_beside(self) -> bool:
        """Approved without a protection: others may sell to the customer, too."""
        return self.award in BESIDE

    @property
    def is_protected(self) -> bool:
        return self.protection in PROTECTED

    @property
    def is_in_force(self) -> bool:
        """Say whether its approval gives what it gave, and is confirmed: while protected, or open beside others."""
        is_over = self.review != Review.APPROVED or self.stage in (Stage.WON, Stage.LOST)
        return self.is_protected or (self.is_beside and not is_over)

    def days_left(self, today: date) -> int | None:
        """Return how many days of protection remain after today, or None without protection."""
        return (self.protected_until - today).days if self.is_protected and self.protected_until else None


class RegistrationLine(PartnerModel):
    """A family, and perhaps a product of it, that the deal is about; in all a registration has a few."""

    registration = TenantForeignKey(Registration, on_delete=models.CASCADE, related_name="lines")
    family = TenantForeignKey(ProductFamily, on_delete=models.PROTECT, related_name="+")
    product = TenantForeignKey(Product, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    quantity = models.PositiveIntegerField(null=True, blank=True)

    class Meta(PartnerModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "registration", "family", "product"],
                nulls_distinct=False,
                name="a_product_is_registered_once",
            )
        ]


class PreSalesActivity(PartnerModel):
    """What the partner did with the customer, with its day: the evidence that it created the deal."""

    registration = TenantForeignKey(Registration, on_delete=models.CASCADE, related_name="activities")
    kind = models.CharField(max_length=12, choices=ActivityKind.choices)
    held_on = models.DateField()
    note = models.CharField(max_length=300, blank=True)

    class Meta(PartnerModel.Meta):
        indexes = [models.Index(fields=["tenant", "registration"], name="activity_of_registration")]
