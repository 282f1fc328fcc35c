from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('quotes', '0003_revisions_are_sealed'),
    ]

    operations = [
        migrations.RunSQL(
            'UPDATE quotes_quoterevision SET is_sealed = true WHERE issued_at IS NOT NULL',
            migrations.RunSQL.noop,
        ),
    ]
