"""The order of a won deal, who won a lost one, and sales that were taken back."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("deals", "0014_merged_customers"),
    ]

    operations = [
        migrations.AddField(
            model_name="registration",
            name="competitor",
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name="registration",
            name="order_reference",
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddField(
            model_name="sale",
            name="reversed_on",
            field=models.DateField(blank=True, null=True),
        ),
    ]
