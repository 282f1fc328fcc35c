"""The tenant, and the five kinds of rows it can hold."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Q

from prm.choices import TextChoices
from prm.tenancy import context
from prm.tenancy.context import Actor, Scope
from prm.tenancy.fields import TenantKey, uuid7


class Vendor(models.Model):
    """A vendor whose partner programme runs here. Holds nothing secret: settings are tenant rows."""

    class Status(TextChoices):
        ACTIVE = "active"
        CLOSED = "closed"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ACTIVE)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(slug__regex=r"^[a-z][a-z0-9-]{1,38}[a-z0-9]$"), name="vendor_slug_fits_a_url"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Wall(TextChoices):
    """Who inside a tenant may reach a model's rows; the database policy is made from it."""

    SHARED = "shared"  # every member of the tenant
    VENDOR = "vendor"  # the vendor's own people
    PARTNER = "partner"  # the vendor, and the partner whose path the row carries
    FIRM = "firm"  # the people of the partner whose path the row carries, never the vendor's
    PERSON = "person"  # the person the row belongs to


class TenantQuerySet(models.QuerySet):
    """Rows of tenants; `locked` is the way services take a row they will change."""

    def locked(self, pk: Any) -> Any:
        """Return the row, locked until the transaction ends, or raise `DoesNotExist`."""
        return self.select_for_update(of=("self",)).get(pk=pk)


class TenantManager(models.Manager.from_queryset(TenantQuerySet)):  # type: ignore[misc]
    """Wall 1: sees the rows the current actor may reach, and raises outside a context."""

    use_in_migrations = False

    def get_queryset(self) -> models.QuerySet:
        return wall_one(super().get_queryset(), context.current())


def wall_one(rows: models.QuerySet, actor: Actor) -> models.QuerySet:
    """Return `rows` limited to what `actor` may reach; says in SQL what the database policy also says."""
    rows = rows.filter(tenant_id=context.current_tenant_id())
    if rows.model.can_be_thrown_away and not actor.sees_thrown_away:
        rows = rows.filter(thrown_away_at__isnull=True)
    if actor.scope == Scope.SYSTEM:
        return rows
    if actor.scope == Scope.VENDOR and rows.model.wall not in (Wall.FIRM, Wall.PERSON):
        return rows
    match rows.model.wall:
        case Wall.SHARED:
            return rows
        case Wall.PARTNER if actor.scope == Scope.TREE and actor.partner_path:
            # "/" ends every path and "0" follows "/" in the C collation: the range is the prefix.
            return rows.filter(
                partner_path__gte=actor.partner_path, partner_path__lt=actor.partner_path.removesuffix("/") + "0"
            )
        case Wall.PARTNER | Wall.FIRM if actor.is_partner and actor.partner_path:
            return rows.filter(partner_path=actor.partner_path)
        case Wall.PERSON:
            return rows.filter(user_id=actor.user_id)
        case _:
            return rows.none()


class TenantModel(models.Model):
    """A row of one tenant, shared by all its members unless a subclass says otherwise."""

    wall = Wall.SHARED
    is_append_only = False
    is_sealable = False  # has an `is_sealed`, all that may be changed; once true, nobody changes or deletes the row
    free_when_sealed: tuple[str, ...] = ()  # of a row with an `is_sealed`: all columns that may change once it is true
    can_be_thrown_away = False  # has a `thrown_away_at`; while that is set, nobody finds the row
    sealed_with = ""  # the key to a row with an `is_sealed`, too: nothing is added to that row once it is sealed

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    tenant = TenantKey()

    objects = TenantManager()
    across_tenants = models.Manager()

    class Meta:
        abstract = True
        base_manager_name = "objects"
        default_manager_name = "objects"

    @classmethod
    def get_or_none(cls, **facts: Any) -> Self | None:
        """Return the row these facts identify, or nothing."""
        return cls.objects.filter(**facts).first()


class VendorModel(TenantModel):
    """A row that only the vendor's own people see."""

    wall = Wall.VENDOR

    class Meta(TenantModel.Meta):
        abstract = True


class PartnerPathField(models.CharField):
    """`/distributor/reseller/`: where in the two tiers a row's partner stands; empty is the vendor's own."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.update(max_length=140, db_collation="C")
        kwargs.setdefault("blank", True)
        super().__init__(**kwargs)


class PartnerModel(TenantModel):
    """A row that belongs to a partner: the vendor sees it, the partner, and a distributor above it."""

    wall = Wall.PARTNER

    partner_path = PartnerPathField(editable=False)

    class Meta(TenantModel.Meta):
        abstract = True


class FirmModel(TenantModel):
    """A row that a partner keeps to itself: neither the vendor sees it nor a distributor above."""

    wall = Wall.FIRM

    partner_path = PartnerPathField(editable=False)

    class Meta(TenantModel.Meta):
        abstract = True


class PersonModel(TenantModel):
    """A row that one person alone sees. Subclasses have a `user`."""

    wall = Wall.PERSON

    class Meta(TenantModel.Meta):
        abstract = True


class Counter(TenantModel):
    """The last number given out for a kind of record in a year; a row, so that a rollback leaves no gap."""

    name = models.CharField(max_length=40)
    last = models.BigIntegerField(default=0)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="counter_counts_one_thing")]


class VendorDomain(models.Model):
    """A vendor's own domain, on which its portal has no prefix."""

    host = models.CharField(max_length=253, primary_key=True)
    vendor = models.ForeignKey(Vendor, on_delete=models.CASCADE, related_name="domains")
