"""The national days of 2019 to 2026, as the State Council's yearly notices set them."""

import csv
from pathlib import Path

from django.db import migrations

FILE = Path(__file__).resolve().parents[1] / "data" / "workdays_cn.csv"
SOURCE = "国务院办公厅节假日安排通知"


def fill(apps, schema_editor):
    model = apps.get_model("calendars", "CalendarDay")
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = [
            model(day=row["day"], is_working=row["works"] == "yes", name=row["name"], source=SOURCE)
            for row in csv.DictReader(file)
        ]
    model.objects.bulk_create(rows, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("calendars", "0001_calendar_days")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
