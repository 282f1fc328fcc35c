"""Lets the vendor bring lists of its customers along, known by its own numbers for them."""

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
CUSTOMER = {
    "to": "deals.endcustomer",
    "on_delete": django.db.models.deletion.PROTECT,
    "related_name": "+",
    "null": True,
    "blank": True,
}
ID = models.UUIDField(default=prm.tenancy.fields.uuid7, editable=False, primary_key=True, serialize=False)
NAMES = {"abstract": False, "base_manager_name": "objects", "default_manager_name": "objects"}
STATUS = ("mapping", "checking", "checked", "adding", "done", "failed")
FOUND = {"new": "New", "same": "Known already", "alike": "May be the same", "wrong": "Cannot be taken over"}
PROBLEM = {
    "no_name": "It has no name.",
    "no_letters": "The name has no letter and no digit.",
    "too_long": "A cell is too long. A name has at most 200 characters, a website 253.",
    "unknown_country": "The country is not known. Write its name, or its code such as DE.",
    "no_website": "This is no website of a company. Write its domain, or leave it empty.",
    "no_number": "The tax or register number has no letter and no digit.",
}


class Migration(migrations.Migration):
    dependencies = [("deals", "0017_conflict_cases"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.AddField("endcustomer", "external_id", models.CharField(blank=True, max_length=80, default="")),
        migrations.AlterField("endcustomer", "external_id", models.CharField(blank=True, max_length=80)),
        migrations.AddConstraint(
            "endcustomer",
            models.UniqueConstraint(
                condition=models.Q(("external_id", ""), _negated=True),
                fields=("tenant", "external_id"),
                name="an_external_id_is_of_one_customer",
            ),
        ),
        migrations.CreateModel(
            name="CustomerImport",
            fields=[
                ("id", ID.clone()),
                ("tenant", prm.tenancy.fields.TenantKey()),
                ("file_name", models.CharField(max_length=200)),
                ("lines", models.JSONField()),
                ("columns", models.JSONField(default=list)),
                ("has_head", models.BooleanField(default=True)),
                ("country", models.CharField(blank=True, max_length=2)),
                ("with_alike", models.BooleanField(default=True)),
                (
                    "status",
                    models.CharField(
                        choices=[(name, name.title()) for name in STATUS], default="mapping", max_length=10
                    ),
                ),
                ("total", models.PositiveIntegerField(default=0)),
                ("done", models.PositiveIntegerField(default=0)),
                ("added", models.PositiveIntegerField(default=0)),
                ("at", models.DateTimeField()),
                ("by", models.ForeignKey(**PERSON)),
            ],
            options=NAMES
            | {
                "indexes": [models.Index(fields=["tenant", "at"], name="imports_latest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", list(STATUS))), name="import_status_is_known"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportedLine",
            fields=[
                ("id", ID.clone()),
                ("tenant", prm.tenancy.fields.TenantKey()),
                (
                    "job",
                    prm.tenancy.fields.TenantForeignKey(
                        to="deals.customerimport", on_delete=django.db.models.deletion.CASCADE, related_name="+"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("facts", models.JSONField(default=dict)),
                ("found", models.CharField(choices=list(FOUND.items()), max_length=8)),
                ("problem", models.CharField(blank=True, choices=list(PROBLEM.items()), max_length=20)),
                ("customer", prm.tenancy.fields.TenantForeignKey(**CUSTOMER)),
                ("like", prm.tenancy.fields.TenantForeignKey(**CUSTOMER)),
                ("like_line", models.PositiveIntegerField(blank=True, null=True)),
                ("kind", models.CharField(blank=True, max_length=12)),
                ("probability", models.FloatField(default=0)),
                ("evidence", models.JSONField(default=list)),
                ("is_added", models.BooleanField(default=False)),
            ],
            options=NAMES
            | {
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "job", "number"), name="a_line_is_judged_once"),
                    models.CheckConstraint(
                        condition=models.Q(("found__in", list(FOUND))), name="what_was_found_is_known"
                    ),
                ],
            },
        ),
    ]
