"""A county's spreadsheet goes into the register: counts that add up, nothing erased, nothing half done."""

from __future__ import annotations

import hashlib
from datetime import date
from decimal import Decimal

import pytest

from fugong.base.audit.models import AuditEntry
from fugong.base.spreadsheets.actions import deliveries
from fugong.base.spreadsheets.logic.reader import UnreadableFile
from fugong.base.spreadsheets.logic.writer import SheetData, write_xlsx
from fugong.base.spreadsheets.models import ImportRun
from fugong.core.decision import Denied
from fugong.core.viewer import service_viewer
from fugong.record.registry.actions import incoming
from fugong.record.registry.actions.imports import import_enterprises
from fugong.record.registry.logic.uscc import compose_code
from fugong.record.registry.models import Enterprise
from tests.tools import entries, write_csv

HEADER = ["企业名称", "统一社会信用代码", "地区", "成立日期", "注册资本", "注册地址", "经营范围"]
CONSOLE = service_viewer("console")


def code(number: int, division: str = "371502") -> str:
    return compose_code(division, f"MA7{number:05d}")


def line(number: int, division: str = "371502", **changes) -> list[str]:
    row = {
        "企业名称": f"鲁西第{number}机械有限公司",
        "统一社会信用代码": code(number, division),
        "地区": "",
        "成立日期": "2010-04-05",
        "注册资本": "300万元人民币",
        "注册地址": f"兴华路{number}号",
        "经营范围": "机械制造",
    }
    assert set(changes) <= set(row)
    return list((row | changes).values())


@pytest.fixture
def bring_in(tmp_path):
    """`bring_in(rows)`: import these rows as the console, or as another actor; returns the outcome."""

    def run(rows, actor=CONSOLE, header=HEADER, name="企业.csv", encoding="utf-8", **options):
        path = write_csv(tmp_path / name, header, rows, encoding)
        outcome = import_enterprises(actor=actor, path=path, **options)
        assert outcome.read == outcome.accepted + outcome.refused_rows
        assert outcome.accepted == outcome.new + outcome.recognised
        assert outcome.recognised == outcome.changed + outcome.same
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


