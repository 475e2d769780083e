"""A clerk brings in a faulty file, mends it with the file of refused rows, merges two entries, undoes an import."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
import xlsxwriter

from fugong.base.spreadsheets.actions import import_jobs
from fugong.base.spreadsheets.logic.reader import read_table
from fugong.base.spreadsheets.models import ImportRun
from fugong.core.viewer import service_viewer
from fugong.record.registry.logic.uscc import compose_code
from fugong.record.registry.models import Enterprise
from tests.place import make_place

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HEADER = ["企业名称", "统一社会信用代码", "地区", "注册资本", "成立日期", "职工人数", "联系人", "联系电话"]
JOBS = service_viewer("imports")


@pytest.fixture
def town(transactional_db, epidemic):
    return make_place(epidemic)


def code(number: int) -> str:
    return compose_code("371502", f"9{number:07d}")


def faulty(path: Path) -> Path:
    """Six rows: two in order, a doubtful capital, a code cut short, a repeated one, a letter that codes do not use."""
    rows = [
        ["东昌木业有限公司", code(1), "东昌府区", "300万元人民币", "2012-05-08", "120", "王芳", "13812345678"],
        ["东昌木业公司", code(2), "东昌府区", "300万元", "2012-05-08", "118", "", ""],
        ["鲁西面粉有限公司", code(3), "东昌府区", "万人民币", "2015-01-01", "60", "", ""],
        ["短码纺织有限公司", code(4)[:15], "东昌府区", "", "", "30", "", ""],
        ["东昌木业有限公司", code(1), "东昌府区", "", "", "120", "", ""],
        ["错字机械有限公司", code(5)[:14] + "O" + code(5)[15:], "东昌府区", "", "", "x", "", ""],
    ]
    with path.open("w", encoding="gb18030", newline="") as target:
        csv.writer(target).writerows([["聊城市企业台账"], HEADER, *rows])
    return path


def mended(source: Path, path: Path) -> Path:
    """The file to mend, with the two codes put right and the repeated row left out; its added columns stay."""
    table = read_table(source)
    right = {"短码纺织有限公司": code(4), "错字机械有限公司": code(5)}
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, table.header)
        kept = [cells for _line, cells in table.rows() if cells[0] in right]
        for number, cells in enumerate(kept, start=1):
            cells[1], cells[5] = right[cells[0]], "30"
            sheet.write_row(number, 0, cells)
    return path


def send(walker, place, file: Path, name: str) -> None:
    """Choose the file, let the job check it, look at the preview."""
    page = walker.page
    walker.open(f"/i/{place.incident.slug}/imports/enterprises/")
    walker.look(f"{name}-start")
    page.set_input_files("[name=file]", file)
    page.click("main form button[type=submit].go")
    page.wait_for_url("**/imports/enterprises/*/")
    run = ImportRun.objects.latest("pk")
    import_jobs.begin_check(actor=JOBS, run_id=run.pk)
    import_jobs.check_import(actor=JOBS, run_id=run.pk)
    page.reload()
    walker.look(f"{name}-preview")


def confirm(walker, name: str) -> ImportRun:
    page = walker.page
    page.click("form[action$='/confirm/'] button")
    page.wait_for_load_state()
    run = ImportRun.objects.latest("pk")
    import_jobs.write_import(actor=JOBS, run_id=run.pk)
    page.reload()
    walker.look(f"{name}-result")
    return ImportRun.objects.get(pk=run.pk)


def merge_two(walker, place) -> None:
    """The two spellings of one enterprise become one."""
    page = walker.page
    stays, goes = (Enterprise.objects.get(uscc=code(number)) for number in (1, 2))
    walker.open(f"/i/{place.incident.slug}/enterprises/{stays.pk}/merge/{goes.pk}/")
    walker.look("merge")
    page.fill("[name=reason]", "同一家企业，两种写法")
    page.click("main form button[type=submit].go")
    page.wait_for_url(f"**/enterprises/{stays.pk}/")
    walker.look("merged")
    assert Enterprise.objects.get(pk=goes.pk).merged_into_id == stays.pk


@pytest.mark.parametrize(("surface", "language"), [("desk", "zh-hans"), ("phone", "en")])
def test_a_clerk_brings_a_faulty_file_in(town, walker, tmp_path, surface, language):
    user = town.person("bureau_clerk@in")
    user.set_password("a-long-password")
    user.save()
    clerk = walker(surface, language)
    clerk.sign_in(user.username, "a-long-password")
    before = Enterprise.objects.count()
    send(clerk, town, faulty(tmp_path / "台账.csv"), "import")
    run = ImportRun.objects.latest("pk")
    assert (run.counts["new"], run.counts["refused"], run.counts["warned"]) == (3, 3, 1)
    for cell in clerk.page.locator("td[data-label]").all():
        box = cell.bounding_box()
        assert box and box["x"] + box["width"] <= clerk.page.viewport_size["width"] + 1, "a reason lies off screen"
    with clerk.page.expect_download() as download:
        clerk.page.click("form[action$='/corrected/'] button")
    right = mended(Path(download.value.path()), tmp_path / "更正.xlsx")
    confirm(clerk, "import")
    send(clerk, town, right, "mended")
    second = confirm(clerk, "mended")
    assert (second.counts["new"], second.counts["refused"]) == (2, 0)
    assert Enterprise.objects.count() == before + 5
    merge_two(clerk, town)
    clerk.open(f"/i/{town.incident.slug}/imports/enterprises/{second.pk}/")
    clerk.page.click("form[action$='/undo/'] button")
    clerk.page.wait_for_load_state()
    import_jobs.undo_import(actor=JOBS, run_id=second.pk)
    clerk.page.reload()
    clerk.look("undone")
    assert Enterprise.objects.count() == before + 3
