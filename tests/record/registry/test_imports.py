"""Imports of the register: check, preview, confirm, undo; what the clerk may; what every defect is answered with."""

from __future__ import annotations

import csv
import importlib
import io
import zipfile
from datetime import timedelta
from types import SimpleNamespace

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from python_calamine import CalamineWorkbook

from fugong.base.audit.models import AuditEntry
from fugong.base.spreadsheets.actions import import_jobs, imports
from fugong.base.spreadsheets.actions.retention import forget_files
from fugong.base.spreadsheets.enums import ImportState
from fugong.base.spreadsheets.logic.columns import ADDED_COLUMNS
from fugong.base.spreadsheets.logic.reader import read_table
from fugong.base.spreadsheets.models import ColumnChoice, ImportRun
from fugong.base.spreadsheets.selectors import corrected_file, listing
from fugong.core import clock
from fugong.core.decision import Denied
from fugong.core.files import kept_path, side_path
from fugong.core.viewer import service_viewer
from fugong.record.registry.actions.scope import include_again
from fugong.record.registry.enums import FactKind
from fugong.record.registry.logic.columns import LABELS, NAMES, USUAL_NAMES
from fugong.record.registry.logic.uscc import compose_code
from fugong.record.registry.models import Enterprise, EnterpriseFact, ImportedEnterprise
from tests.factories import ScopeDecisionFactory

HEADER = ["企业名称", "统一社会信用代码", "注册地址", "注册资本", "成立日期", "职工人数"]
JOBS = service_viewer("imports")


def code(number: int, division: str = "371502") -> str:
    return compose_code(division, f"9{number:07d}")  # apart from those that the factory makes


def row(number: int, **values) -> list[str]:
    cells = [f"东昌第{number}木业有限公司", code(number), "古楼街道", "300万元人民币", "2012-05-08", "120"]
    return list((dict(zip(HEADER, cells, strict=True)) | values).values())


def csv_bytes(rows, header=HEADER) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    return text.getvalue().encode()


@pytest.fixture
def clerk(viewer_of):
    return viewer_of("bureau_clerk@in")


@pytest.fixture
def send(clerk):
    """`send(content)`: a file sent by the clerk and checked by the job."""

    def sent(content: bytes, actor=clerk, name="台账.csv", area="371502") -> ImportRun:
        run = imports.start_import(actor=actor, kind="enterprises", name=name, chunks=[content], scope={"area": area})
        return check(run)

    return sent


def work(run: ImportRun, name: str) -> ImportRun:
    """Do the job of this name as the worker does."""
    tasks = importlib.import_module("fugong.base.spreadsheets.tasks")
    getattr(tasks, name).func(SimpleNamespace(job=SimpleNamespace(attempts=0)), run.pk)
    run.refresh_from_db()
    return run


def check(run: ImportRun) -> ImportRun:
    return work(run, "check_import")


def written(clerk, run: ImportRun) -> ImportRun:
    imports.confirm_import(actor=clerk, run=run)
    import_jobs.write_import(actor=JOBS, run_id=run.pk)
    run.refresh_from_db()
    return run


def undone(clerk, run: ImportRun) -> ImportRun:
    imports.request_undo(actor=clerk, run=run)
    return work(run, "undo_import")


def snapshot() -> list[tuple]:
    return list(Enterprise.objects.order_by("pk").values_list())