class TestCounts:
    def test_good_rows_come_in_and_bad_ones_are_named_by_row_and_column(self, place, bring_in):
        wrong = code(2)[:-1] + ("0" if code(2)[-1] != "0" else "1")
        outcome = bring_in([line(1), line(2, 统一社会信用代码=wrong), line(3, 企业名称=""), line(4)])
        assert counts(outcome) == {"read": 4, "new": 2, "changed": 0, "same": 0, "refused": 2}
        assert [(issue.row, issue.column, issue.value) for issue in sorted(outcome.refused)] == [
            (3, "统一社会信用代码", wrong),
            (4, "企业名称", ""),
        ]
        assert all(issue.reason and issue.mend for issue in outcome.refused)
        assert set(Enterprise.objects.filter(name__contains="鲁西").values_list("uscc", flat=True)) == {
            code(1),
            code(4),
        }

    def test_a_row_with_two_faults_is_one_refused_row(self, place, bring_in):
        outcome = bring_in([line(1, 企业名称="", 统一社会信用代码="123")])
        assert (len(outcome.refused), outcome.refused_rows) == (2, 1)

    def test_what_was_said_stands_in_the_register(self, place, bring_in):
        bring_in([line(1)])
        stored = Enterprise.objects.get(uscc=code(1))
        assert (stored.name, stored.kind, stored.established_on) == (
            "鲁西第1机械有限公司",
            "enterprise",
            date(2010, 4, 5),
        )
        assert (stored.managing_area, stored.registered_area) == (place.county, place.county)
        assert (stored.capital_amount, stored.capital_currency) == (Decimal(3_000_000), "CNY")
        assert (stored.registered_address, stored.business_scope) == ("兴华路1号", "机械制造")

    def test_the_same_file_again_recognises_all_and_changes_nothing(self, place, bring_in, set_clock):
        rows = [line(n) for n in range(1, 6)]
        bring_in(rows)
        before = list(Enterprise.objects.order_by("pk").values())
        set_clock("2020-03-24T16:00:00+08:00")
        assert counts(bring_in(rows)) == {"read": 5, "new": 0, "changed": 0, "same": 5, "refused": 0}
        assert list(Enterprise.objects.order_by("pk").values()) == before

    def test_new_changed_and_same_are_told_apart(self, place, bring_in, set_clock):
        bring_in([line(1), line(2)])
        set_clock("2020-03-24T16:00:00+08:00")
        outcome = bring_in([line(1), line(2, 注册地址="柳园路9号"), line(3)])
        assert counts(outcome) == {"read": 3, "new": 1, "changed": 1, "same": 1, "refused": 0}
        changed = Enterprise.objects.get(uscc=code(2))
        assert changed.registered_address == "柳园路9号"
        assert changed.updated_at > changed.created_at

    @pytest.mark.parametrize(
        ("column", "text", "field", "value"),
        [
            ("企业名称", "鲁西更名有限公司", "name", "鲁西更名有限公司"),
            ("成立日期", "2011-01-01", "established_on", date(2011, 1, 1)),
            ("注册资本", "50万美元", "capital_currency", "USD"),
            ("注册资本", "0万元", "capital_amount", Decimal(0)),
            ("经营范围", "轴承", "business_scope", "轴承"),
        ],
    )
    def test_each_fact_is_brought_up_to_date(self, place, bring_in, column, text, field, value):
        bring_in([line(1)])
        assert bring_in([line(1, **{column: text})]).changed == 1
        assert getattr(Enterprise.objects.get(uscc=code(1)), field) == value

    def test_a_code_that_stands_twice_in_the_file_comes_in_once(self, place, bring_in):
        outcome = bring_in([line(1), line(1, 注册地址="别处"), line(2)])
        assert counts(outcome) == {"read": 3, "new": 2, "changed": 0, "same": 0, "refused": 1}
        assert refusal(outcome).row == 3
        assert "Row 2 has the same code" in refusal(outcome).reason
        assert Enterprise.objects.get(uscc=code(1)).registered_address == "兴华路1号"

    def test_a_row_with_a_warning_is_taken(self, place, bring_in):
        outcome = bring_in([line(1, 注册资本="万人民币", 地区="临沂")])
        assert counts(outcome)["new"] == 1
        assert {issue.column for issue in outcome.warnings} == {"注册资本", "地区"}
        stored = Enterprise.objects.get(uscc=code(1))
        assert (stored.capital_amount, stored.capital_currency, stored.managing_area) == (None, "", place.county)

    def test_a_file_of_nothing_but_bad_rows_writes_nothing(self, place, bring_in):
        outcome = bring_in([line(1, 统一社会信用代码="无"), line(2, 统一社会信用代码="371502630718010")])
        assert counts(outcome) == {"read": 2, "new": 0, "changed": 0, "same": 0, "refused": 2}
        assert Enterprise.objects.count() == 2


