"""People and what they are at each vendor: one login, a membership per vendor."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import available_timezones

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from prm.accounts.permissions import Permission
from prm.accounts.roles import PARTNER_ROLES, Role
from prm.choices import TextChoices
from prm.clocks.hours import day_of
from prm.tenancy.context import Actor, Scope
from prm.tenancy.fields import BesideTenant, uuid7
from prm.tenancy.models import PartnerModel, TenantModel


def is_time_zone(value: str) -> None:
    """Refuse a time zone that the zone database does not know."""
    if value and value not in available_timezones():
        raise ValidationError(_("Choose a time zone from the list."))


class UserManager(BaseUserManager):
    """Finds and makes people by e-mail address, which is kept in lower case."""

    def get_by_natural_key(self, email: str) -> User:
        return self.get(email=email.lower())

    def create_user(self, email: str, password: str | None = None, **facts: Any) -> User:
        """Save a person who can sign in once a password or passkey is set."""
        user = self.model(email=email.lower(), **facts)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person with one login. Never deleted: others' records keep pointing here; `anonymise` instead."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(_("Work e-mail"), unique=True)
    name = models.CharField(_("Name"), max_length=120)
    language = models.CharField(_("Language"), max_length=8, blank=True)
    time_zone = models.CharField(_("Time zone"), max_length=60, blank=True, validators=[is_time_zone])
    has_shortcuts = models.BooleanField(_("Single-key shortcuts"), default=True)
    is_operator = models.BooleanField(_("Runs this installation"), default=False)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()
    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(email=models.functions.Lower("email")), name="email_is_lower_case")
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    @property
    def is_staff(self) -> bool:
        return self.is_operator


class Membership(PartnerModel):
    """What a person is at a vendor: a role, and for partner roles the partner they work for.

    The platform does not know what a partner is: it keeps the id, the place in the two tiers and the
    name to show, which the partner's own services keep up to date.
    """

    is_seen_by_its_user_everywhere = True

    class Status(TextChoices):
        ACTIVE = "active", _("Active")
        SUSPENDED = "suspended", _("Suspended")

    class Sees(TextChoices):
        FIRM = "firm", _("All deals of the firm")
        OWN = "own", _("Only their own deals")

    user = models.ForeignKey(User, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="+")
    role = models.CharField(max_length=20, choices=Role.choices)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ACTIVE)
    partner_id = models.UUIDField(null=True, blank=True)
    firm = models.CharField(max_length=200, blank=True)
    sees = models.CharField(max_length=4, choices=Sees.choices, default=Sees.FIRM)
    reaches_below = models.BooleanField(default=False)
    joined_at = models.DateTimeField(auto_now_add=True)
    last_seen_on = models.DateField(null=True, blank=True)
    profile = BesideTenant("VendorProfile")
    is_anybody_away: bool | None = None  # of the vendor's people around now; known of whoever opens a page

    class Meta(PartnerModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "user"], name="one_membership_per_vendor"),
            models.CheckConstraint(
                condition=Q(role__in=sorted(PARTNER_ROLES), partner_id__isnull=False) & ~Q(partner_path="")
                | ~Q(role__in=sorted(PARTNER_ROLES)) & Q(partner_id__isnull=True, partner_path=""),
                name="partner_roles_have_a_partner",
            ),
        ]
        indexes = [models.Index(fields=["user"]), models.Index(fields=["tenant", "partner_id"])]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"

    def has(self, permission: Permission) -> bool:
        """Say whether the role of this membership may do something."""
        return self.status == self.Status.ACTIVE and self.role in permission.roles

    @property
    def is_partner(self) -> bool:
        return self.partner_id is not None

    @property
    def is_vendor(self) -> bool:
        return self.partner_id is None

    @property
    def actor(self) -> Actor:
        """Return what the walls need to know of this person."""
        below = Scope.TREE if self.reaches_below else Scope.PARTNER
        scope = Scope.VENDOR if self.is_vendor else below
        return Actor(self.tenant_id, scope, self.partner_path, self.user_id)


class NoMember:
    """Stands for the membership of somebody who has none here."""

    is_partner = is_vendor = False
    role = ""
    firm = ""
    pk = None

    def has(self, permission: Permission) -> bool:
        return False


class Invitation(PartnerModel):
    """An offer of a membership, accepted once through a link whose secret only the invited person got."""

    class Status(TextChoices):
        OPEN = "open", _("Invited")
        ACCEPTED = "accepted", _("Accepted")
        REVOKED = "revoked", _("Withdrawn")

    email = models.EmailField(_("Work e-mail"))
    name = models.CharField(_("Name"), max_length=120)
    role = models.CharField(_("Role"), max_length=20, choices=Role.choices)
    partner_id = models.UUIDField(null=True, blank=True)
    firm = models.CharField(max_length=200, blank=True)
    reaches_below = models.BooleanField(default=False)
    secret_digest = models.CharField(max_length=64)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    invited_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta(PartnerModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "email"], condition=Q(status="open"), name="one_open_invitation_per_address"
            )
        ]

    def is_usable(self, at: datetime) -> bool:
        """Say whether the link still works."""
        return self.status == self.Status.OPEN and at < self.expires_at


class VendorProfile(TenantModel):
    """How a vendor's portal looks and which calendar and currency it keeps."""

    brand_color = models.CharField(max_length=7, default="#0e6c86")
    brand_tint = models.PositiveSmallIntegerField(default=226)
    brand_radius = models.PositiveSmallIntegerField(default=8)
    time_zone = models.CharField(max_length=60, default="UTC", validators=[is_time_zone])
    language = models.CharField(max_length=8, default="en")
    currency = models.CharField(max_length=3, default="EUR")
    support_email = models.EmailField(blank=True)
    demands_second_factor = models.BooleanField(default=False)
    lets_distributors_see_below = models.BooleanField(default=True)
    asks_more_of = models.JSONField(default=list, blank=True)  # kinds of records that ever had custom fields

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant"], name="one_profile_per_vendor")]

    def day_of(self, at: datetime) -> date:
        """Return the vendor's day at an instant."""
        return day_of(at, self.time_zone)
