import django.contrib.postgres.fields
import django.db.models.deletion
import prm.tenancy.fields
import prm.tenancy.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('partners', '0003_agreements_onboarding_certifications'),
        ('prm', '0008_documents'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='partner',
            name='address',
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name='partner',
            name='domain_key',
            field=models.CharField(blank=True, db_collation='C', max_length=253),
        ),
        migrations.AddField(
            model_name='partner',
            name='name_key',
            field=models.CharField(blank=True, db_collation='C', max_length=260),
        ),
        migrations.AddField(
            model_name='partner',
            name='tax_id',
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name='partner',
            name='tax_key',
            field=models.CharField(blank=True, db_collation='C', max_length=60),
        ),
        migrations.CreateModel(
            name='Application',
            fields=[
                ('id', models.UUIDField(default=prm.tenancy.fields.uuid7, editable=False, primary_key=True, serialize=False)),
                ('tenant', prm.tenancy.fields.TenantKey()),
                ('number', models.CharField(blank=True, max_length=20)),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('submitted', 'Submitted'), ('in_review', 'In review'), ('info_requested', 'Information asked'), ('approved', 'Approved'), ('rejected', 'Rejected'), ('withdrawn', 'Withdrawn'), ('expired', 'Expired')], default='draft', max_length=16)),
                ('type', models.CharField(choices=[('sales_agent', 'Sales agent'), ('reseller', 'Reseller'), ('var', 'Value-added reseller'), ('system_integrator', 'System integrator'), ('distributor', 'Distributor'), ('oem', 'OEM'), ('msp', 'Managed service provider'), ('isv', 'Software vendor'), ('referral', 'Referral partner')], max_length=20)),
                ('language', models.CharField(max_length=8)),
                ('company_name', models.CharField(blank=True, max_length=200)),
                ('website', models.CharField(blank=True, max_length=253)),
                ('country', models.CharField(blank=True, max_length=2)),
                ('city', models.CharField(blank=True, max_length=120)),
                ('address', models.CharField(blank=True, max_length=300)),
                ('tax_id', models.CharField(blank=True, max_length=40)),
                ('contact_name', models.CharField(blank=True, max_length=120)),
                ('contact_email', models.CharField(blank=True, max_length=254)),
                ('name_key', models.CharField(blank=True, db_collation='C', max_length=260)),
                ('domain_key', models.CharField(blank=True, db_collation='C', max_length=253)),
                ('email_key', models.CharField(blank=True, db_collation='C', max_length=253)),
                ('tax_key', models.CharField(blank=True, db_collation='C', max_length=60)),
                ('typed', models.JSONField(blank=True, default=dict)),
                ('answers', models.JSONField(blank=True, default=dict)),
                ('score', models.PositiveIntegerField(default=0)),
                ('score_most', models.PositiveIntegerField(default=0)),
                ('started_at', models.DateTimeField()),
                ('saved_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('sendings', models.PositiveSmallIntegerField(default=0)),
                ('submitted_at', models.DateTimeField(blank=True, null=True)),
                ('decide_by', models.DateTimeField(blank=True, null=True)),
                ('answer_by', models.DateTimeField(blank=True, null=True)),
                ('expires_at', models.DateTimeField(blank=True, null=True)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('reason_code', models.CharField(blank=True, max_length=40)),
                ('decision_note', models.TextField(blank=True, max_length=2000)),
                ('version', models.PositiveIntegerField(default=1)),
                ('decided_by', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('partner', prm.tenancy.fields.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='applications', to='partners.partner')),
                ('policy', prm.tenancy.fields.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='prm.policyversion')),
                ('tier', prm.tenancy.fields.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.tier')),
            ],
            options={
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
                'indexes': [models.Index(fields=['tenant', 'status', 'decide_by', 'id'], name='application_to_decide'), models.Index(fields=['tenant', 'submitted_at', 'id'], name='application_latest'), models.Index(condition=models.Q(('status', 'draft')), fields=['tenant', 'expires_at'], name='application_draft_end'), models.Index(condition=models.Q(('name_key', ''), _negated=True), fields=['tenant', 'name_key'], name='application_name'), models.Index(condition=models.Q(('domain_key', ''), _negated=True), fields=['tenant', 'domain_key'], name='application_domain'), models.Index(condition=models.Q(('email_key', ''), _negated=True), fields=['tenant', 'email_key'], name='application_email'), models.Index(condition=models.Q(('tax_key', ''), _negated=True), fields=['tenant', 'tax_key'], name='application_tax')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('number', ''), _negated=True), fields=('tenant', 'number'), name='application_numbers_differ'), models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'submitted', 'in_review', 'info_requested', 'approved', 'rejected', 'withdrawn', 'expired'])), name='application_status_is_known'), models.CheckConstraint(condition=models.Q(('status__in', ('draft', 'withdrawn', 'expired')), models.Q(('decide_by__isnull', False), ('submitted_at__isnull', False), models.Q(('number', ''), _negated=True), models.Q(('company_name', ''), _negated=True), models.Q(('contact_email', ''), _negated=True)), _connector='OR'), name='submitted_application_is_complete'), models.CheckConstraint(condition=models.Q(models.Q(('partner__isnull', False), ('status', 'approved')), models.Q(models.Q(('status', 'approved'), _negated=True), ('partner__isnull', True)), _connector='OR'), name='approved_application_has_a_partner'), models.CheckConstraint(condition=models.Q(('score__lte', models.F('score_most'))), name='score_is_not_more_than_can_be_reached')],
            },
        ),
        migrations.CreateModel(
            name='ApplicationLink',
            fields=[
                ('id', models.UUIDField(default=prm.tenancy.fields.uuid7, editable=False, primary_key=True, serialize=False)),
                ('tenant', prm.tenancy.fields.TenantKey()),
                ('purpose', models.CharField(choices=[('draft', 'Draft'), ('status', 'Status page')], max_length=8)),
                ('secret_digest', models.CharField(max_length=64)),
                ('expires_at', models.DateTimeField()),
                ('application', prm.tenancy.fields.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to='partners.application')),
            ],
            options={
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
                'indexes': [models.Index(fields=['tenant', 'application'], name='link_of_application')],
                'constraints': [models.UniqueConstraint(fields=('tenant', 'secret_digest'), name='application_secrets_differ'), models.CheckConstraint(condition=models.Q(('purpose__in', ['draft', 'status'])), name='link_purpose_is_known')],
            },
        ),
        migrations.CreateModel(
            name='JoinRequest',
            fields=[
                ('id', models.UUIDField(default=prm.tenancy.fields.uuid7, editable=False, primary_key=True, serialize=False)),
                ('tenant', prm.tenancy.fields.TenantKey()),
                ('partner_path', prm.tenancy.models.PartnerPathField(blank=True, db_collation='C', editable=False, max_length=140)),
                ('status', models.CharField(choices=[('unconfirmed', 'Address not confirmed'), ('open', 'Open'), ('invited', 'Invited'), ('declined', 'Declined')], default='unconfirmed', max_length=12)),
                ('name', models.CharField(max_length=120)),
                ('email', models.CharField(max_length=254)),
                ('company_name', models.CharField(max_length=200)),
                ('website', models.CharField(blank=True, max_length=253)),
                ('message', models.TextField(blank=True, max_length=1000)),
                ('reasons', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=10), default=list, size=None)),
                ('language', models.CharField(max_length=8)),
                ('secret_digest', models.CharField(max_length=64)),
                ('typed_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('asked_at', models.DateTimeField(blank=True, null=True)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('decided_by', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('partner', prm.tenancy.fields.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='join_requests', to='partners.partner')),
            ],
            options={
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
                'indexes': [models.Index(fields=['tenant', 'partner_path', 'status', 'asked_at'], name='join_of_partner')],
                'constraints': [models.UniqueConstraint(fields=('tenant', 'secret_digest'), name='join_secrets_differ'), models.UniqueConstraint(condition=models.Q(('status', 'open')), fields=('tenant', 'email'), name='one_open_join_request_per_address'), models.CheckConstraint(condition=models.Q(('status__in', ['unconfirmed', 'open', 'invited', 'declined'])), name='join_status_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('partner__isnull', True), ('partner_path', '')), models.Q(('partner__isnull', False), models.Q(('partner_path', ''), _negated=True)), _connector='OR'), name='join_request_goes_to_its_partner')],
            },
        ),
        migrations.AddIndex(
            model_name='partner',
            index=models.Index(condition=models.Q(('name_key', ''), _negated=True), fields=['tenant', 'name_key'], name='partner_name'),
        ),
        migrations.AddIndex(
            model_name='partner',
            index=models.Index(condition=models.Q(('domain_key', ''), _negated=True), fields=['tenant', 'domain_key'], name='partner_domain'),
        ),
        migrations.AddIndex(
            model_name='partner',
            index=models.Index(condition=models.Q(('tax_key', ''), _negated=True), fields=['tenant', 'tax_key'], name='partner_tax'),
        ),
    ]