class TestNothingIsErased:
    def test_empty_cells_leave_what_the_register_knows(self, place, bring_in):
        bring_in([line(1)])
        before = Enterprise.objects.values().get(uscc=code(1))
        silent = dict.fromkeys(["成立日期", "注册资本", "注册地址", "经营范围"], "")
        assert counts(bring_in([line(1, **silent)]))["same"] == 1
        assert Enterprise.objects.values().get(uscc=code(1)) == before

    def test_nor_do_they_when_another_cell_says_something(self, place, bring_in):
        bring_in([line(1)])
        before = Enterprise.objects.values().get(uscc=code(1))
        silent = dict.fromkeys(["成立日期", "注册资本", "注册地址", "经营范围"], "")
        assert counts(bring_in([line(1, 企业名称="鲁西更名有限公司", **silent)]))["changed"] == 1
        after = Enterprise.objects.values().get(uscc=code(1))
        differing = {name for name in before if before[name] != after[name]}
        assert {"name"} <= differing <= {"name", "search_key", "updated_at"}

    def test_words_for_nothing_are_empty_cells(self, place, bring_in):
        bring_in([line(1)])
        silent = {"成立日期": "N/A", "注册资本": "—", "注册地址": "无", "经营范围": "不详"}
        assert counts(bring_in([line(1, **silent)]))["same"] == 1

    def test_a_file_without_the_columns_leaves_them_too(self, place, bring_in):
        bring_in([line(1)])
        before = Enterprise.objects.values().get(uscc=code(1))
        assert counts(bring_in([line(1)[:2]], header=HEADER[:2]))["same"] == 1
        assert Enterprise.objects.values().get(uscc=code(1)) == before

    def test_capital_keeps_its_currency_when_only_another_fact_changes(self, place, bring_in):
        bring_in([line(1, 注册资本="50万美元")])
        bring_in([line(1, 注册资本="", 注册地址="柳园路9号")])
        stored = Enterprise.objects.get(uscc=code(1))
        assert (stored.capital_amount, stored.capital_currency) == (Decimal(500_000), "USD")

    def test_an_enterprise_that_a_clerk_moved_is_not_moved_back_by_a_file(self, place, bring_in):
        bring_in([line(1)])
        Enterprise.objects.filter(uscc=code(1)).update(managing_area=place.zone)
        assert counts(bring_in([line(1)]))["same"] == 1
        assert Enterprise.objects.get(uscc=code(1)).managing_area == place.zone

    def test_what_the_file_does_not_name_stays(self, place, bring_in):
        before = Enterprise.objects.values().get(pk=place.enterprise.pk)
        bring_in([line(1)])
        assert Enterprise.objects.values().get(pk=place.enterprise.pk) == before

    def test_a_closing_day_that_the_file_contradicts_refuses_the_row_and_no_other(self, place, bring_in):
        bring_in([line(1), line(2)])
        Enterprise.objects.filter(uscc=code(1)).update(closed_on=date(2019, 12, 31))
        outcome = bring_in([line(1, 成立日期="2020-01-02"), line(2, 注册地址="柳园路9号")])
        assert counts(outcome) == {"read": 2, "new": 0, "changed": 1, "same": 0, "refused": 1}
        assert (refusal(outcome).row, refusal(outcome).column, refusal(outcome).value) == (2, "成立日期", "2020-01-02")
        assert Enterprise.objects.get(uscc=code(1)).established_on == date(2010, 4, 5)


