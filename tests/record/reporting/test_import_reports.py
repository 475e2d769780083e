"""A file of reports: recognised by enterprise and day, corrected with history, refused by row, all or none."""

from __future__ import annotations

import hashlib
from datetime import date
from decimal import Decimal

import pytest

from fugong.base.areas.enums import AreaLevel
from fugong.base.spreadsheets.logic.reader import UnreadableFile
from fugong.base.spreadsheets.logic.writer import SheetData, write_xlsx
from fugong.base.spreadsheets.models import ImportRun
from fugong.core import events
from fugong.core.decision import Denied
from fugong.core.viewer import service_viewer
from fugong.record.registry.logic.uscc import compose_code
from fugong.record.registry.models import Enterprise
from fugong.record.reporting.actions import incoming
from fugong.record.reporting.actions.imports import import_reports
from fugong.record.reporting.events import ReportsImported
from fugong.record.reporting.logic import import_sql
from fugong.record.reporting.models import DailyReport, SupersededReport
from tests import factories
from tests.tools import REPORT_HEADER, entries, write_csv

TODAY = date(2020, 3, 24)
CONSOLE = service_viewer("console")


def row_of(enterprise, **changes):
    row = {
        "uscc": enterprise.uscc, "day": "2020-03-24", "state": "open", "reason": "", "roster": "100", "on_post": "80",
        "capacity": "90", "obstacles": "labour;money", "supply_days": "3.5", "remark": "招工中",
    }  # fmt: skip
    assert set(changes) <= set(row)
    return list((row | changes).values())


@pytest.fixture
def bring_in(place, tmp_path):
    """`bring_in(rows)`: import these rows into the incident as the console, or as another actor."""

    def run(rows, *, actor=CONSOLE, header=REPORT_HEADER, incident=None, name="日报.csv", encoding="utf-8"):
        path = write_csv(tmp_path / name, header, rows, encoding)
        outcome = import_reports(actor=actor, incident=incident or place.incident, path=path)
        assert outcome.read == outcome.new + outcome.changed + outcome.same + outcome.refused_rows
        return outcome

    return run


def counts(outcome):
    return {
        "read": outcome.read,
        "new": outcome.new,
        "changed": outcome.changed,
        "same": outcome.same,
        "refused": outcome.refused_rows,
    }


def refusal(outcome):
    (issue,) = outcome.refused
    return issue


def everything():
    """All reports and their history as they stand in the database."""
    return [list(model.objects.order_by("pk").values()) for model in (DailyReport, SupersededReport)]


