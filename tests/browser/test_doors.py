"""The other doors of the daily report: a park's table, totals of an area, a key of the interface."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from fugong.base.spreadsheets.actions import import_jobs
from fugong.base.spreadsheets.logic.reader import read_table
from fugong.base.spreadsheets.models import ImportRun
from fugong.base.tokens.selectors import presented_token
from fugong.core.viewer import service_viewer
from fugong.record.reporting.models import AreaTotal, DailyReport
from tests import factories
from tests.place import make_place

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

JOBS = service_viewer("imports")


@pytest.fixture
def town(transactional_db, epidemic):
    return make_place(epidemic)


def filled(source: Path, path: Path, wrong: str, jumping: str) -> Path:
    """The prefilled table with one row that the clerk mistyped and one that jumps against yesterday."""
    table = read_table(source, score=lambda cells: sum("在岗" in cell or "在册" in cell for cell in cells))
    header = list(table.header)
    roster, on_post = (next(n for n, cell in enumerate(header) if word in cell) for word in ("在册", "在岗"))
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(header)
        for _line, cells in table.rows():
            if wrong in cells:
                cells[on_post] = "12O"
            elif jumping in cells:
                cells[roster] = "900"
            writer.writerow(cells)
    return path


def bring_in(walker, place, tmp_path) -> None:
    """Take the prefilled table, fill it in, send it, look, confirm, take it back."""
    page, start = walker.page, f"/i/{place.incident.slug}/imports/reports/"
    walker.open(start)
    walker.look("reports-start")
    with page.expect_download() as download:
        page.click("button[formaction$='/prefilled/']")
    others = DailyReport.objects.filter(day="2020-03-23").values_list("enterprise__uscc", flat=True)
    file = filled(Path(download.value.path()), tmp_path / "园区日报.csv", place.enterprise.uscc, min(others))
    page.set_input_files("[name=file]", file)
    page.click("main form button[type=submit].go")
    page.wait_for_url("**/imports/reports/*/")
    run = ImportRun.objects.latest("pk")
    import_jobs.begin_check(actor=JOBS, run_id=run.pk)
    import_jobs.check_import(actor=JOBS, run_id=run.pk)
    page.reload()
    walker.look("reports-preview")
    page.click("form[action$='/confirm/'] button")
    page.wait_for_load_state()
    import_jobs.write_import(actor=JOBS, run_id=run.pk)
    page.reload()
    walker.look("reports-result")
    run.refresh_from_db()
    assert (run.counts["new"], run.counts["refused"], run.counts["warned"]) == (2, 1, 1)


def state_total(walker, place) -> None:
    """A rate that contradicts its numbers is asked about, then stored with the remark and shown with the true one."""
    page = walker.page
    walker.open(f"/i/{place.incident.slug}/reports/totals/")
    walker.look("totals-none")
    page.click(".fu-head a.fu-btn.go")
    said = {"scope": "房建项目", "enterprises": "1869", "enterprises_open": "572", "opening_rate": "36.0"}
    for name, value in (said | {"source": "住建局3月24日报"}).items():
        page.fill(f"[name={name}]", value)
    page.click("main form button[type=submit].go")
    walker.look("total-asked")
    page.fill("[name=remark]", "照录原文")
    page.click("main form button[type=submit].go")
    page.wait_for_url("**/reports/totals/?*")
    walker.look("totals")
    assert "30.6" in page.inner_text("main table")
    assert AreaTotal.objects.get().enterprises_open == 572


def make_key(walker) -> None:
    """A key is made, shown once, and revoked."""
    page = walker.page
    walker.open("/api/v1/docs")
    walker.look("interface")
    walker.open("/tokens/new/")
    page.fill("[name=name]", "园区ERP")
    page.check("[name=scopes][value='totals:write']", force=True)
    walker.look("key-new")
    page.click("main form button[type=submit].go")
    walker.look("key-made")
    secret = page.inner_text("#secret")
    assert presented_token(secret) is not None
    page.click("main .do a.fu-btn.go")
    walker.look("keys")
    page.click("form[action$='/revoke/'] button")
    page.wait_for_load_state()
    assert presented_token(secret) is None
    walker.look("keys-revoked")


@pytest.mark.parametrize(("surface", "language"), [("desk", "zh-hans"), ("phone", "en")])
def test_the_other_doors(town, walker, tmp_path, surface, language):
    for _number in range(2):
        enterprise = factories.EnterpriseFactory(managing_area=town.county)
        town.report(enterprise, day="2020-03-23", roster=100, on_post=80)
    user = town.person("bureau_clerk@in")
    user.set_password("a-long-password")
    user.save()
    clerk = walker(surface, language)
    clerk.sign_in(user.username, "a-long-password")
    if language == "zh-hans":
        bring_in(clerk, town, tmp_path)
        assert DailyReport.objects.filter(day="2020-03-24").count() == 2
    state_total(clerk, town)
    make_key(clerk)
