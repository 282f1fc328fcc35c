import django.contrib.postgres.fields
import django.db.models.deletion
import prm.tenancy.fields
import prm.tenancy.models
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('partners', '0006_company_profiles'),
        ('prm', '0007_file_pages'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='tier',
            name='tiers_are_ranked',
        ),
        migrations.AddField(
            model_name='program',
            name='version',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='tier',
            name='is_offered',
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name='tiermembership',
            name='held_until',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='tiermembership',
            name='note',
            field=models.TextField(blank=True, max_length=500),
        ),
        migrations.AddConstraint(
            model_name='tier',
            constraint=models.UniqueConstraint(condition=models.Q(('is_offered', True)), fields=('tenant', 'program', 'rank'), name='offered_tiers_are_ranked'),
        ),
        migrations.CreateModel(
            name='Achievement',
            fields=[
                ('id', models.UUIDField(default=prm.tenancy.fields.uuid7, editable=False, primary_key=True, serialize=False)),
                ('partner_path', prm.tenancy.models.PartnerPathField(blank=True, db_collation='C', editable=False, max_length=140)),
                ('metric', models.CharField(choices=[('revenue', 'Revenue'), ('won_deals', 'Won deals'), ('registrations', 'Approved registrations'), ('certified', 'Certified people'), ('months', 'Months in the program'), ('figure', 'A figure you record'), ('confirmed', 'Something you confirm')], max_length=20)),
                ('on', models.DateField()),
                ('amount', models.DecimalField(decimal_places=4, max_digits=19)),
                ('currency', models.CharField(blank=True, max_length=3)),
                ('families', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                ('label', models.CharField(blank=True, max_length=80)),
                ('source_type', models.CharField(max_length=60)),
                ('source_id', models.UUIDField()),
                ('note', models.CharField(blank=True, max_length=500)),
                ('credited_at', models.DateTimeField()),
                ('by', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('partner', prm.tenancy.fields.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='achievements', to='partners.partner')),
                ('tenant', prm.tenancy.fields.TenantKey()),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
                'indexes': [models.Index(fields=['tenant', 'partner', 'on'], name='achievement_of_partner')],
                'constraints': [models.UniqueConstraint(fields=('tenant', 'source_id', 'source_type', 'metric'), name='an_achievement_counts_once'), models.CheckConstraint(condition=models.Q(('currency', ''), ('metric', 'revenue'), _connector='OR'), name='only_revenue_has_a_currency'), models.CheckConstraint(condition=models.Q(models.Q(('amount', Decimal('0')), _negated=True), ('metric', 'figure'), _connector='OR'), name='achievement_is_something')],
            },
        ),
        migrations.CreateModel(
            name='Confirmation',
            fields=[
                ('id', models.UUIDField(default=prm.tenancy.fields.uuid7, editable=False, primary_key=True, serialize=False)),
                ('partner_path', prm.tenancy.models.PartnerPathField(blank=True, db_collation='C', editable=False, max_length=140)),
                ('label', models.CharField(max_length=80)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField(blank=True, null=True)),
                ('note', models.CharField(blank=True, max_length=500)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('partner', prm.tenancy.fields.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='confirmations', to='partners.partner')),
                ('tenant', prm.tenancy.fields.TenantKey()),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
                'indexes': [models.Index(fields=['tenant', 'partner', 'starts_on'], name='confirmation_of_partner')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='confirmation_ends_after_it_starts')],
            },
        ),
        migrations.CreateModel(
            name='Evaluation',
            fields=[
                ('id', models.UUIDField(default=prm.tenancy.fields.uuid7, editable=False, primary_key=True, serialize=False)),
                ('partner_path', prm.tenancy.models.PartnerPathField(blank=True, db_collation='C', editable=False, max_length=140)),
                ('on', models.DateField()),
                ('at', models.DateTimeField()),
                ('outcome', models.CharField(choices=[('unplaced', 'In no tier'), ('safe', 'Secure'), ('at_risk', 'At risk'), ('held', 'Kept by exception'), ('proposed', 'To be promoted'), ('warned', 'Warned')], max_length=10)),
                ('move', models.CharField(max_length=10)),
                ('reasons', models.JSONField(default=list)),
                ('traces', models.JSONField(default=list)),
                ('before', prm.tenancy.fields.TenantForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.tier')),
                ('partner', prm.tenancy.fields.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evaluations', to='partners.partner')),
                ('policy', prm.tenancy.fields.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='prm.policyversion')),
                ('tenant', prm.tenancy.fields.TenantKey()),
                ('tier', prm.tenancy.fields.TenantForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.tier')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
                'indexes': [models.Index(fields=['tenant', 'partner', 'at'], name='evaluation_of_partner')],
            },
        ),
        migrations.CreateModel(
            name='Outlook',
            fields=[
                ('id', models.UUIDField(default=prm.tenancy.fields.uuid7, editable=False, primary_key=True, serialize=False)),
                ('partner_path', prm.tenancy.models.PartnerPathField(blank=True, db_collation='C', editable=False, max_length=140)),
                ('outcome', models.CharField(choices=[('unplaced', 'In no tier'), ('safe', 'Secure'), ('at_risk', 'At risk'), ('held', 'Kept by exception'), ('proposed', 'To be promoted'), ('warned', 'Warned')], default='unplaced', max_length=10)),
                ('evaluated_on', models.DateField()),
                ('warned_on', models.DateField(blank=True, null=True)),
                ('demotes_on', models.DateField(blank=True, null=True)),
                ('declined_until', models.DateField(blank=True, null=True)),
                ('digest', models.CharField(blank=True, max_length=64)),
                ('partner', prm.tenancy.fields.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='outlooks', to='partners.partner')),
                ('policy', prm.tenancy.fields.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='prm.policyversion')),
                ('proposed', prm.tenancy.fields.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.tier')),
                ('tenant', prm.tenancy.fields.TenantKey()),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
                'indexes': [models.Index(fields=['tenant', 'outcome'], name='outlook_by_outcome')],
                'constraints': [models.UniqueConstraint(fields=('tenant', 'partner'), name='a_partner_has_one_outlook'), models.CheckConstraint(condition=models.Q(('outcome__in', ['unplaced', 'safe', 'at_risk', 'held', 'proposed', 'warned'])), name='outlook_is_known')],
            },
        ),
        migrations.CreateModel(
            name='Preview',
            fields=[
                ('id', models.UUIDField(default=prm.tenancy.fields.uuid7, editable=False, primary_key=True, serialize=False)),
                ('body', models.JSONField()),
                ('revision', models.PositiveIntegerField()),
                ('on', models.DateField()),
                ('total', models.PositiveIntegerField()),
                ('done', models.PositiveIntegerField(default=0)),
                ('status', models.CharField(choices=[('running', 'Running'), ('done', 'Done')], default='running', max_length=10)),
                ('moves', models.JSONField(default=list)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tenant', prm.tenancy.fields.TenantKey()),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
                'indexes': [models.Index(fields=['tenant', 'at'], name='previews_by_time')],
                'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['running', 'done'])), name='preview_status_is_known')],
            },
        ),
        migrations.CreateModel(
            name='Waiver',
            fields=[
                ('id', models.UUIDField(default=prm.tenancy.fields.uuid7, editable=False, primary_key=True, serialize=False)),
                ('partner_path', prm.tenancy.models.PartnerPathField(blank=True, db_collation='C', editable=False, max_length=140)),
                ('requirement', models.CharField(max_length=40)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField()),
                ('reason', models.CharField(max_length=500)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('partner', prm.tenancy.fields.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='waivers', to='partners.partner')),
                ('tenant', prm.tenancy.fields.TenantKey()),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
                'indexes': [models.Index(fields=['tenant', 'partner', 'ends_on'], name='waiver_of_partner')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='waiver_ends_after_it_starts')],
            },
        ),
    ]
