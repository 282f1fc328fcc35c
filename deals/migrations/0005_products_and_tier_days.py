from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('deals', '0004_search_the_latest_first'),
    ]

    operations = [
        migrations.AddField(
            model_name='product',
            name='description',
            field=models.TextField(blank=True, max_length=1000),
        ),
        migrations.AddField(
            model_name='product',
            name='is_available',
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name='registration',
            name='program_version',
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='registration',
            name='protection_days',
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='registration',
            name='protection_tier',
            field=models.CharField(blank=True, max_length=60),
        ),
    ]
