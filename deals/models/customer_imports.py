"""Lists of customers that the vendor brings along: what each line said, and what became of it."""

from __future__ import annotations

from django.db import models

from deals.enums import Found, Problem
from deals.models.customers import PERSON, EndCustomer
from deals.rules.matching.classes import Class, Likeness
from deals.rules.matching.evidence import Evidence
from prm.choices import TextChoices
from prm.tenancy.fields import TenantForeignKey
from prm.tenancy.models import VendorModel


class CustomerImport(VendorModel):
    """A list on its way: first looked at, line by line, then taken over. Both can be left and taken up again."""

    class Status(TextChoices):
        MAPPING = "mapping"
        CHECKING = "checking"
        CHECKED = "checked"
        ADDING = "adding"
        DONE = "done"
        FAILED = "failed"
        STOPPED = "stopped"

    file_name = models.CharField(max_length=200)
    lines = models.JSONField()  # cells, as texts
    columns = models.JSONField(default=list)  # the field that each column means, or nothing
    has_head = models.BooleanField(default=True)
    country = models.CharField(max_length=2, blank=True)  # of lines that name none
    with_alike = models.BooleanField(default=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.MAPPING)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)  # lines, of what is being done now
    added = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()
    by = models.ForeignKey(**PERSON)

    class Meta(VendorModel.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    status__in=["mapping", "checking", "checked", "adding", "done", "failed", "stopped"]
                ),
                name="import_status_is_known",
            )
        ]
        indexes = [models.Index(fields=["tenant", "at"], name="imports_latest")]

    @property
    def is_running(self) -> bool:
        return self.status in (self.Status.CHECKING, self.Status.ADDING)

    @property
    def is_judged(self) -> bool:
        return self.status not in (self.Status.MAPPING, self.Status.CHECKING)


class ImportedLine(VendorModel):
    """A line of such a list: whom it means, whom it looks like and why, or what is wrong with it."""

    job = TenantForeignKey(CustomerImport, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    facts = models.JSONField(default=dict)
    found = models.CharField(max_length=8, choices=Found.choices)
    problem = models.CharField(max_length=20, choices=Problem.choices, blank=True)
    customer = TenantForeignKey(EndCustomer, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    like = TenantForeignKey(EndCustomer, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    like_line = models.PositiveIntegerField(null=True, blank=True)  # of the same list, further up
    kind = models.CharField(max_length=12, blank=True)
    probability = models.FloatField(default=0)
    evidence = models.JSONField(default=list)
    is_added = models.BooleanField(default=False)

    class Meta(VendorModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "job", "number"], name="a_line_is_judged_once"),
            models.CheckConstraint(condition=models.Q(found__in=Found.values), name="what_was_found_is_known"),
        ]

    @property
    def likeness(self) -> Likeness | None:
        """How what it looks like stands to it."""
        if not self.kind:
            return None
        reasons = tuple(Evidence(row["code"], row["is_for"], row["facts"]) for row in self.evidence)
        return Likeness(Class(self.kind), self.probability, reasons)
