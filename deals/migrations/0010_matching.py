"""Finds customers by match keys. See deals/queries/matching.py; why a function: prm/tenancy/searching.py."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import prm.tenancy.fields
from django.conf import settings
from django.db import migrations, models

# Always the generic plan: for an array of keys in hand the planner guesses that most rows fit, and reads them all.
FIND = """
    CREATE FUNCTION deals_match_customers(keys bigint[], weights real[], its_country text, its_place text, most integer)
    RETURNS SETOF uuid LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
    DECLARE
        tenant uuid := nullif(current_setting('app.tenant_id', true), '');
        reach text := nullif(current_setting('app.scope', true), '');
    BEGIN
        IF reach IS NULL OR reach NOT IN ('vendor', 'system') THEN
            RETURN;
        END IF;
        RETURN QUERY
            WITH asked AS MATERIALIZED (SELECT * FROM unnest(keys, weights) AS pair (key, weight)),
            found AS MATERIALIZED (
                SELECT customer.id, customer.country, customer.place_key, customer.match_keys
                FROM public.deals_endcustomer customer
                WHERE customer.tenant_id = tenant AND customer.match_keys && keys
            )
            SELECT found.id FROM found
            CROSS JOIN LATERAL unnest(found.match_keys) AS its (key)
            JOIN asked ON asked.key = its.key
            GROUP BY found.id, found.country, found.place_key
            ORDER BY sum(asked.weight)
                + CASE WHEN found.country = its_country THEN 2 ELSE 0 END
                + CASE WHEN its_place <> '' AND found.place_key = its_place THEN 3 ELSE 0 END DESC, found.id
            LIMIT least(most, 200);
    END
    $$
"""
SIGNATURE = "deals_match_customers(bigint[], real[], text, text, integer)"
MAKE = [
    FIND,
    f"REVOKE ALL ON FUNCTION {SIGNATURE} FROM PUBLIC",
    f"GRANT EXECUTE ON FUNCTION {SIGNATURE} TO prm_app",
    f"ALTER FUNCTION {SIGNATURE} OWNER TO prm_search",
]


class Migration(migrations.Migration):

    dependencies = [
        ('deals', '0009_custom_fields'),
        ('prm', '0014_disputes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='MatchKeyCount',
            fields=[
                ('id', models.UUIDField(default=prm.tenancy.fields.uuid7, editable=False, primary_key=True, serialize=False)),
                ('tenant', prm.tenancy.fields.TenantKey()),
                ('key', models.BigIntegerField()),
                ('customers', models.PositiveIntegerField()),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
            },
        ),
        migrations.AddField(
            model_name='endcustomer',
            name='address',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name='endcustomer',
            name='match_keys',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, default=list, editable=False, size=None),
        ),
        migrations.AddField(
            model_name='endcustomer',
            name='norm_version',
            field=models.PositiveSmallIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name='endcustomer',
            name='other_names',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=200), blank=True, default=list, size=None),
        ),
        migrations.AddField(
            model_name='endcustomer',
            name='other_websites',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=253), blank=True, default=list, size=None),
        ),
        migrations.AddField(
            model_name='endcustomer',
            name='parent',
            field=prm.tenancy.fields.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='subsidiaries', to='deals.endcustomer'),
        ),
        migrations.AddField(
            model_name='endcustomer',
            name='phone',
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name='endcustomer',
            name='place_key',
            field=models.CharField(blank=True, db_collation='C', editable=False, max_length=60),
        ),
        migrations.AddField(
            model_name='endcustomer',
            name='postcode',
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AddField(
            model_name='endcustomer',
            name='state',
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name='endcustomer',
            name='tax_id',
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name='endcustomer',
            name='website',
            field=models.CharField(blank=True, max_length=253),
        ),
        migrations.AddIndex(
            model_name='endcustomer',
            index=django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['match_keys'], name='customers_by_match_key'),
        ),
        migrations.AddIndex(
            model_name='endcustomer',
            index=models.Index(fields=['tenant', 'norm_version'], name='customers_by_norm'),
        ),
        migrations.AddIndex(
            model_name='endcustomer',
            index=models.Index(fields=['tenant', 'parent'], name='customers_of_parent'),
        ),
        migrations.AddConstraint(
            model_name='matchkeycount',
            constraint=models.UniqueConstraint(fields=('tenant', 'key'), name='a_match_key_is_counted_once'),
        ),
        migrations.CreateModel(
            name='CustomerLikeness',
            fields=[
                ('id', models.UUIDField(default=prm.tenancy.fields.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('same', 'same'), ('may_be_same', 'may_be_same'), ('related', 'related'), ('different', 'different')], max_length=12)),
                ('probability', models.FloatField()),
                ('evidence', models.JSONField(default=list)),
                ('weights', models.CharField(max_length=20)),
                ('found_at', models.DateTimeField()),
                ('told_apart_at', models.DateTimeField(blank=True, null=True)),
                ('one', prm.tenancy.fields.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='deals.endcustomer')),
                ('other', prm.tenancy.fields.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='deals.endcustomer')),
                ('tenant', prm.tenancy.fields.TenantKey()),
                ('told_apart_by', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
                'indexes': [models.Index(fields=['tenant', 'other'], name='likenesses_of_other')],
                'constraints': [models.UniqueConstraint(fields=('tenant', 'one', 'other'), name='a_likeness_is_kept_once'), models.CheckConstraint(condition=models.Q(('one', models.F('other')), _negated=True), name='nobody_is_like_itself')],
            },
        ),
        migrations.RunSQL(MAKE, f"DROP FUNCTION {SIGNATURE}"),
    ]
