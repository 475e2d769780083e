import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """One table of traits in place of the one of size classes. `fugong renew-traits` fills it; the worker each night."""

    dependencies = [
        ('registry', '0012_export_with_phones'),
    ]

    operations = [
        migrations.CreateModel(
            name='EnterpriseTrait',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.TextField(choices=[('size', 'size class'), ('industry', 'industry'), ('scale', 'above scale'), ('tag', 'tag')], verbose_name='kind of trait')),
                ('value', models.TextField(verbose_name='value')),
                ('name', models.TextField(verbose_name='name')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid to')),
                ('enterprise', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='traits', to='registry.enterprise')),
            ],
            options={
                'verbose_name': 'trait',
                'verbose_name_plural': 'traits',
                'ordering': ['enterprise', 'kind', 'value', 'valid_from'],
                'indexes': [
                    models.Index(fields=['kind', 'value', 'name', 'enterprise'], name='trait_by_name'),
                    models.Index(fields=['kind', 'value', 'enterprise'], name='trait_by_entry'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('kind__in', ['size', 'industry', 'scale', 'tag'])), name='trait_kind_known', violation_error_message='This kind of trait does not exist.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('kind', 'size'), _negated=True), ('value__in', ['large', 'medium', 'small', 'micro']), _connector='OR'), name='trait_size_known', violation_error_message='This size class does not exist.'),
                    models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='trait_period_in_order', violation_error_message='A trait cannot end before it begins.'),
                    models.UniqueConstraint(fields=('enterprise', 'kind', 'value', 'valid_from'), name='trait_once_a_day', violation_error_message='The enterprise has this trait from this day already.'),
                ],
            },
        ),
        # "yes" is rare among all traits and not rare among those of scale: the two columns are counted together.
        migrations.RunSQL(
            'CREATE STATISTICS registry_trait_values (mcv) ON kind, value FROM registry_enterprisetrait',
            'DROP STATISTICS registry_trait_values',
        ),
        migrations.RemoveIndex(model_name='enterprisefact', name='fact_by_word'),
        migrations.DeleteModel(name='EnterpriseSize'),
    ]