class TestCounts:
    def test_a_row_becomes_a_report(self, place, bring_in):
        assert counts(bring_in([row_of(place.enterprise)])) == {
            "read": 1, "new": 1, "changed": 0, "same": 0, "refused": 0,
        }  # fmt: skip
        report = DailyReport.objects.get()
        assert (report.incident, report.enterprise, report.day) == (place.incident, place.enterprise, TODAY)
        assert (report.state, report.roster, report.on_post, report.capacity) == ("open", 100, 80, Decimal(90))
        assert (report.obstacles, report.supply_days, report.remark) == (["labour", "money"], Decimal("3.5"), "招工中")
        assert (report.managing_area, report.playbook_version) == (place.township, place.playbook)
        assert (report.channel, report.reported_by, report.reported_by_name) == ("import", None, "console")
        assert (report.revision, report.seconds_taken, report.client_key, report.extra) == (1, None, None, {})

    def test_new_changed_same_and_refused_are_told_apart(self, place, bring_in):
        third = factories.EnterpriseFactory(managing_area=place.county)
        bring_in([row_of(place.enterprise), row_of(place.other)])
        rows = [
            row_of(place.enterprise),
            row_of(place.other, on_post="60"),
            row_of(third),
            row_of(third, day="2020-03-23", on_post="101"),
        ]
        assert counts(bring_in(rows)) == {"read": 4, "new": 1, "changed": 1, "same": 1, "refused": 1}

    def test_the_same_file_again_changes_nothing(self, place, bring_in, set_clock):
        rows = [row_of(place.enterprise), row_of(place.other, day="2020-03-23")]
        bring_in(rows)
        before = everything()
        set_clock("2020-03-24T15:00:00+08:00")
        assert counts(bring_in(rows))["same"] == 2
        assert everything() == before

    @pytest.mark.parametrize(
        "changes",
        [
            {"capacity": "90.0%"},
            {"supply_days": "3.5天"},
            {"obstacles": "资金、缺工"},
            {"state": "开工"},
            {"day": "2020年3月24日"},
            {"roster": "１００人"},
            {"remark": " 招工中 "},
        ],
        ids=str,
    )
    def test_the_same_written_otherwise_is_the_same(self, place, bring_in, changes):
        bring_in([row_of(place.enterprise)])
        assert counts(bring_in([row_of(place.enterprise, **changes)]))["same"] == 1

    @pytest.mark.parametrize(
        ("changes", "field", "value"),
        [
            ({"state": "partial"}, "state", "partial"),
            ({"roster": "90"}, "roster", 90),
            ({"on_post": "79"}, "on_post", 79),
            ({"capacity": ""}, "capacity", None),
            ({"capacity": "90.1"}, "capacity", Decimal("90.1")),
            ({"obstacles": "labour"}, "obstacles", ["labour"]),
            ({"supply_days": "0"}, "supply_days", 0),
            ({"remark": ""}, "remark", ""),
        ],
        ids=lambda value: str(value) if isinstance(value, dict) else "",
    )
    def test_each_value_that_says_something_else_is_a_correction(self, place, bring_in, changes, field, value):
        bring_in([row_of(place.enterprise)])
        assert counts(bring_in([row_of(place.enterprise, **changes)]))["changed"] == 1
        report = DailyReport.objects.get()
        assert (getattr(report, field), report.revision) == (value, 2)

    def test_a_second_row_of_the_same_day_is_refused_and_the_first_stands(self, place, bring_in):
        outcome = bring_in([row_of(place.enterprise), row_of(place.other), row_of(place.enterprise, on_post="70")])
        assert counts(outcome) == {"read": 3, "new": 2, "changed": 0, "same": 0, "refused": 1}
        assert (refusal(outcome).row, refusal(outcome).value) == (4, place.enterprise.uscc)
        assert "Row 2 reports the same enterprise" in refusal(outcome).reason
        assert DailyReport.objects.get(enterprise=place.enterprise).on_post == 80

    def test_a_doubtful_row_comes_in_with_a_warning(self, place, bring_in):
        outcome = bring_in([row_of(place.enterprise, capacity="0.9"), row_of(place.other, on_post="0")])
        assert counts(outcome)["new"] == 2
        assert [(issue.row, issue.column) for issue in sorted(outcome.warnings)] == [(2, "capacity"), (3, "on_post")]


