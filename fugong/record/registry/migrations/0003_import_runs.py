import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_people_bodies_mandates'),
        ('registry', '0002_dated_facts'),
    ]

    operations = [
        migrations.CreateModel(
            name='ImportRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.TextField(choices=[('uploaded', 'waiting for the check'), ('checking', 'being checked'), ('unmatched', 'columns to be matched'), ('checked', 'checked, not yet imported'), ('writing', 'being imported'), ('written', 'imported'), ('failed', 'failed'), ('undoing', 'being undone'), ('undone', 'undone')], default='uploaded', verbose_name='state')),
                ('name', models.TextField(verbose_name='file')),
                ('sha256', models.TextField(verbose_name='hash of the file')),
                ('size', models.BigIntegerField(verbose_name='bytes')),
                ('language', models.TextField(verbose_name='language')),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='enterprise_imports', to=settings.AUTH_USER_MODEL)),
                ('actor_name', models.TextField(verbose_name='imported by')),
                ('body_name', models.TextField(blank=True, verbose_name='body')),
                ('default_area', models.TextField(blank=True, verbose_name='area of rows that name none')),
                ('sheet', models.TextField(blank=True, verbose_name='sheet')),
                ('columns', models.JSONField(default=dict, verbose_name='columns')),
                ('table', models.JSONField(default=dict, verbose_name='table')),
                ('counts', models.JSONField(default=dict, verbose_name='counts')),
                ('failure', models.TextField(blank=True, verbose_name='reason of the failure')),
                ('uploaded_at', models.DateTimeField(verbose_name='uploaded at')),
                ('started_at', models.DateTimeField(blank=True, null=True, verbose_name='work began at')),
                ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='work ended at')),
                ('written_at', models.DateTimeField(blank=True, null=True, verbose_name='imported at')),
            ],
            options={
                'verbose_name': 'import of enterprises',
                'verbose_name_plural': 'imports of enterprises',
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['actor', '-id'], name='import_by_actor')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['uploaded', 'checking', 'unmatched', 'checked', 'writing', 'written', 'failed', 'undoing', 'undone'])), name='import_state_known', violation_error_message='This state of an import does not exist.'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['written', 'undoing', 'undone']), _negated=True), ('written_at__isnull', False), _connector='OR'), name='import_written_is_dated', violation_error_message='An import that was written needs the time at which it was.'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'failed'), _negated=True), models.Q(('failure', ''), _negated=True), _connector='OR'), name='import_failure_has_reason', violation_error_message='A failed import needs the reason.')],
            },
        ),
        migrations.CreateModel(
            name='ImportedEnterprise',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='touched', to='registry.importrun')),
                ('enterprise_pk', models.BigIntegerField(verbose_name='enterprise')),
                ('before', models.JSONField(null=True, verbose_name='before')),
            ],
            options={
                'verbose_name': 'imported enterprise',
                'verbose_name_plural': 'imported enterprises',
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('run', 'enterprise_pk'), name='imported_enterprise_once', violation_error_message='This import touched the enterprise already.')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='ColumnChoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('body_name', models.TextField(verbose_name='body')),
                ('signature', models.TextField(verbose_name='headings')),
                ('columns', models.JSONField(default=dict, verbose_name='columns')),
                ('chosen_at', models.DateTimeField(verbose_name='chosen at')),
            ],
            options={
                'verbose_name': 'choice of columns',
                'verbose_name_plural': 'choices of columns',
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('body_name', 'signature'), name='column_choice_once', violation_error_message='These headings are mapped already.')],
                'indexes': [],
            },
        ),
    ]