class TestPreview:
    def test_counts_add_up_and_nothing_is_written(self, place, clerk, send):
        before = snapshot()
        known = row(3, 企业名称="新名有限公司", 统一社会信用代码=place.enterprise.uscc)
        run = send(
            csv_bytes([row(1), row(2), known, row(4, 统一社会信用代码="12"), row(1), row(5, 注册资本="万人民币")])
        )
        assert run.state == ImportState.CHECKED
        counts = run.counts
        assert counts["read"] == counts["new"] + counts["changed"] + counts["same"] + counts["refused"] == 6
        assert (counts["new"], counts["changed"], counts["refused"], counts["warned"]) == (3, 1, 2, 1)
        assert snapshot() == before
        assert not EnterpriseFact.objects.exists()

    def test_refused_rows_are_counted_by_reason_and_named(self, place, clerk, send):
        wrong = code(7)[:-1] + ("1" if code(7)[-1] != "1" else "2")
        run = send(csv_bytes([row(1), row(6, 统一社会信用代码="12"), row(7, 统一社会信用代码=wrong), row(1)]))
        found = listing(clerk, run, "refused")
        assert {name: count for name, count, _reason in found.topics} == {
            gettext(name): 1 for name in ("Wrong length", "Check character", "Twice in the file")
        }
        assert [(r["row"], r["name"], r["column"]) for r in found.rows] == [
            (3, "东昌第6木业有限公司", "统一社会信用代码"),
            (4, "东昌第7木业有限公司", "统一社会信用代码"),
            (5, "东昌第1木业有限公司", "统一社会信用代码"),
        ]
        assert [r["row"] for r in listing(clerk, run, "refused", gettext("Check character")).rows] == [4]

    def test_what_changes_is_listed(self, place, clerk, send):
        run = send(csv_bytes([row(3, 企业名称="新名有限公司", 统一社会信用代码=place.enterprise.uscc)]))
        (change,) = listing(clerk, run, "changed").rows
        told = {part["label"]: (part["before"], part["after"]) for part in change["changes"]}
        assert ("东昌府纺织有限公司", "新名有限公司") in told.values()

    def test_changed_facts_and_contacts_are_changes_before_and_after(self, place, clerk, send):
        """150 becomes 120, another number of the same person: listed as before → after, counted, written just so."""
        head = [*HEADER, "联系人", "联系电话"]
        known = {"企业名称": place.enterprise.name, "统一社会信用代码": place.enterprise.uscc}
        first = row(1, **known, 注册地址="", 注册资本="", 成立日期="", 职工人数="150")
        before = written(clerk, send(csv_bytes([[*first, "王芳", "13812345678"]], head)))
        assert (before.counts["changed"], before.counts["same"]) == (1, 0)
        second = row(1, **known, 注册地址="", 注册资本="", 成立日期="", 职工人数="120")
        run = send(csv_bytes([[*second, "王芳", "13900001111"], [*row(2), "李强", ""]], head))
        (change,) = listing(clerk, run, "changed").rows
        with translation.override(run.language):
            told = {part["label"]: (part["before"], part["after"]) for part in change["changes"]}
            assert told == {
                gettext("headcount"): ("150", "120"),
                gettext("contact person"): ("王芳 138****5678", "王芳 139****1111"),
            }
        assert (run.counts["new"], run.counts["changed"], run.counts["same"]) == (1, 1, 0)
        counts = written(clerk, run).counts
        assert (counts["new"], counts["changed"], counts["same"]) == (1, 1, 0)
        again = send(csv_bytes([[*second, "王芳", "13900001111"], [*row(2), "李强", ""]], head))
        assert (again.counts["new"], again.counts["changed"], again.counts["same"]) == (0, 0, 2)
        assert written(clerk, again).counts["same"] == 2
        assert EnterpriseFact.objects.standing().get(enterprise=place.enterprise).number == 120

    def test_the_corrected_file_is_mended_and_sent_again(self, place, clerk, send, tmp_path):
        run = send(csv_bytes([row(1), row(2, 统一社会信用代码="12")]))
        table = read_table(corrected_file(clerk, run))
        assert table.header[: len(HEADER)] == tuple(HEADER)
        assert {gettext("What is wrong"), gettext("How to mend it")} <= set(table.header)
        ((_line, cells),) = table.rows()
        assert cells[: len(HEADER)] == row(2, 统一社会信用代码="12")
        assert "18" in cells[len(HEADER)]
        mended = tmp_path / "mended.xlsx"
        with xlsxwriter.Workbook(mended) as book:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, table.header)
            sheet.write_row(1, 0, [*row(2), *cells[len(HEADER) :]])
        again = send(mended.read_bytes(), name="mended.xlsx")
        assert (again.counts["new"], again.counts["refused"]) == (1, 0)

    def test_a_shifted_row_stays_refused_until_its_surplus_is_empty(self, place, clerk, send):
        shifted = csv_bytes([row(1)]) + f"甲有限公司,{code(2)},古楼街道,1号,300万元,2012-05-08,120\n".encode()
        run = send(shifted)
        assert run.counts["refused"] == 1
        again = send(corrected_file(clerk, run).read_bytes(), name="again.xlsx")
        assert (again.counts["read"], again.counts["refused"]) == (1, 1)

    def test_no_corrected_file_without_refusals(self, place, clerk, send):
        assert corrected_file(clerk, send(csv_bytes([row(1)]))) is None


