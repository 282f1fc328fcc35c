"""Check-ins of protected deals: what a partner confirms by a day."""

import django.db.models.deletion
import prm.tenancy.fields
import prm.tenancy.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("deals", "0011_directs"),
        ("prm", "0016_disputes_about_more"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CheckIn",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=prm.tenancy.fields.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "partner_path",
                    prm.tenancy.models.PartnerPathField(blank=True, db_collation="C", editable=False, max_length=140),
                ),
                ("opened_at", models.DateTimeField()),
                ("due_on", models.DateField()),
                ("due_by", models.DateTimeField()),
                ("is_open", models.BooleanField(default=True)),
                ("reminded_at", models.DateTimeField(blank=True, null=True)),
                ("missed_at", models.DateTimeField(blank=True, null=True)),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                (
                    "stage",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("prospect", "Prospect"),
                            ("qualified", "Qualified"),
                            ("technical_validation", "Technical validation"),
                            ("business_validation", "Business validation"),
                            ("committed", "Committed"),
                            ("won", "Won"),
                            ("lost", "Lost"),
                        ],
                        max_length=24,
                    ),
                ),
                ("close_on", models.DateField(blank=True, null=True)),
                ("note", models.TextField(blank=True, max_length=2000)),
                (
                    "done_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "registration",
                    prm.tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="check_ins", to="deals.registration"
                    ),
                ),
                ("tenant", prm.tenancy.fields.TenantKey()),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_open", True)), fields=["tenant", "due_on"], name="check_in_due"
                    ),
                    models.Index(fields=["tenant", "registration"], name="check_in_of_registration"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_open", True)),
                        fields=("tenant", "registration"),
                        name="one_check_in_waits_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("is_open", False), ("done_at", None), _connector="OR"),
                        name="a_check_in_done_is_not_open",
                    ),
                ],
            },
        ),
    ]
