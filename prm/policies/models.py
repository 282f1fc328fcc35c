"""Rules a vendor makes for itself: versioned data, pinned by every record decided under them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from prm.policies.courses import Because, Course
from prm.tenancy.fields import TenantForeignKey
from prm.tenancy.models import TenantModel, VendorModel


class PolicyVersion(TenantModel):
    """One published version of a vendor's rules for an area; never changed, only followed by the next."""

    area = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    body = models.JSONField()
    effective_on = models.DateField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    published_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "area", "number"], name="policy_versions_are_numbered")
        ]


class PolicyDraft(VendorModel):
    """The next version of an area's rules while an administrator works on it; one per area."""

    area = models.CharField(max_length=40)
    body = models.JSONField()
    based_on = models.PositiveIntegerField()  # the number of the version it was started from
    revision = models.PositiveIntegerField(default=1)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )
    saved_at = models.DateTimeField()

    class Meta(VendorModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "area"], name="an_area_has_one_draft")]


class ReasonCode(TenantModel):
    """A reason for a decision, from the vendor's list; the person deciding adds a note."""

    area = models.CharField(max_length=40)
    code = models.SlugField(max_length=40)
    label = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "area", "code"], name="a_reason_has_one_code")]

    LABELS = {
        "duplicate": _("Another registration came first"),
        "incomplete": _("Facts are missing"),
        "existing_business": _("Already our customer"),
        "not_eligible": _("Product or customer is not eligible"),
        "no_activity": _("No pre-sales activity"),
        "no_progress": _("No progress since the approval"),
        "no_evidence": _("The progress is not shown"),
        "too_late": _("Asked for too late"),
        "price": _("Price"),
        "competitor": _("A competitor won"),
        "function": _("The product does not fit"),
        "no_budget": _("No budget"),
        "postponed": _("Postponed or stopped"),
        "untrue": _("Facts turned out to be untrue"),
        "customer_wish": _("The customer wants another partner"),
        "rules_broken": _("The rules of engagement were broken"),
        "no_fit": _("Does not fit the vendor's plans"),
        "no_result": _("The expected result is not convincing"),
        "too_expensive": _("Too expensive for the expected result"),
        "no_proof": _("The proof is missing or does not fit"),
        "not_in_plan": _("Not part of the approved plan"),
        "invoice_used": _("The invoice was claimed before"),
        "unreadable": _("The document cannot be read"),
        "not_held": _("The activity did not take place"),
        "paid_twice": _("It was paid twice"),
        "too_high": _("The discount is too high"),
        "not_convincing": _("Its reason does not convince"),
        "too_few": _("Too few pieces for it"),
        "other_offer": _("Another offer was chosen"),
        "customer_cancelled": _("The customer cancelled"),
        "not_available": _("It cannot be delivered"),
        "entered_twice": _("It was ordered twice"),
        "other_business": _("Our products and your business do not fit"),
        "territory_full": _("Enough partners in this region"),
        "too_small": _("Too small for the programme"),
        "rival_firm": _("Works for a competitor"),
        "facts_overlooked": _("Facts were overlooked"),
        "rule_misread": _("A rule was read wrongly"),
        "new_evidence": _("There is new evidence"),
        "unequal": _("Others were treated otherwise"),
        "facts_stand": _("The facts do not change it"),
        "rule_applied": _("The rule was applied rightly"),
        "evidence_convinces": _("The evidence convinces"),
        "mistake": _("The decision was a mistake"),
        "known_partner": _("The company is our partner already"),
        "firm_bought": _("The partner was bought"),
        "partner_ended": _("The work with the partner ends"),
        "partner_asked": _("The partner asked for it"),
        "other": _("Other"),
    }

    def __str__(self) -> str:
        return str(self.LABELS.get(self.code, self.label)) if not self.label else self.label


class CourseTaken(VendorModel):
    """One time that the rules of a version were followed for a record; the latest counts. Never changed.

    For records whose partners learn the outcome only; `deals.Ruling` is that of registrations.
    """

    is_append_only = True

    subject_type = models.CharField(max_length=60)
    subject_id = models.UUIDField()
    policy = TenantForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    course = models.CharField(max_length=10, choices=Course.choices)
    because = models.CharField(max_length=10, choices=Because.choices)
    effects = models.JSONField(default=dict)  # what holds, by the name of the effect
    trace = models.JSONField(default=list)  # as `rulesets.trace_of`

    class Meta(VendorModel.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(course__in=Course.values), name="course_taken_is_known"),
            models.CheckConstraint(condition=Q(because__in=Because.values), name="course_taken_has_a_cause"),
        ]
        indexes = [models.Index(fields=["tenant", "subject_id", "at"], name="courses_of_subject")]
