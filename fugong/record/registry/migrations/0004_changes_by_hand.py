import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('areas', '0001_tree'),
        ('registry', '0003_import_runs'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ChangeRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.TextField(choices=[('name', 'Our name changed'), ('address', 'Our address changed'), ('area', 'Another area looks after us'), ('not_ours', 'Not our district'), ('closing', 'We close for good')], verbose_name='what changed')),
                ('text', models.TextField(blank=True, verbose_name='new name or address')),
                ('day', models.DateField(blank=True, null=True, verbose_name='since when')),
                ('note', models.TextField(blank=True, verbose_name='note')),
                ('state', models.TextField(choices=[('proposed', 'waiting for an answer'), ('accepted', 'accepted'), ('refused', 'refused'), ('withdrawn', 'withdrawn')], default='proposed', verbose_name='state')),
                ('proposed_by_name', models.TextField(verbose_name='proposed by')),
                ('proposed_at', models.DateTimeField(verbose_name='proposed at')),
                ('answer', models.TextField(blank=True, verbose_name='answer')),
                ('decided_by_name', models.TextField(blank=True, verbose_name='decided by')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided at')),
            ],
            options={
                'verbose_name': 'proposed change',
                'verbose_name_plural': 'proposed changes',
                'ordering': ['proposed_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Closure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('closed_on', models.DateField(verbose_name='closed on')),
                ('reason', models.TextField(choices=[('deregistered', 'struck off by itself'), ('revoked', 'licence revoked'), ('bankrupt', 'bankrupt'), ('moved_away', 'moved out of the city'), ('absorbed', 'absorbed by another enterprise'), ('other', 'other, see the evidence')], verbose_name='reason')),
                ('evidence', models.TextField(verbose_name='evidence')),
                ('decided_by_name', models.TextField(verbose_name='decided by')),
                ('decided_at', models.DateTimeField(verbose_name='decided at')),
                ('reopened_on', models.DateField(blank=True, null=True, verbose_name='reopened on')),
                ('reopened_because', models.TextField(blank=True, verbose_name='reason for reopening')),
                ('reopened_by_name', models.TextField(blank=True, verbose_name='reopened by')),
            ],
            options={
                'verbose_name': 'closure',
                'verbose_name_plural': 'closures',
                'ordering': ['enterprise', 'closed_on', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='EnterpriseMove',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('held_since', models.DateField(blank=True, null=True, verbose_name='managed there since')),
                ('moved_on', models.DateField(verbose_name='moved on')),
                ('reason', models.TextField(verbose_name='reason')),
                ('decided_by_name', models.TextField(verbose_name='decided by')),
                ('decided_at', models.DateTimeField(verbose_name='decided at')),
            ],
            options={
                'verbose_name': 'move',
                'verbose_name_plural': 'moves',
                'ordering': ['-moved_on', '-pk'],
            },
        ),
        migrations.AddField(
            model_name='enterprise',
            name='merged_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='merged at'),
        ),
        migrations.AddField(
            model_name='enterprise',
            name='merged_into',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='registry.enterprise', verbose_name='merged into'),
        ),
        migrations.AddConstraint(
            model_name='enterprise',
            constraint=models.CheckConstraint(condition=models.Q(('merged_into__isnull', True), models.Q(('merged_into', models.F('pk')), _negated=True), _connector='OR'), name='enterprise_merged_into_another', violation_error_message='An enterprise cannot be merged into itself.'),
        ),
        migrations.AddConstraint(
            model_name='enterprise',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('merged_at__isnull', True), ('merged_into__isnull', True)), models.Q(('merged_at__isnull', False), ('merged_into__isnull', False)), _connector='OR'), name='enterprise_merged_at_a_time', violation_error_message='A merged enterprise needs the time of the merge.'),
        ),
        migrations.AddField(
            model_name='changerequest',
            name='area',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='change_requests', to='areas.area', verbose_name='area'),
        ),
        migrations.AddField(
            model_name='changerequest',
            name='enterprise',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='change_requests', to='registry.enterprise'),
        ),
        migrations.AddField(
            model_name='changerequest',
            name='proposed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='change_requests', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='closure',
            name='enterprise',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='closures', to='registry.enterprise'),
        ),
        migrations.AddField(
            model_name='enterprisemove',
            name='enterprise',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='moves', to='registry.enterprise'),
        ),
        migrations.AddField(
            model_name='enterprisemove',
            name='from_area',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='enterprises_moved_out', to='areas.area'),
        ),
        migrations.AddField(
            model_name='enterprisemove',
            name='to_area',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='enterprises_moved_in', to='areas.area'),
        ),
        migrations.AddIndex(
            model_name='changerequest',
            index=models.Index(fields=['state', 'proposed_at'], name='change_by_state'),
        ),
        migrations.AddConstraint(
            model_name='changerequest',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['name', 'address', 'area', 'not_ours', 'closing'])), name='change_kind_known', violation_error_message='This kind of change does not exist.'),
        ),
        migrations.AddConstraint(
            model_name='changerequest',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['proposed', 'accepted', 'refused', 'withdrawn'])), name='change_state_known', violation_error_message='This state does not exist.'),
        ),
        migrations.AddConstraint(
            model_name='changerequest',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'proposed')), fields=('enterprise', 'kind'), name='change_one_open_of_a_kind', violation_error_message='The same change waits for its answer already. Withdraw it first.'),
        ),
        migrations.AddConstraint(
            model_name='changerequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['name', 'address']), ('text__gt', '')), models.Q(('area__isnull', False), ('kind', 'area')), models.Q(('day__isnull', False), ('kind', 'closing')), ('kind', 'not_ours'), _connector='OR'), name='change_says_what', violation_error_message='Say what it is to become.'),
        ),
        migrations.AddConstraint(
            model_name='changerequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'refused'), _negated=True), models.Q(('answer', ''), _negated=True), _connector='OR'), name='change_refused_with_reason', violation_error_message='Say why the change is refused.'),
        ),
        migrations.AddConstraint(
            model_name='changerequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('state', 'proposed')), models.Q(models.Q(('state', 'proposed'), _negated=True), ('decided_at__isnull', False), models.Q(('decided_by_name', ''), _negated=True)), _connector='OR'), name='change_decided_by_somebody', violation_error_message='An answer needs who gave it and when.'),
        ),
        migrations.AddConstraint(
            model_name='closure',
            constraint=models.CheckConstraint(condition=models.Q(('reason__in', ['deregistered', 'revoked', 'bankrupt', 'moved_away', 'absorbed', 'other'])), name='closure_reason_known', violation_error_message='This reason for closing does not exist.'),
        ),
        migrations.AddConstraint(
            model_name='closure',
            constraint=models.CheckConstraint(condition=models.Q(('evidence', ''), _negated=True), name='closure_has_evidence', violation_error_message='Say what shows that it is closed.'),
        ),
        migrations.AddConstraint(
            model_name='closure',
            constraint=models.CheckConstraint(condition=models.Q(('reopened_on__isnull', True), ('reopened_on__gte', models.F('closed_on')), _connector='OR'), name='closure_in_order', violation_error_message='An enterprise cannot reopen before it is closed.'),
        ),
        migrations.AddConstraint(
            model_name='closure',
            constraint=models.CheckConstraint(condition=models.Q(('reopened_on__isnull', True), models.Q(('reopened_because', ''), _negated=True), _connector='OR'), name='closure_reopened_because', violation_error_message='Say why the enterprise is reopened.'),
        ),
        migrations.AddConstraint(
            model_name='closure',
            constraint=models.UniqueConstraint(condition=models.Q(('reopened_on__isnull', True)), fields=('enterprise',), name='closure_one_at_a_time', violation_error_message='This enterprise is closed for good already.'),
        ),
        migrations.AddConstraint(
            model_name='enterprisemove',
            constraint=models.UniqueConstraint(fields=('enterprise', 'moved_on'), name='move_once_a_day', violation_error_message='This enterprise was moved on that day already. Choose a later day.'),
        ),
        migrations.AddConstraint(
            model_name='enterprisemove',
            constraint=models.CheckConstraint(condition=models.Q(('from_area', models.F('to_area')), _negated=True), name='move_to_another_area', violation_error_message='This area manages the enterprise already. Choose another one.'),
        ),
        migrations.AddConstraint(
            model_name='enterprisemove',
            constraint=models.CheckConstraint(condition=models.Q(('held_since__isnull', True), ('moved_on__gt', models.F('held_since')), _connector='OR'), name='move_in_order', violation_error_message='It was moved later than that already. Choose a later day.'),
        ),
        migrations.AddConstraint(
            model_name='enterprisemove',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='move_has_reason', violation_error_message='Say why the enterprise is moved.'),
        ),
    ]
