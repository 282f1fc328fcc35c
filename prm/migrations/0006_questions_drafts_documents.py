import django.contrib.postgres.fields
import django.db.models.deletion
import prm.tenancy.fields
import prm.tenancy.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('prm', '0005_digests_and_removed_files'),
    ]

    operations = [
        migrations.CreateModel(
            name='PolicyDraft',
            fields=[
                ('id', models.UUIDField(default=prm.tenancy.fields.uuid7, editable=False, primary_key=True, serialize=False)),
                ('area', models.CharField(max_length=40)),
                ('body', models.JSONField()),
                ('based_on', models.PositiveIntegerField()),
                ('revision', models.PositiveIntegerField(default=1)),
                ('saved_at', models.DateTimeField()),
                ('saved_by', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tenant', prm.tenancy.fields.TenantKey()),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('tenant', 'area'), name='an_area_has_one_draft')],
            },
        ),
        migrations.CreateModel(
            name='Question',
            fields=[
                ('id', models.UUIDField(default=prm.tenancy.fields.uuid7, editable=False, primary_key=True, serialize=False)),
                ('partner_path', prm.tenancy.models.PartnerPathField(blank=True, db_collation='C', editable=False, max_length=140)),
                ('subject_type', models.CharField(max_length=60)),
                ('subject_id', models.UUIDField()),
                ('fields', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), default=list, size=None)),
                ('text', models.TextField(max_length=2000)),
                ('asked_at', models.DateTimeField()),
                ('answer_by', models.DateTimeField()),
                ('answer', models.TextField(blank=True, max_length=2000)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('answered_by', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('asked_by', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tenant', prm.tenancy.fields.TenantKey()),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
                'indexes': [models.Index(fields=['tenant', 'subject_id', 'asked_at'], name='question_of_subject')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('answered_at__isnull', True)), fields=('tenant', 'subject_id'), name='a_record_has_one_open_question')],
            },
        ),
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.UUIDField(default=prm.tenancy.fields.uuid7, editable=False, primary_key=True, serialize=False)),
                ('partner_path', prm.tenancy.models.PartnerPathField(blank=True, db_collation='C', editable=False, max_length=140)),
                ('kind', models.CharField(max_length=60)),
                ('subject_type', models.CharField(max_length=60)),
                ('subject_id', models.UUIDField()),
                ('number', models.CharField(blank=True, max_length=60)),
                ('title', models.CharField(max_length=200)),
                ('language', models.CharField(max_length=8)),
                ('facts', models.JSONField()),
                ('letterhead', models.JSONField()),
                ('code', models.CharField(max_length=24)),
                ('status', models.CharField(choices=[('waiting', 'Waiting'), ('rendering', 'Being written'), ('ready', 'Ready'), ('failed', 'Failed')], default='waiting', max_length=10)),
                ('problem', models.TextField(blank=True)),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('size', models.BigIntegerField(blank=True, null=True)),
                ('key', models.CharField(blank=True, max_length=200)),
                ('requested_at', models.DateTimeField()),
                ('ready_at', models.DateTimeField(blank=True, null=True)),
                ('requested_by', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tenant', prm.tenancy.fields.TenantKey()),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
                'indexes': [models.Index(fields=['tenant', 'subject_id', 'requested_at'], name='document_of_subject'), models.Index(condition=models.Q(('status', 'ready'), _negated=True), fields=['tenant', 'requested_at'], name='document_not_ready')],
                'constraints': [models.UniqueConstraint(fields=('tenant', 'code'), name='document_has_its_own_code'), models.CheckConstraint(condition=models.Q(('status__in', ['waiting', 'rendering', 'ready', 'failed'])), name='document_status_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'ready'), _negated=True), models.Q(('ready_at__isnull', False), ('size__gt', 0), models.Q(('sha256', ''), _negated=True), models.Q(('key', ''), _negated=True)), _connector='OR'), name='ready_document_has_a_file')],
            },
        ),
        migrations.CreateModel(
            name='PrivateDocument',
            fields=[
                ('id', models.UUIDField(default=prm.tenancy.fields.uuid7, editable=False, primary_key=True, serialize=False)),
                ('partner_path', prm.tenancy.models.PartnerPathField(blank=True, db_collation='C', editable=False, max_length=140)),
                ('kind', models.CharField(max_length=60)),
                ('subject_type', models.CharField(max_length=60)),
                ('subject_id', models.UUIDField()),
                ('number', models.CharField(blank=True, max_length=60)),
                ('title', models.CharField(max_length=200)),
                ('language', models.CharField(max_length=8)),
                ('facts', models.JSONField()),
                ('letterhead', models.JSONField()),
                ('code', models.CharField(max_length=24)),
                ('status', models.CharField(choices=[('waiting', 'Waiting'), ('rendering', 'Being written'), ('ready', 'Ready'), ('failed', 'Failed')], default='waiting', max_length=10)),
                ('problem', models.TextField(blank=True)),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('size', models.BigIntegerField(blank=True, null=True)),
                ('key', models.CharField(blank=True, max_length=200)),
                ('requested_at', models.DateTimeField()),
                ('ready_at', models.DateTimeField(blank=True, null=True)),
                ('requested_by', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tenant', prm.tenancy.fields.TenantKey()),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
                'indexes': [models.Index(fields=['tenant', 'subject_id', 'requested_at'], name='private_document_of_subject'), models.Index(condition=models.Q(('status', 'ready'), _negated=True), fields=['tenant', 'requested_at'], name='private_document_not_ready')],
                'constraints': [models.UniqueConstraint(fields=('tenant', 'code'), name='private_document_has_its_own_code'), models.CheckConstraint(condition=models.Q(('status__in', ['waiting', 'rendering', 'ready', 'failed'])), name='private_document_status_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'ready'), _negated=True), models.Q(('ready_at__isnull', False), ('size__gt', 0), models.Q(('sha256', ''), _negated=True), models.Q(('key', ''), _negated=True)), _connector='OR'), name='ready_private_document_has_a_file')],
            },
        ),
        migrations.AddField(
            model_name='file',
            name='pages',
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
    ]