class TestHistory:
    def test_what_the_enterprise_had_said_is_kept(self, place, bring_in, set_clock):
        first = place.report(
            capacity=Decimal(95), obstacles=["money"], remark="电话报", extra={"quarantined": "2"}, seconds_taken=20
        )
        set_clock("2020-03-24T15:00:00+08:00")
        bring_in([row_of(place.enterprise)])
        report = DailyReport.objects.get(pk=first.pk)
        assert (report.revision, report.channel, report.reported_by_name) == (2, "import", "console")
        assert (report.seconds_taken, report.client_key, report.warning_reason) == (None, None, "")
        assert report.submitted_at > first.submitted_at
        (old,) = SupersededReport.objects.filter(report=report)
        assert (old.revision, old.channel, old.reported_by_name, old.submitted_at) == (
            1, "phone", "李", first.submitted_at,
        )  # fmt: skip
        said = {name: value for name, value in old.values.items() if name not in ("warning_reason", "client_key")}
        assert said == {
            "state": "open", "closed_reason": "", "roster": 100, "on_post": 80, "capacity": "95.0",
            "obstacles": ["money"], "supply_days": None, "remark": "电话报", "extra": {"quarantined": "2"},
        }  # fmt: skip

    def test_each_correction_adds_one(self, place, bring_in):
        for on_post in ("80", "75", "75", "70"):
            bring_in([row_of(place.enterprise, on_post=on_post)])
        report = DailyReport.objects.get()
        assert report.revision == 3
        old = SupersededReport.objects.filter(report=report).order_by("revision")
        assert [(before.revision, before.values["on_post"]) for before in old] == [(1, 80), (2, 75)]

    def test_the_area_of_the_day_is_kept_after_a_move(self, place, bring_in):
        place.report(managing_area=place.township, day="2020-03-20")
        Enterprise.objects.filter(pk=place.enterprise.pk).update(managing_area=place.other_county)
        bring_in([row_of(place.enterprise, day="2020-03-20", on_post="70"), row_of(place.enterprise)])
        found = dict(DailyReport.objects.values_list("day", "managing_area"))
        assert found == {date(2020, 3, 20): place.township.pk, TODAY: place.other_county.pk}

    def test_the_books_above_are_told_which_cells_to_count_anew(self, place, bring_in, monkeypatch):
        told = []
        place.report(managing_area=place.township, day="2020-03-20")
        Enterprise.objects.filter(pk=place.enterprise.pk).update(managing_area=place.zone)
        monkeypatch.setitem(events._receivers, ReportsImported, [told.append])
        bring_in([row_of(place.enterprise, day="2020-03-20", on_post="70"), row_of(place.other)])
        (event,) = told
        assert event.incident_id == place.incident.pk
        assert event.cells == {(date(2020, 3, 20), place.township.pk), (TODAY, place.other_county.pk)}

    def test_each_day_is_held_against_the_playbook_of_that_day(self, place, bring_in):
        later = place.playbook.__class__.objects.get(pk=place.playbook.pk)
        later.pk, later.version, later.effective_from = None, "2020.2", date(2020, 3, 1)
        later.save()
        bring_in([row_of(place.enterprise, day="2020-02-29"), row_of(place.enterprise, day="2020-03-01")])
        found = dict(DailyReport.objects.values_list("day", "playbook_version__version"))
        assert found == {date(2020, 2, 29): "2020.1", date(2020, 3, 1): "2020.2"}


