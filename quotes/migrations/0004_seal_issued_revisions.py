from django.db import migrations

from prm.tenancy.moving import MoveRows


class Migration(migrations.Migration):

    dependencies = [
        ('quotes', '0003_revisions_are_sealed'),
    ]

    operations = [
        MoveRows(
            ['quotes_quoterevision'], 'UPDATE quotes_quoterevision SET is_sealed = true WHERE issued_at IS NOT NULL'
        ),
    ]
