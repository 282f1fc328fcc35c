"""Transfers of deals to other partners: what a partner asks for, and the line that stays with it."""

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
STATUS = {"asked": "Asked for", "done": "Transferred", "refused": "Refused", "recalled": "Taken back"}
IS_ASKED = models.Q(("status", "asked"))


class Migration(migrations.Migration):
    dependencies = [
        ("deals", "0027_imports_that_are_stopped"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Transfer",
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
                        on_delete=django.db.models.deletion.CASCADE, related_name="transfers", to="deals.registration"
                    ),
                ),
                ("status", models.CharField(choices=list(STATUS.items()), max_length=10)),
                ("number", models.CharField(max_length=20)),
                ("customer_name", models.CharField(max_length=200)),
                ("owner", models.ForeignKey(**PERSON)),
                ("firm", models.CharField(blank=True, max_length=200)),
                ("wish", models.TextField(blank=True, max_length=2000)),
                ("asked_by", models.ForeignKey(blank=True, null=True, **PERSON)),
                ("asked_at", models.DateTimeField(blank=True, null=True)),
                ("decided_by", models.ForeignKey(blank=True, null=True, **PERSON)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("reason_code", models.CharField(blank=True, max_length=40)),
                ("note", models.TextField(blank=True, max_length=2000)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["tenant", "registration"], name="transfer_of_registration"),
                    models.Index(fields=["tenant", "partner_path", "decided_at"], name="transfer_of_partner"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "registration"), condition=IS_ASKED, name="one_transfer_is_asked_at_a_time"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("status", "asked")),
                            models.Q(models.Q(("status", "asked"), _negated=True), ("decided_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="a_transfer_is_asked_or_over",
                    ),
                ],
            },
        ),
    ]
