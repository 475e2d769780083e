import django.db.models.deletion
from django.db import migrations, models

# The machine of imports moved to base/spreadsheets, where it serves other kinds of files too; what was kept moves along.
_COPY = """
INSERT INTO spreadsheets_importrun (
    id, kind, state, name, sha256, size, language, actor_id, actor_name, body_name, scope, sheet, columns, "table",
    counts, failure, uploaded_at, started_at, finished_at, written_at)
SELECT id, 'enterprises', state, name, sha256, size, language, actor_id, actor_name, body_name,
    jsonb_build_object('area', default_area), sheet, columns, "table",
    counts, failure, uploaded_at, started_at, finished_at, written_at
FROM registry_importrun ORDER BY id;
SELECT setval(pg_get_serial_sequence('spreadsheets_importrun', 'id'), max(id)) FROM registry_importrun
HAVING max(id) IS NOT NULL;
INSERT INTO spreadsheets_columnchoice (kind, body_name, signature, columns, chosen_at)
SELECT 'enterprises', body_name, signature, columns, chosen_at FROM registry_columnchoice ORDER BY id;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0006_export_runs"),
        ("spreadsheets", "0001_import_runs"),
    ]

    operations = [
        migrations.RunSQL(_COPY, migrations.RunSQL.noop),
        migrations.DeleteModel(name="ColumnChoice"),
        migrations.AlterField(
            model_name="importedenterprise",
            name="run",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="touched_enterprises",
                to="spreadsheets.importrun",
            ),
        ),
        migrations.DeleteModel(name="ImportRun"),
    ]
