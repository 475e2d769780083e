"""The hours in which bodies answer that set none themselves."""

from datetime import date, time

from django.db import migrations


def fill(apps, schema_editor):
    apps.get_model("desk", "ServiceHours").objects.create(
        body=None, valid_from=date(2020, 1, 1), opens=time(8, 30), closes=time(17, 30), source="默认服务时间"
    )


class Migration(migrations.Migration):
    dependencies = [("desk", "0001_desk")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
