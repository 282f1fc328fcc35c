"""Which registration asks anew for which."""

import django.db.models.deletion
import prm.tenancy.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("deals", "0015_won_and_lost"),
        ("partners", "0005_custom_fields"),
        ("prm", "0017_promise_clocks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="registration",
            name="repeats",
            field=prm.tenancy.fields.TenantForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="asked_again",
                to="deals.registration",
            ),
        ),
        migrations.AddConstraint(
            model_name="registration",
            constraint=models.UniqueConstraint(
                condition=models.Q(("repeats__isnull", False), ("thrown_away_at__isnull", True)),
                fields=("tenant", "repeats"),
                name="a_registration_is_asked_again_once",
            ),
        ),
    ]
