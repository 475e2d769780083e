import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

# `registry_name_grams` is the register's (its migration 0005).
WORDS = models.Func(
    models.F("title"),
    function="registry_name_grams",
    output_field=django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None),
)


class Migration(migrations.Migration):
    dependencies = [("desk", "0005_rounds_and_queue_indexes"), ("registry", "0013_traits_by_name")]

    operations = [
        migrations.AddIndex(
            model_name="request",
            index=django.contrib.postgres.indexes.GinIndex(
                WORDS,
                condition=models.Q(("state__in", ("received", "in_work", "answered", "watching"))),
                name="request_words",
            ),
        ),
    ]
