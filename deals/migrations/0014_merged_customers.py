"""Lets customers that are one become one, with what moved, so that they can be two again."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import prm.tenancy.fields

PERSON = {
    "to": settings.AUTH_USER_MODEL,
    "on_delete": django.db.models.deletion.PROTECT,
    "db_constraint": False,
    "db_index": False,
    "related_name": "+",
}
CUSTOMER = {"to": "deals.endcustomer", "on_delete": django.db.models.deletion.PROTECT, "related_name": "+"}


class Migration(migrations.Migration):
    dependencies = [
        ("deals", "0013_search_customers"),
        ("prm", "0016_disputes_about_more"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            "endcustomer", "merged_into", prm.tenancy.fields.TenantForeignKey(blank=True, null=True, **CUSTOMER)
        ),
        migrations.AddIndex(
            "endcustomer",
            models.Index(
                fields=["tenant", "merged_into"],
                condition=models.Q(("merged_into__isnull", False)),
                name="customers_merged",
            ),
        ),
        migrations.AddConstraint(
            "endcustomer",
            models.CheckConstraint(
                condition=models.Q(("merged_into", models.F("id")), _negated=True), name="nobody_is_merged_into_itself"
            ),
        ),
        migrations.CreateModel(
            name="CustomerMerge",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=prm.tenancy.fields.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("tenant", prm.tenancy.fields.TenantKey()),
                ("kept", prm.tenancy.fields.TenantForeignKey(**CUSTOMER)),
                ("dissolved", prm.tenancy.fields.TenantForeignKey(**CUSTOMER)),
                ("moved", models.JSONField(default=dict)),
                ("at", models.DateTimeField()),
                ("by", models.ForeignKey(**PERSON)),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                ("undone_by", models.ForeignKey(blank=True, null=True, **PERSON)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
                "indexes": [models.Index(fields=["tenant", "kept"], name="merges_into_customer")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("undone_at", None)),
                        fields=("tenant", "dissolved"),
                        name="a_customer_is_merged_once",
                    )
                ],
            },
        ),
    ]