class TestColumns:
    STRANGE = ["甲", "乙"]

    def test_unknown_headings_ask_for_matching_and_are_remembered(self, place, clerk, send):
        content = csv_bytes([[f"某某{n}有限公司", code(n)] for n in (1, 2)], self.STRANGE)
        run = send(content)
        assert (run.state, run.table["missing"]) == (ImportState.UNMATCHED, ["name", "uscc"])
        imports.match_columns(actor=clerk, run=run, columns={"甲": "name", "乙": "uscc"}, sheet="")
        assert check(ImportRun.objects.get(pk=run.pk)).counts["new"] == 2
        assert send(content).counts["new"] == 2

    def test_two_values_stand_beside_each_heading_and_people_are_masked(self, place, clerk, send, client_for):
        rows = [
            [f"某某{n}有限公司", code(n), "", f"张三 1381234567{n}", "37150219800101123X", "很长的说明" * 9]
            for n in (1, 1, 2, 3)
        ]
        run = send(csv_bytes(rows, ["甲", "乙", "空", "丙", "丁", "戊"]))
        address = reverse("imports:columns", args=[place.incident.slug, "enterprises", run.pk])
        page = client_for("bureau_clerk").get(address)
        hints = {field.label: field.help_text for field in page.context["form"].visible_fields()}
        assert (hints["甲"], hints["空"]) == ("某某1有限公司、某某2有限公司", "")
        assert (hints["丙"], hints["丁"]) == ("张三 138****5671、张三 138****5672", "371***********123X")
        assert hints["戊"] == "很长的说明" * 4 + "很长的…"
        assert hints["甲"] in page.content.decode()
        assert "13812345671" not in page.content.decode()

    def test_another_body_is_asked_itself(self, place, clerk, send, viewer_of):
        ColumnChoice.objects.create(
            kind="enterprises", body_name="别的局", signature="x", columns={"甲": "name"}, chosen_at=clock.now()
        )
        assert send(csv_bytes([["某某有限公司", code(1)]], self.STRANGE)).state == ImportState.UNMATCHED

    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_each_label_is_a_usual_heading(self, language):
        with translation.override(language):
            header = [NAMES.label_of(field) for field in USUAL_NAMES]
        found = NAMES.recognise(header).found
        assert {field: header[at] for field, at in found.items()} == dict(zip(USUAL_NAMES, header, strict=True))
        assert not LABELS.keys() - USUAL_NAMES.keys()

    def test_what_the_corrected_file_adds_is_known_in_both_languages(self):
        from django.utils import translation

        for language in ("zh-hans", "en"):
            with translation.override(language):
                assert {gettext("What is wrong"), gettext("How to mend it"), gettext("Cells too many")} <= ADDED_COLUMNS


