"""Those who buy, as the vendor knows them. A partner sees only what it typed itself."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from deals.enums import KeyKind
from deals.rules.matching import keys, profiles
from deals.rules.matching.classes import Class, Likeness
from deals.rules.matching.evidence import Evidence
from deals.rules.matching.profiles import Facts, Profile
from prm.tenancy.context import current_tenant_id
from prm.tenancy.fields import TenantForeignKey
from prm.tenancy.models import TenantManager, TenantQuerySet, VendorModel

PERSON: dict[str, Any] = {
    "to": settings.AUTH_USER_MODEL,
    "on_delete": models.PROTECT,
    "db_constraint": False,
    "db_index": False,
    "related_name": "+",
}


class CustomerQuerySet(TenantQuerySet):
    def locked(self, pk: Any) -> Any:
        """Return the row, locked against others who lock it; those who only point to it need not wait."""
        return self.select_for_update(of=("self",), no_key=True).get(pk=pk)

    def standing(self) -> CustomerQuerySet:
        """Rows that are not merged into another."""
        return self.filter(merged_into=None)


class EndCustomer(VendorModel):
    """A firm that buys. Rival registrations of it meet here: whoever approves one locks this row.

    It may have several names and websites: what it was called before, and what people were told is the same company.
    One that was merged into another keeps what it was, is found by nobody, and waits to be split off again.
    """

    name = models.CharField(max_length=200)
    country = models.CharField(max_length=2)
    state = models.CharField(max_length=120, blank=True)
    city = models.CharField(max_length=120, blank=True)
    postcode = models.CharField(max_length=20, blank=True)
    address = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=60, blank=True)
    website = models.CharField(max_length=253, blank=True)
    tax_id = models.CharField(max_length=60, blank=True)  # or its number in a register of companies
    other_names = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    other_websites = ArrayField(models.CharField(max_length=253), default=list, blank=True)
    parent = TenantForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="subsidiaries")
    external_id = models.CharField(max_length=80, blank=True)  # what the vendor's own systems call it
    merged_into = TenantForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    first_seen_at = models.DateTimeField()

    match_keys = ArrayField(models.BigIntegerField(), default=list, blank=True, editable=False)
    place_key = models.CharField(max_length=60, blank=True, db_collation="C", editable=False)
    norm_version = models.PositiveSmallIntegerField(default=0, editable=False)  # 0: not stamped yet

    objects = TenantManager.from_queryset(CustomerQuerySet)()

    class Meta(VendorModel.Meta):
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(merged_into=models.F("id")), name="nobody_is_merged_into_itself"
            ),
            models.UniqueConstraint(
                fields=["tenant", "external_id"],
                condition=~models.Q(external_id=""),
                name="an_external_id_is_of_one_customer",
            ),
        ]
        indexes = [
            GinIndex(fields=["match_keys"], name="customers_by_match_key", fastupdate=False),
            models.Index(fields=["tenant", "norm_version"], name="customers_by_norm"),
            models.Index(fields=["tenant", "parent"], name="customers_of_parent"),
            models.Index(
                fields=["tenant", "merged_into"], condition=models.Q(merged_into__isnull=False), name="customers_merged"
            ),
            models.Index(fields=["tenant", "name", "id"], name="customers_by_name"),
            models.Index(fields=["tenant", "first_seen_at", "id"], name="customers_latest"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def facts(self) -> Facts:
        return Facts(
            name=self.name,
            country=self.country,
            state=self.state,
            city=self.city,
            postcode=self.postcode,
            address=self.address,
            phone=self.phone,
            website=self.website,
            number=self.tax_id,
            other_names=tuple(self.other_names),
            other_websites=tuple(self.other_websites),
        )

    @property
    def profile(self) -> Profile:
        return profiles.of(self.facts)

    def stamp_keys(self) -> None:
        """Write the keys under which the customer is found; whatever changes what is known of it calls this."""
        profile = self.profile
        found = keys.hashed(keys.of(profile), current_tenant_id()) if self.merged_into_id is None else {}
        self.match_keys = sorted(found.values())
        self.place_key = profile.city[:60]
        self.norm_version = keys.VERSION


class CustomerLikeness(VendorModel):
    """Two customers that look like one, or like relatives: how much, why, and what a person said of it.

    One row for both, `one` having the smaller id; each side reads it from its own point of view. A person's word
    outlasts later readings of the two.
    """

    one = TenantForeignKey(EndCustomer, on_delete=models.CASCADE, related_name="+")
    other = TenantForeignKey(EndCustomer, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12, choices=[(kind.value, kind.value) for kind in Class])
    probability = models.FloatField()  # that both are one company, 0–1
    evidence = models.JSONField(default=list)
    weights = models.CharField(max_length=20)  # the version of what was scored with
    found_at = models.DateTimeField()
    told_apart_at = models.DateTimeField(null=True, blank=True)  # a person said that these are two companies
    told_apart_by = models.ForeignKey(**PERSON, null=True, blank=True)

    class Meta(VendorModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "one", "other"], name="a_likeness_is_kept_once"),
            models.CheckConstraint(condition=~models.Q(one=models.F("other")), name="nobody_is_like_itself"),
        ]
        indexes = [models.Index(fields=["tenant", "other"], name="likenesses_of_other")]

    def other_than(self, customer_id: UUID) -> UUID:
        """Return the id of the one that is not this."""
        return self.other_id if customer_id == self.one_id else self.one_id

    def of(self, customer_id: UUID) -> Likeness:
        """Return the likeness as seen from one of the two."""
        reasons = tuple(Evidence(row["code"], row["is_for"], row["facts"]) for row in self.evidence)
        likeness = Likeness(Class(self.kind), self.probability, reasons)
        return likeness if customer_id == self.one_id else likeness.turned()


class CustomerMerge(VendorModel):
    """That one customer was found to be another: what moved from it, so that a split can move it back."""

    kept = TenantForeignKey(EndCustomer, on_delete=models.PROTECT, related_name="+")
    dissolved = TenantForeignKey(EndCustomer, on_delete=models.PROTECT, related_name="+")
    moved = models.JSONField(default=dict)  # as `rules.merging.Moved`
    at = models.DateTimeField()
    by = models.ForeignKey(**PERSON)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(**PERSON, null=True, blank=True)

    class Meta(VendorModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "dissolved"], condition=models.Q(undone_at=None), name="a_customer_is_merged_once"
            )
        ]
        indexes = [models.Index(fields=["tenant", "kept"], name="merges_into_customer")]


class CustomerKey(VendorModel):
    """A normalised name, domain or tax number that identifies exactly one end customer."""

    customer = TenantForeignKey(EndCustomer, on_delete=models.CASCADE, related_name="keys")
    kind = models.CharField(max_length=10, choices=KeyKind.choices)
    value = models.CharField(max_length=260, db_collation="C")

    class Meta(VendorModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "kind", "value"], name="a_key_identifies_one_customer")
        ]
        indexes = [models.Index(fields=["tenant", "customer"], name="keys_of_customer")]


class MatchKeyCount(VendorModel):
    """How many customers share a match key that many share: what is common tells little. Counted again each night."""

    key = models.BigIntegerField()
    customers = models.PositiveIntegerField()

    class Meta(VendorModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "key"], name="a_match_key_is_counted_once")]