class TestRefusals:
    def test_an_enterprise_that_the_register_does_not_know(self, place, bring_in):
        stranger = compose_code("371502", "MA3XXXX1")
        outcome = bring_in([[stranger, *row_of(place.enterprise)[1:]], row_of(place.enterprise)])
        assert counts(outcome) == {"read": 2, "new": 1, "changed": 0, "same": 0, "refused": 1}
        assert (refusal(outcome).row, refusal(outcome).column, refusal(outcome).value) == (2, "uscc", stranger)
        assert (refusal(outcome).reason, refusal(outcome).mend) == (
            "No enterprise with this code is in the register",
            "Import the enterprise first, then its report",
        )

    @pytest.mark.parametrize(
        ("life", "taken"),
        [
            ({"closed_on": date(2020, 3, 24)}, False),
            ({"closed_on": date(2020, 3, 25)}, True),
            ({"established_on": date(2020, 3, 24)}, True),
            ({"established_on": date(2020, 3, 25)}, False),
            ({"established_on": None}, True),
        ],
        ids=str,
    )
    def test_an_enterprise_reports_while_it_is_in_business(self, place, bring_in, life, taken):
        Enterprise.objects.filter(pk=place.enterprise.pk).update(**life)
        outcome = bring_in([row_of(place.enterprise, on_post="0"), row_of(place.other)])
        assert counts(outcome)["new"] == 1 + taken
        if not taken:
            assert "was not in business on 2020-03-24" in refusal(outcome).reason
            assert (refusal(outcome).row, refusal(outcome).value) == (2, place.enterprise.uscc)
            assert outcome.warnings == [], "a refused row has no warnings besides"

    @pytest.mark.parametrize(
        ("day", "reason"),
        [
            ("2020-03-25", "2020-03-25 is later than today, 2020-03-24"),
            ("2020-02-09", "lies before the incident, which began on 2020-02-10"),
            ("2020-02-30", "The calendar has no day 2020-02-30"),
            ("", "The day is missing"),
        ],
    )
    def test_a_day_outside_the_incident(self, place, bring_in, day, reason):
        outcome = bring_in([row_of(place.enterprise, day=day), row_of(place.other, day="2020-02-10")])
        assert counts(outcome) == {"read": 2, "new": 1, "changed": 0, "same": 0, "refused": 1}
        assert reason in refusal(outcome).reason
        assert (refusal(outcome).row, refusal(outcome).column) == (2, "day")

    def test_after_the_end_of_an_incident_its_days_can_still_be_brought_in(self, place, bring_in):
        place.incident.ended_on = date(2020, 3, 22)
        place.incident.save()
        outcome = bring_in([row_of(place.enterprise, day="2020-03-22"), row_of(place.enterprise, day="2020-03-23")])
        assert counts(outcome) == {"read": 2, "new": 1, "changed": 0, "same": 0, "refused": 1}

    @pytest.mark.parametrize(
        ("changes", "column"),
        [
            ({"on_post": "101"}, "on_post"),
            ({"roster": ""}, "roster"),
            ({"roster": "一百"}, "roster"),
            ({"state": "asleep"}, "state"),
            ({"state": "closed", "on_post": "0"}, "reason"),
            ({"capacity": "-1"}, "capacity"),
            ({"capacity": "1001"}, "capacity"),
            ({"capacity": "1e50"}, "capacity"),
            ({"capacity": f"{'9' * 30}.55"}, "capacity"),
            ({"supply_days": "1e50"}, "supply_days"),
            ({"obstacles": "weather"}, "obstacles"),
            ({"remark": "话" * 1001}, "remark"),
            ({"remark": "a\x07b"}, "remark"),
            ({"roster": "1e9"}, "roster"),
            ({"uscc": "371502630718010"}, "uscc"),
            ({"uscc": ""}, "uscc"),
        ],
        ids=lambda value: str(value)[:40] if isinstance(value, dict) else "",
    )
    def test_a_cell_that_cannot_be_is_named_and_the_other_rows_come_in(self, place, bring_in, changes, column):
        outcome = bring_in([row_of(place.enterprise, **changes), row_of(place.other)])
        assert counts(outcome) == {"read": 2, "new": 1, "changed": 0, "same": 0, "refused": 1}
        assert {(issue.row, issue.column) for issue in outcome.refused} == {(2, column)}
        assert all(issue.reason and issue.mend for issue in outcome.refused)

    def test_a_late_refusal_names_the_file_s_own_heading(self, place, bring_in):
        Enterprise.objects.filter(pk=place.enterprise.pk).update(closed_on=TODAY)
        header = ("统一社会信用代码", "日期", "状态", "在册", "在岗")
        outcome = bring_in([(place.enterprise.uscc, "2020-03-24", "开工", "10", "5")], header=header)
        assert refusal(outcome).column == "统一社会信用代码"