class TestWriting:
    def test_the_confirmed_rows_are_written_with_their_facts(self, place, clerk, send):
        run = written(clerk, send(csv_bytes([row(1), row(2, 统一社会信用代码="12")])))
        assert run.state == ImportState.WRITTEN
        made = Enterprise.objects.get(uscc=code(1))
        assert made.managing_area == place.county
        fact = EnterpriseFact.objects.get(enterprise=made, kind=FactKind.HEADCOUNT)
        assert (fact.number, fact.valid_from) == (120, clock.today())
        entry = AuditEntry.objects.get(verb="registry.enterprise.imported")
        assert entry.actor_id == clerk.id
        assert clerk.name in entry.actor_name
        assert entry.actor_name != clerk.name

    def test_the_trail_says_in_which_area_the_rows_lie(self, place, clerk, send, client_for, viewer_of):
        """One area: its auditor reads the entries. Rows of two counties lie in the city, and only there."""
        run = undone(clerk, written(clerk, send(csv_bytes([row(1), row(2, 统一社会信用代码="12")]))))
        entries = AuditEntry.objects.filter(subject=f"spreadsheets.import:{run.pk}")
        assert dict(entries.values_list("verb", "area_id")) == {
            "spreadsheets.import.uploaded": place.county.pk,  # of the clerk who sent it
            "spreadsheets.import.confirmed": place.county.pk,
            "registry.enterprise.imported": place.county.pk,
            "spreadsheets.import.undo_requested": place.county.pk,
            "spreadsheets.import.undone": place.county.pk,
        }
        facts = AuditEntry.objects.filter(verb__startswith="registry.fact.").values_list("area_id", flat=True)
        assert set(facts) == {place.county.pk}
        city = viewer_of("bureau_clerk@city")
        wide = written(city, send(csv_bytes([row(3), row(4, 统一社会信用代码=code(4, "371503"))]), actor=city))
        assert wide.counts["new"] == 2
        assert wide.area_id == place.county.parent_id

    def test_the_job_run_twice_writes_once(self, place, clerk, send):
        run = written(clerk, send(csv_bytes([row(1)])))
        before, entries = snapshot(), AuditEntry.objects.count()
        import_jobs.write_import(actor=JOBS, run_id=run.pk)
        imports.confirm_import(actor=clerk, run=run)
        assert (snapshot(), AuditEntry.objects.count()) == (before, entries)

    def test_a_file_stays_within_the_mandate(self, place, clerk, send):
        theirs = Enterprise.objects.filter(pk=place.other.pk)
        rows = [
            row(1, 统一社会信用代码=code(1, "371503")),
            row(2, 企业名称="改名有限公司", 统一社会信用代码=place.other.uscc),
        ]
        run = send(csv_bytes(rows))
        assert run.counts["refused"] == 2
        assert [(name, count) for name, count, _reason in listing(clerk, run, "refused").topics] == [
            (gettext("Outside the mandate"), 2)
        ]
        assert not run.counts["accepted"]
        with pytest.raises(Denied):
            imports.confirm_import(actor=clerk, run=run)
        assert theirs.get().name == "茌平铝业有限公司"

    def test_a_clerk_who_lost_the_mandate_writes_nothing(self, place, clerk, send):
        run = send(csv_bytes([row(1)]))
        imports.confirm_import(actor=clerk, run=run)
        place.person("bureau_clerk").mandates.update(valid_to=clock.today() - timedelta(days=1))
        work(run, "write_import")
        assert run.state == ImportState.FAILED
        assert run.failure
        assert not Enterprise.objects.filter(uscc=code(1)).exists()

    def test_the_file_is_kept_by_its_hash(self, place, clerk, send):
        content = csv_bytes([row(1)])
        run = send(content)
        assert kept_path(run.sha256).read_bytes() == content
        assert (run.size, run.actor_name) == (len(content), clerk.name)

    def test_a_merged_entry_is_not_revived(self, place, clerk, send):
        Enterprise.objects.filter(pk=place.enterprise.pk).update(merged_into=place.other, merged_at=clock.now())
        run = send(csv_bytes([row(1, 统一社会信用代码=place.enterprise.uscc)]))
        assert (run.counts["accepted"], run.counts["refused"]) == (0, 1)


class TestUndo:
    def test_everything_is_as_before(self, place, clerk, send):
        before = snapshot()
        known = row(3, 企业名称="新名有限公司", 统一社会信用代码=place.enterprise.uscc)
        run = written(clerk, send(csv_bytes([row(1), row(2), known])))
        assert snapshot() != before
        run = undone(clerk, run)
        assert run.state == ImportState.UNDONE
        assert snapshot() == before
        assert not EnterpriseFact.objects.standing().exists()
        assert not ImportedEnterprise.objects.exists()

    def test_not_what_was_changed_since(self, place, clerk, send):
        run = written(clerk, send(csv_bytes([row(1)])))
        Enterprise.objects.filter(uscc=code(1)).update(name="后改有限公司", updated_at=clock.now())
        run = undone(clerk, run)
        assert run.state == ImportState.WRITTEN
        assert "后改有限公司" in run.failure
        assert Enterprise.objects.filter(uscc=code(1)).exists()

    def test_not_what_something_stands_on(self, place, clerk, send):
        run = written(clerk, send(csv_bytes([row(1)])))
        place.report(Enterprise.objects.get(uscc=code(1)))
        run = undone(clerk, run)
        assert run.state == ImportState.WRITTEN
        assert run.failure
        assert EnterpriseFact.objects.standing().exists()

    def test_what_was_taken_back_meanwhile_is_no_obstacle(self, place, clerk, send, set_clock):
        """A later import that was undone, a scope decision that was revoked: nothing is said of the entry any more."""
        before = snapshot()
        run = written(clerk, send(csv_bytes([row(1)])))
        set_clock("2020-03-24T10:30:00+08:00")
        later = written(clerk, send(csv_bytes([row(1, 企业名称="改名木业有限公司", 职工人数="150")])))
        assert undone(clerk, later).state == ImportState.UNDONE
        made = Enterprise.objects.get(uscc=code(1))
        ScopeDecisionFactory(enterprise=made, valid_from=clock.today())
        include_again(actor=clerk, enterprise=made, day=clock.today())
        assert undone(clerk, run).failure == ""
        assert snapshot() == before
        assert not EnterpriseFact.objects.exists()

    def test_not_after_a_day(self, place, clerk, send, set_clock):
        run = written(clerk, send(csv_bytes([row(1)])))
        set_clock("2020-03-25T09:30:00+08:00")
        with pytest.raises(Denied):
            imports.request_undo(actor=clerk, run=run)

    def test_twice_is_once(self, place, clerk, send):
        run = undone(clerk, written(clerk, send(csv_bytes([row(1)]))))
        import_jobs.undo_import(actor=JOBS, run_id=run.pk)
        with pytest.raises(Denied):
            imports.request_undo(actor=clerk, run=run)


