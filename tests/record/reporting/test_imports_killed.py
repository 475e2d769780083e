"""kill -9 of an importing process, and apart of its database backend, halfway: as if it had never begun."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import transaction

from bench.made_up import codes, write_reports
from fugong.core.bulk import copy_rows
from fugong.record.registry.models import Enterprise
from fugong.record.reporting.models import DailyReport
from tests.killed import Command, counts, kill_backend, kill_process, standing_still

ROWS = 2_000


def register(place, number: int) -> None:
    """As many enterprises as the file has rows, written plainly."""
    columns = ("uscc", "name", "kind", "managing_area_id", "registered_address", "business_scope",
               "capital_currency", "created_at", "updated_at")  # fmt: skip
    moment = "2020-01-01T00:00:00+08:00"
    rows = ((code, code, "enterprise", place.county.pk, "", "", "", moment, moment) for code in codes(number))
    with transaction.atomic():
        copy_rows("registry_enterprise", columns, rows)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kill", [kill_process, kill_backend])
def test_reports_killed_halfway_and_begun_again(kill, place, tmp_path):
    register(place, ROWS)
    path = write_reports(tmp_path / "reports.csv", ROWS, date(2020, 3, 23), 1)
    # Reports are entered in the order of their enterprises.
    half = Enterprise.objects.order_by("-pk")[ROWS // 2].pk
    before = counts()
    with standing_still("reporting_dailyreport", f"NEW.enterprise_id = {half}") as backend_of:
        importing = Command("import-reports", str(path), "--json", home=tmp_path / "home")
        kill(importing, backend_of(importing))
        importing.process.communicate()
        assert importing.process.returncode != 0
    assert counts() == before
    found = Command("import-reports", str(path), "--json", home=tmp_path / "home").answer()
    assert (found["read"], found["new"], found["refused"]) == (ROWS, ROWS, [])
    assert DailyReport.objects.count() == ROWS
