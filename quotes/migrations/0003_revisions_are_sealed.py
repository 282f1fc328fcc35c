from django.db import migrations, models

# What refers to the keys made here is raised after migrate; it goes first when this is taken back.
LOOSEN = """
    ALTER TABLE quotes_quoteline DROP CONSTRAINT IF EXISTS quotes_quoteline_revision_id_same_tenant;
    ALTER TABLE quotes_pricestep DROP CONSTRAINT IF EXISTS quotes_pricestep_line_id_same_tenant;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('quotes', '0002_search_quotes'),
    ]

    operations = [
        migrations.AddField(
            model_name='quoterevision',
            name='is_sealed',
            field=models.BooleanField(default=False),
        ),
        migrations.AddConstraint(
            model_name='quoterevision',
            constraint=models.UniqueConstraint(fields=('tenant', 'id', 'is_sealed'), name='a_revision_is_sealed_with_its_lines'),
        ),
        migrations.AddConstraint(
            model_name='quoteline',
            constraint=models.UniqueConstraint(fields=('tenant', 'id', 'is_sealed'), name='a_line_is_sealed_with_its_steps'),
        ),
        migrations.RunSQL(migrations.RunSQL.noop, LOOSEN),
    ]