def bomb() -> bytes:
    """An .xlsx of some kilobytes that claims two gigabytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for _ in range(1100):
                sheet.write(b"0" * 2**20)
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty. Send a table with a header and at least one row."),
        (csv_bytes([]), "The table has a header and no rows. Fill in at least one row beneath it."),
        (b"%PDF-1.7 nothing", "This file is not a spreadsheet. Send .xlsx, .xls or .csv."),
        (
            b"PK\x03\x04 broken",
            "The workbook is damaged and cannot be opened. Open it in a spreadsheet program and save it anew as .xlsx.",
        ),
    ],
)
def test_a_file_that_cannot_be_read_ends_with_its_reason(content, said, place, send):
    run = send(content)
    assert (run.state, run.failure) == (ImportState.FAILED, gettext(said))


def test_two_hundred_columns_are_too_many(place, send):
    run = send(csv_bytes([["x"] * 200], [f"列{n}" for n in range(200)]))
    assert run.state == ImportState.FAILED
    assert "200" in run.failure


def test_a_zip_bomb_is_told_and_not_unpacked(place, send):
    run = send(bomb(), name="bomb.xlsx")
    assert run.state == ImportState.FAILED
    assert "1024" in run.failure


def test_one_destroyed_byte_refuses_its_row_and_no_other(place, clerk, send):
    content = csv_bytes([row(1), row(2), row(3)]).replace("东昌第2".encode(), "东昌\0".encode())
    run = send(content)
    assert (run.state, run.counts["new"], run.counts["refused"]) == (ImportState.CHECKED, 2, 1)
    assert [row["row"] for row in listing(clerk, run, "refused").rows] == [3]


def test_a_formula_without_its_value_is_no_missing_cell(place, clerk, send):
    """A program that stores no values leaves the formula alone: said so, not taken for an empty cell."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, row(1))
        sheet.write_row(2, 0, row(2))
        sheet.write_formula(2, 0, '="东昌"&"木业"', value="to be cut out")
    cut = io.BytesIO()
    with zipfile.ZipFile(target) as old, zipfile.ZipFile(cut, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"<v>to be cut out</v>", b""))
    run = send(cut.getvalue(), name="台账.xlsx")
    assert (run.counts["new"], run.counts["refused"]) == (1, 1)
    (refused,) = listing(clerk, run, "refused").rows
    with translation.override(run.language):
        assert refused["reason"] == gettext("The cell has a formula, and the file does not hold its value")
        assert refused["topic"] == gettext("Formula without result")


