"""Disputes about more kinds of decisions, also of firms whose people have no login yet."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("prm", "0015_asks_more_of")]

    operations = [
        migrations.AddField(
            model_name="dispute",
            name="decision_kind",
            field=models.CharField(default="rejected", max_length=20),
            preserve_default=False,
        ),
        migrations.AddField(model_name="dispute", name="warned_at", field=models.DateTimeField(null=True)),
        migrations.AlterField(
            model_name="dispute",
            name="raised_by",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]
