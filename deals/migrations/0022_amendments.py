"""Amendments: what partners change of the facts that they registered, one that waits at a time."""

import django.db.models.deletion
import prm.tenancy.fields
import prm.tenancy.models
from django.conf import settings
from django.db import migrations, models

PERSON = {
    "to": settings.AUTH_USER_MODEL,
    "on_delete": django.db.models.deletion.PROTECT,
    "db_constraint": False,
    "db_index": False,
    "related_name": "+",
}
STATUS = {
    "applied": "Changed at once",
    "pending": "Waiting for a decision",
    "approved": "Approved",
    "refused": "Refused",
    "recalled": "Taken back",
    "lapsed": "Lapsed",
}
IS_PENDING = models.Q(("status", "pending"))


class Migration(migrations.Migration):
    dependencies = [
        ("deals", "0021_how_far_direct_opportunities_are"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Amendment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=prm.tenancy.fields.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("tenant", prm.tenancy.fields.TenantKey()),
                (
                    "partner_path",
                    prm.tenancy.models.PartnerPathField(blank=True, db_collation="C", editable=False, max_length=140),
                ),
                (
                    "registration",
                    prm.tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="amendments",
                        to="deals.registration",
                    ),
                ),
                ("status", models.CharField(choices=list(STATUS.items()), max_length=10)),
                ("version", models.PositiveIntegerField()),
                ("before", models.JSONField()),
                ("after", models.JSONField()),
                ("grounds", models.JSONField(default=list)),
                ("note", models.TextField(blank=True, max_length=2000)),
                ("asked_by", models.ForeignKey(**PERSON)),
                ("asked_at", models.DateTimeField()),
                ("decide_by", models.DateTimeField(blank=True, null=True)),
                ("decided_by", models.ForeignKey(blank=True, null=True, **PERSON)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("reason_code", models.CharField(blank=True, max_length=40)),
                ("decision_note", models.TextField(blank=True, max_length=2000)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["tenant", "registration"], name="amendment_of_registration"),
                    models.Index(fields=["tenant", "decide_by"], condition=IS_PENDING, name="amendment_to_decide"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "registration"), condition=IS_PENDING, name="one_amendment_waits_at_a_time"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "pending"), _negated=True),
                            models.Q(("decide_by__isnull", False), ("decided_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="an_amendment_that_waits_has_a_promise",
                    ),
                ],
            },
        ),
        migrations.AddField("registration", "amend_by", models.DateTimeField(blank=True, null=True)),
        migrations.AddIndex(
            "registration",
            models.Index(
                fields=["tenant", "amend_by"],
                condition=models.Q(("amend_by__isnull", False)),
                name="registration_to_amend",
            ),
        ),
    ]