class TestAreas:
    def test_the_code_decides_and_the_column_makes_it_finer(self, place, bring_in):
        bring_in([line(1), line(2, 地区="古楼街道"), line(3, 地区="经开区"), line(4, 地区="茌平区")])
        found = dict(Enterprise.objects.filter(name__contains="鲁西").values_list("uscc", "managing_area__code"))
        assert found == {code(1): "371502", code(2): "371502001", code(3): "371500-JK", code(4): "371502"}

    def test_a_stranger_of_the_city_is_filed_under_the_default_area(self, place, bring_in):
        bring_in([line(1, "371502"), line(2, "110101")], default_area="371503")
        assert Enterprise.objects.get(uscc=code(2, "110101")).managing_area == place.other_county
        assert Enterprise.objects.get(uscc=code(1)).managing_area == place.county

    def test_a_row_placed_outside_the_clerk_s_county_is_refused_and_the_rest_comes_in(self, place, bring_in, viewer_of):
        outcome = bring_in([line(1), line(2, "371503"), line(3, 地区="古楼街道")], actor=viewer_of("bureau_clerk"))
        assert counts(outcome) == {"read": 3, "new": 2, "changed": 0, "same": 0, "refused": 1}
        issue = refusal(outcome)
        assert (issue.row, issue.column, issue.value) == (3, "统一社会信用代码", code(2, "371503"))
        assert (issue.reason, issue.mend) == (
            "Its area 茌平区 lies outside your mandate",
            "Leave the row to the bureau of that area",
        )
        assert not Enterprise.objects.filter(uscc=code(2, "371503")).exists()

    def test_a_row_of_the_city_itself_lies_outside_a_county(self, place, bring_in, viewer_of):
        outcome = bring_in([line(1, "110101")], actor=viewer_of("bureau_clerk"))
        assert "聊城市" in refusal(outcome).reason

    def test_a_known_enterprise_that_another_area_manages_is_left_to_it(self, place, bring_in, viewer_of):
        bring_in([line(1), line(2)])
        Enterprise.objects.filter(uscc=code(1)).update(managing_area=place.other_county)
        before = Enterprise.objects.values().get(uscc=code(1))
        rows = [line(1, 企业名称="抢来有限公司", 注册资本="万元"), line(2, 企业名称="自家有限公司")]
        outcome = bring_in(rows, actor=viewer_of("bureau_clerk"))
        assert counts(outcome) == {"read": 2, "new": 0, "changed": 1, "same": 0, "refused": 1}
        issue = refusal(outcome)
        assert (issue.row, issue.column, issue.value) == (2, "统一社会信用代码", code(1))
        assert issue.reason == "Its area 茌平区 lies outside your mandate"
        assert outcome.warnings == []
        assert Enterprise.objects.values().get(uscc=code(1)) == before
        assert Enterprise.objects.get(uscc=code(2)).name == "自家有限公司"

    def test_the_city_s_clerk_may_change_it_and_it_stays_where_it_is(self, place, bring_in, viewer_of):
        bring_in([line(1)])
        Enterprise.objects.filter(uscc=code(1)).update(managing_area=place.other_county)
        outcome = bring_in([line(1, 企业名称="更名有限公司")], actor=viewer_of("bureau_clerk@city"))
        assert counts(outcome)["changed"] == 1
        stored = Enterprise.objects.get(uscc=code(1))
        assert (stored.name, stored.managing_area) == ("更名有限公司", place.other_county)

    @pytest.mark.parametrize("kind", ["commander@city", "auditor@city", "duty_officer", "reporter", "nobody"])
    def test_who_does_not_keep_the_register_brings_nothing_in(self, place, bring_in, viewer_of, kind):
        with pytest.raises(Denied):
            bring_in([line(1)], actor=viewer_of(kind))
        assert Enterprise.objects.count() == 2


class TestFiles:
    def test_the_same_content_gives_the_same_answer_in_every_format(self, place, tmp_path):
        rows = [line(1), line(2, 地区="临沂"), line(3, 统一社会信用代码="371502630718010"), line(4), line(4)]
        files = [
            write_csv(tmp_path / "utf8.csv", HEADER, rows, "utf-8-sig"),
            write_csv(tmp_path / "gb.csv", HEADER, rows, "gb18030"),
            tmp_path / "book.xlsx",
        ]
        write_xlsx(files[2], [SheetData("名单", HEADER, rows)])
        answers = [import_enterprises(actor=CONSOLE, path=path).as_json() for path in files]
        assert answers[0]["new"] == answers[0]["accepted"] == 3
        assert len(answers[0]["refused"]) == 2
        assert len(answers[0]["warnings"]) == 1
        for answer in answers[1:]:
            assert answer == answers[0] | {"new": 0, "recognised": 3, "same": 3}

    def test_the_trail_keeps_the_file_s_name_hash_and_counts(self, place, bring_in, tmp_path, viewer_of):
        outcome = bring_in([line(1), line(2, 企业名称="")], actor=viewer_of("bureau_clerk"))
        (entry,) = entries("registry.enterprise.imported")
        digest = hashlib.sha256((tmp_path / "企业.csv").read_bytes()).hexdigest()
        assert entry.actor_id == place.person("bureau_clerk").pk
        assert entry.subject == f"spreadsheets.import:{ImportRun.objects.get().pk}"
        assert entry.detail.pop("import") == ImportRun.objects.get().pk
        assert entry.detail == {"file": "企业.csv", "sha256": digest} | {
            name: number for name, number in counts(outcome).items() if name != "same"
        }

    def test_without_a_column_for_names_or_codes_nothing_is_read(self, place, bring_in):
        with pytest.raises(UnreadableFile, match="统一社会信用代码"):
            bring_in([["鲁西机械", "兴华路"]], header=["企业名称", "地址"])
        assert not AuditEntry.objects.filter(verb="registry.enterprise.imported").exists()

    @pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n\0\0", b"%PDF-1.4", b"<html><table></table></html>"])
    def test_what_is_no_table_is_said(self, place, tmp_path, content):
        path = tmp_path / "企业.xlsx"
        path.write_bytes(content)
        with pytest.raises(UnreadableFile):
            import_enterprises(actor=CONSOLE, path=path)