class TestColumns:
    CHINESE = ("统一社会信用代码", "日期", "状态", "原因", "在册", "在岗", "产能（%）", "困难", "物资天数", "备注")

    def test_chinese_headings_and_words(self, place, bring_in):
        closed = [place.other.uscc, "2020/3/24", "未开工", "没有订单", "50", "", "", "", "", "等通知"]
        rows = [row_of(place.enterprise, state="部分开工", obstacles="缺工、资金"), closed]
        assert counts(bring_in(rows, header=self.CHINESE))["new"] == 2
        report = DailyReport.objects.get(enterprise=place.enterprise)
        assert (report.state, report.obstacles) == ("partial", ["labour", "money"])
        report = DailyReport.objects.get(enterprise=place.other)
        assert (report.state, report.closed_reason, report.on_post, report.remark) == ("closed", "orders", 0, "等通知")

    @pytest.mark.parametrize("heading", ["quarantined", "隔离观察人数", "People in quarantine"])
    def test_a_further_item_of_the_playbook_has_its_column(self, place, bring_in, heading):
        bring_in([[*row_of(place.enterprise), "2"]], header=(*REPORT_HEADER, heading))
        assert DailyReport.objects.get().extra == {"quarantined": "2"}

    def test_a_further_item_that_cannot_be_refuses_its_row(self, place, bring_in):
        outcome = bring_in([[*row_of(place.enterprise), "-1"]], header=(*REPORT_HEADER, "隔离观察人数"))
        assert refusal(outcome).column == "隔离观察人数"
        assert not DailyReport.objects.exists()

    def test_columns_that_nobody_asked_for_are_left_aside(self, place, bring_in):
        bring_in([[*row_of(place.enterprise), "13800000000"]], header=(*REPORT_HEADER, "联系电话"))
        report = DailyReport.objects.get()
        assert "13800000000" not in str(vars(report))

    def test_without_a_column_that_is_needed_nothing_is_read(self, place, bring_in):
        with pytest.raises(UnreadableFile, match="在岗"):
            bring_in([row_of(place.enterprise)[:5]], header=REPORT_HEADER[:5])
        assert not entries("reporting.report.imported")

    def test_every_format_gives_the_same_answer(self, place, tmp_path):
        rows = [row_of(place.enterprise), row_of(place.other, roster="一百"), row_of(place.other, capacity="0.9")]
        files = [
            write_csv(tmp_path / "utf8.csv", self.CHINESE, rows, "utf-8-sig"),
            write_csv(tmp_path / "gb.csv", self.CHINESE, rows, "gb18030"),
            tmp_path / "book.xlsx",
        ]
        write_xlsx(files[2], [SheetData("日报", self.CHINESE, rows)])
        answers = [import_reports(actor=CONSOLE, incident=place.incident, path=path).as_json() for path in files]
        assert (answers[0]["new"], len(answers[0]["refused"]), len(answers[0]["warnings"])) == (2, 1, 1)
        for answer in answers[1:]:
            assert answer == answers[0] | {"new": 0, "recognised": 2, "same": 2}