class TestPages:
    def url(self, place, run=None, page=""):
        return f"/i/{place.incident.slug}/imports/enterprises/" + (f"{run.pk}/{page}" if run else page)

    def test_a_clerk_walks_from_file_to_register(self, place, clerk, client_for):
        client = client_for("bureau_clerk@in")
        file = SimpleUploadedFile("台账.csv", csv_bytes([row(1), row(2, 统一社会信用代码="12")]))
        answer = client.post(self.url(place), {"file": file, "area": place.county.code})
        assert answer.status_code == 302
        run = ImportRun.objects.get()
        assert self.url(place, run, "progress/") in client.get(answer["Location"]).content.decode()
        check(run)
        page = client.get(answer["Location"]).content.decode()
        assert f'action="{self.url(place, run, "confirm/")}"' in page
        assert client.get(self.url(place, run, "progress/"))["HX-Redirect"] == answer["Location"]
        client.post(self.url(place, run, "confirm/"))
        import_jobs.write_import(actor=JOBS, run_id=run.pk)
        assert Enterprise.objects.filter(uscc=code(1)).exists()
        assert client.get(answer["Location"]).status_code == 200
        sheet = client.post(self.url(place, run, "corrected/"))
        assert sheet.content.startswith(b"PK")

    def test_the_history_of_an_enterprise_names_its_imports(self, place, clerk, client_for, send, set_clock):
        written(clerk, send(csv_bytes([row(1)]), name="三月台账.csv"))
        made = Enterprise.objects.get(uscc=code(1))
        url = f"/i/{place.incident.slug}/enterprises/{made.pk}/panels/registry.timeline/"
        assert "三月台账.csv" in client_for("bureau_clerk@in").get(url).content.decode()
        set_clock("2020-03-28T09:30:00+08:00")
        written(clerk, send(csv_bytes([row(1, 企业名称="改名木业有限公司")]), name="四月台账.csv"))
        page = client_for("bureau_clerk@in").get(url).content.decode()
        assert page.index("四月台账.csv") < page.index("三月台账.csv")
        entered, changed = ImportedEnterprise.objects.order_by("run_id")
        assert entered.before is None
        assert changed.before["name"] == "东昌第1木业有限公司"

    def test_too_large_a_file_is_refused_in_a_sentence(self, place, client_for, settings):
        settings.UPLOAD_BYTES = 1000
        answer = client_for("bureau_clerk@in").post(self.url(place), {"file": SimpleUploadedFile("a.csv", b"x" * 2000)})
        assert answer.status_code == 422
        assert "MB" in answer.content.decode()
        assert not ImportRun.objects.exists()

    def test_the_blank_table_filled_in_is_accepted(self, place, clerk, client_for, send, tmp_path):
        blank = tmp_path / "blank.xlsx"
        blank.write_bytes(client_for("bureau_clerk@in").get(self.url(place, page="template/")).content)
        book = CalamineWorkbook.from_path(blank)
        header = book.get_sheet_by_index(0).to_python()[0]
        values = {NAMES.label_of("name"): "甲有限公司", NAMES.label_of("uscc"): code(1)}
        run = send(csv_bytes([[values.get(name, "") for name in header]], header))
        assert (run.counts["new"], run.table["unknown"]) == (1, [])
        assert len(book.sheet_names) == 2


def test_what_is_kept_of_an_import_is_not_public(place, send):
    run = send(csv_bytes([row(1), row(2, 统一社会信用代码="12")]))
    assert side_path(f"{run.side}.json").stat().st_mode & 0o077 == 0


def test_files_are_deleted_when_their_time_has_passed_and_no_younger_import_has_them(place, clerk, send, set_clock):
    shared, alone = csv_bytes([row(1)]), csv_bytes([row(2), row(3, 统一社会信用代码="12")])
    old, other = written(clerk, send(shared)), send(alone)
    set_clock("2021-03-20T09:30:00+08:00")
    assert forget_files(actor=JOBS) == 0
    again = send(shared)
    set_clock("2021-03-26T09:30:00+08:00")
    assert forget_files(actor=JOBS) == 2
    assert forget_files(actor=JOBS) == 0
    assert kept_path(again.sha256).exists()
    assert not kept_path(other.sha256).exists()
    assert not side_path(f"{other.side}.json").exists()
    assert not side_path(f"{other.side}-samples.json").exists()
    old.refresh_from_db()
    assert (old.sha256, old.name, old.counts["new"]) == (again.sha256, "台账.csv", 1)
    assert old.file_deleted_at
    entry = AuditEntry.objects.get(verb="spreadsheets.files.deleted")
    assert entry.detail == {"imports": [old.pk, other.pk], "files": 1, "days": 365}
    with pytest.raises(Denied):
        imports.confirm_import(actor=clerk, run=ImportRun.objects.get(pk=other.pk))