class TestAllOrNone:
    @pytest.mark.parametrize("step", ["_UPDATE", "_INSERT", "DROP"])
    def test_when_the_database_fails_midway_nothing_has_happened(self, place, bring_in, monkeypatch, step):
        bring_in([line(1)])
        before = list(Enterprise.objects.order_by("pk").values())
        run = incoming.execute

        def fail(sql, parameters=None):
            if sql == getattr(incoming, step, None) or sql.startswith(step):
                run("SELECT 1/0")
            return run(sql, parameters)

        monkeypatch.setattr(incoming, "execute", fail)
        with pytest.raises(Exception, match="division by zero"):
            bring_in([line(1, 企业名称="更名有限公司"), line(2)])
        assert list(Enterprise.objects.order_by("pk").values()) == before
        assert len(entries("registry.enterprise.imported")) == 1
        monkeypatch.undo()
        assert counts(bring_in([line(1, 企业名称="更名有限公司"), line(2)])) == {
            "read": 2, "new": 1, "changed": 1, "same": 0, "refused": 0,
        }  # fmt: skip

    def test_when_the_trail_cannot_be_written_the_rows_are_not_either(self, place, bring_in, monkeypatch):
        def fail(**_values):
            raise RuntimeError("no trail")

        monkeypatch.setattr(deliveries, "record", fail)
        with pytest.raises(RuntimeError, match="no trail"):
            bring_in([line(1)])
        assert not Enterprise.objects.filter(uscc=code(1)).exists()

    def test_a_file_that_breaks_in_its_last_row_writes_nothing(self, place, bring_in, monkeypatch):
        parse = incoming.EnterpriseRows.parse

        def stumble(rows, number, cells):
            if number == 4:
                raise OSError("the disk is gone")
            return parse(rows, number, cells)

        monkeypatch.setattr(incoming.EnterpriseRows, "parse", stumble)
        with pytest.raises(OSError, match="the disk is gone"):
            bring_in([line(1), line(2), line(3)])
        assert Enterprise.objects.count() == 2


class TestOddCells:
    @pytest.mark.parametrize(
        "changes",
        [
            {"注册资本": "-5万元"},
            {"注册资本": "9" * 30 + "万元"},
            {"注册资本": "1e30"},
            {"经营范围": "a\x07b"},
            {"成立日期": "0001-01-01"},
            {"成立日期": "9999-12-31"},
            {"企业名称": "鲁" * 300},
            {"企业名称": "鲁西\u200b机械有限公司"},
            {"注册地址": "路" * 5000},
        ],
        ids=str,
    )
    def test_no_cell_ends_the_import(self, place, bring_in, changes):
        outcome = bring_in([line(1, **changes), line(2)])
        assert Enterprise.objects.filter(uscc=code(2)).exists()
        assert Enterprise.objects.filter(uscc=code(1)).exists() == (outcome.refused_rows == 0)

    def test_a_zero_byte_far_behind_the_beginning_refuses_its_row_only(self, place, bring_in):
        rows = [line(n) for n in range(1, 200)] + [line(200, 经营范围="机械\0制造"), line(201)]
        outcome = bring_in(rows)
        assert (outcome.new, refusal(outcome).row) == (200, 201)