class TestScope:
    def test_nobody_else_s_rows_are_touched(self, place, bring_in):
        flood = factories.IncidentFactory(area=place.city)
        for enterprise, values in (
            (place.other, {}),
            (place.enterprise, {"day": "2020-03-23"}),
            (place.enterprise, {"incident": flood}),
        ):
            factories.ReportFactory(
                **{"enterprise": enterprise, "incident": place.incident, "playbook_version": place.playbook} | values
            )
        before = everything()
        bring_in([row_of(place.enterprise), row_of(place.enterprise, day="2020-03-22")])
        after = everything()
        assert after[0][: len(before[0])] == before[0]
        assert (len(after[0]), after[1]) == (len(before[0]) + 2, [])

    def test_a_county_s_clerk_brings_in_the_county_s_own_only(self, place, bring_in, viewer_of):
        outcome = bring_in([row_of(place.enterprise), row_of(place.other)], actor=viewer_of("bureau_clerk"))
        assert counts(outcome) == {"read": 2, "new": 1, "changed": 0, "same": 0, "refused": 1}
        assert (refusal(outcome).row, refusal(outcome).reason) == (3, "No enterprise with this code is in the register")

    def test_an_enterprise_outside_the_incident_s_area_is_unknown_to_it(self, place, bring_in):
        elsewhere = factories.AreaFactory(code="370100", name="济南市", level=AreaLevel.CITY)
        enterprise = factories.EnterpriseFactory(managing_area=elsewhere)
        assert counts(bring_in([row_of(enterprise)]))["refused"] == 1

    @pytest.mark.parametrize("kind", ["bureau_clerk", "duty_officer@city"])
    def test_clerks_and_duty_officers_bring_files_in(self, place, bring_in, viewer_of, kind):
        bring_in([row_of(place.enterprise)], actor=viewer_of(kind))
        report = DailyReport.objects.get()
        assert (report.reported_by, report.reported_by_name) == (place.person(kind), place.person(kind).name)

    @pytest.mark.parametrize("kind", ["commander@city", "administrator", "auditor", "reporter", "nobody", "anonymous"])
    def test_nobody_else_does(self, place, bring_in, viewer_of, kind):
        with pytest.raises(Denied):
            bring_in([row_of(place.enterprise)], actor=viewer_of(kind))
        assert not DailyReport.objects.exists()

    def test_the_trail_keeps_the_file_s_name_hash_and_counts(self, place, bring_in, tmp_path, viewer_of):
        bring_in([row_of(place.enterprise), row_of(place.other, roster="")], actor=viewer_of("duty_officer@city"))
        (entry,) = entries("reporting.report.imported")
        run = ImportRun.objects.get()
        assert (entry.actor_id, entry.subject) == (
            place.person("duty_officer@city").pk,
            f"spreadsheets.import:{run.pk}",
        )
        assert entry.detail == {
            "file": "日报.csv",
            "sha256": hashlib.sha256((tmp_path / "日报.csv").read_bytes()).hexdigest(),
            "import": run.pk, "read": 2, "new": 1, "changed": 0, "refused": 1,
        }  # fmt: skip


class TestAllOrNone:
    @pytest.mark.parametrize("step", ["INSERT", "CHANGED", "HISTORY", "CORRECT", "DROP TABLE incoming"])
    def test_when_the_database_fails_midway_nothing_has_happened(self, place, bring_in, monkeypatch, step):
        bring_in([row_of(place.enterprise)])
        before, run = everything(), incoming.execute
        rows = [row_of(place.enterprise, on_post="70"), row_of(place.other)]

        def fail(sql, parameters=None):
            if sql == getattr(import_sql, step, None) or sql.startswith(step):
                run("SELECT 1/0")
            return run(sql, parameters)

        monkeypatch.setattr(incoming, "execute", fail)
        with pytest.raises(Exception, match="division by zero"):
            bring_in(rows)
        assert everything() == before
        assert len(entries("reporting.report.imported")) == 1
        monkeypatch.undo()
        assert counts(bring_in(rows)) == {"read": 2, "new": 1, "changed": 1, "same": 0, "refused": 0}

    def test_a_book_that_cannot_be_kept_takes_the_file_back(self, place, bring_in, monkeypatch):
        def fail(_event):
            raise RuntimeError("no book")

        monkeypatch.setitem(events._receivers, ReportsImported, [fail])
        with pytest.raises(RuntimeError, match="no book"):
            bring_in([row_of(place.enterprise)])
        assert not DailyReport.objects.exists()
        assert not entries("reporting.report.imported")

    def test_a_file_that_breaks_in_its_last_row_writes_nothing(self, place, bring_in, monkeypatch):
        parse = incoming.ReportRows.parse

        def stumble(rows, number, cells):
            if number == 3:
                raise OSError("the disk is gone")
            return parse(rows, number, cells)

        monkeypatch.setattr(incoming.ReportRows, "parse", stumble)
        with pytest.raises(OSError, match="the disk is gone"):
            bring_in([row_of(place.enterprise), row_of(place.other)])
        assert not DailyReport.objects.exists()
