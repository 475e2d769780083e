import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('areas', '0001_tree'),
        ('incidents', '0001_incidents_and_playbooks'),
    ]

    operations = [
        migrations.CreateModel(
            name='AreaRisk',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.TextField(blank=True, verbose_name='risk level')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('source', models.TextField(verbose_name='source document')),
                ('decided_by_name', models.TextField(verbose_name='decided by')),
                ('entered_by_name', models.TextField(verbose_name='entered by')),
                ('entered_at', models.DateTimeField(verbose_name='entered at')),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='risks', to='areas.area')),
                ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='area_risks', to='incidents.incident')),
            ],
            options={
                'verbose_name': 'risk level of an area',
                'verbose_name_plural': 'risk levels of areas',
                'ordering': ['area', '-valid_from'],
                'indexes': [models.Index(fields=['incident', 'valid_from'], name='area_risk_by_day')],
                'constraints': [models.UniqueConstraint(fields=('incident', 'area', 'valid_from'), name='area_risk_once_a_day', violation_error_message='The area has a level from this day already.'), models.CheckConstraint(condition=models.Q(('source', ''), _negated=True), name='area_risk_has_source', violation_error_message='Name the document that sets the level.'), models.CheckConstraint(condition=models.Q(('decided_by_name', ''), _negated=True), name='area_risk_has_decider', violation_error_message='Name who decided on the level.')],
            },
        ),
    ]
