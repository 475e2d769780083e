from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fugong.base.spreadsheets.logic.reader import read_table
from fugong.base.spreadsheets.logic.writer import SheetData, write_xlsx
from fugong.record.registry.logic.uscc import compose_code
from fugong.record.reporting.logic.cells import STATE_NAMES
from fugong.record.reporting.logic.checks import CheckRules, ReportValues
from fugong.record.reporting.logic.columns import USUAL_NAMES, names_of
from fugong.record.reporting.logic.rows import ParsedReport, ReportContext, ReportRows

CODE = compose_code("371522", "MA3DK20P")
OTHER = compose_code("371522", "MA3DK20Q")
STRANGER = compose_code("371522", "MA3DK20R")
HEADER = ["uscc", "day", "state", "reason", "roster", "on_post", "capacity", "obstacles", "supply_days", "remark"]
CHINESE = ["统一社会信用代码", "日期", "状态", "原因", "在册", "在岗", "产能（%）", "困难", "物资天数", "备注"]
GOOD = dict(
    zip(HEADER, [CODE, "2020-03-24", "open", "", "186", "150", "85", "labour;money", "7", "招工中"], strict=True)
)
CONTEXT = ReportContext(
    enterprises={CODE: 1, OTHER: 2},
    rules=CheckRules(
        Decimal(30), Decimal(20), Decimal(50), frozenset({"orders", "other"}), frozenset({"labour", "money"})
    ),
    first_day=date(2020, 1, 24),
    last_day=date(2020, 3, 24),
    reasons={"orders": "orders", "没有订单": "orders", "other": "other"},
    obstacles={"labour": "labour", "缺工": "labour", "money": "money", "资金": "money"},
)


@pytest.fixture
def rows():
    return ReportRows(names_of({}, {}).recognise(HEADER), CONTEXT)


def judge(rows, line=2, **changes):
    return rows.parse(line, list({**GOOD, **changes}.values()))


def test_row_in_order_becomes_a_report(rows):
    values = ReportValues("open", "", 186, 150, Decimal(85), ("labour", "money"), Decimal(7), "招工中", {})
    assert judge(rows) == (ParsedReport(2, CODE, date(2020, 3, 24), values), (), ())


def test_the_same_in_chinese_and_as_people_write():
    cells = [
        f" {CODE.lower()}", "2020年3月24日", "部分开工", "", "１８６人", "150", "85.04%", "缺工、资金，缺工", "7天",
        "无",
    ]  # fmt: skip
    report = ReportRows(names_of({}, {}).recognise(CHINESE), CONTEXT).parse(2, cells).report
    assert report.uscc == CODE
    assert report.day == date(2020, 3, 24)
    assert report.values == ReportValues(
        "partial", "", 186, 150, Decimal("85.0"), ("labour", "money"), Decimal(7), "", {}
    )


@pytest.mark.parametrize(("state", "text"), [(state, text) for state, texts in STATE_NAMES.items() for text in texts])
def test_states_by_their_usual_words(rows, state, text):
    reason = "orders" if state == "closed" else ""
    numbers = {"on_post": "0", "capacity": ""} if state == "closed" else {}
    assert judge(rows, state=text, reason=reason, **numbers).report.values.state == state


@pytest.mark.parametrize(
    ("column", "value", "reason", "mend"),
    [
        ("uscc", "", "code is missing", "18 characters"),
        ("uscc", CODE[:17], "17 characters", "text"),
        ("uscc", STRANGER, "No enterprise with this code", "Import the enterprise"),
        ("day", "", "day is missing", "2020-03-24"),
        ("day", "03-24", "not a date", "2020-03-24"),
        ("day", "2020-03-25", "later than today, 2020-03-24", "date"),
        ("day", "2020-01-23", "before the incident, which began on 2020-01-24", "date"),
        ("state", "", "state is missing", "open"),
        ("state", "大概", "“大概” is no state", "open"),
        ("roster", "", "people is missing", "0 if there is nobody"),
        ("roster", "一百八十六", "not a number", "186"),
        ("on_post", "12.5", "not a whole number", "whole"),
        ("on_post", "", "people is missing", "0 if there is nobody"),
        ("capacity", "高", "not a number", "digits"),
        ("capacity", "Infinity", "not a number", "digits"),
        ("obstacles", "labour;天气", "“天气”", "labour; money"),
        ("supply_days", "一周", "not a number", "digits"),
        ("remark", "锟斤拷", "damaged", "original file"),
        ("remark", "x" * 1001, "1001 characters", "Shorten"),
        ("capacity", "#DIV/0!", "no result", "formula"),
        ("on_post", "198", "198 is more than the 186 on the roster", "Lower it"),
        ("on_post", "-1", "negative", "0 or more"),
        ("capacity", "1001", "more than 1000", "Check"),
    ],
)
def test_refusals_name_column_value_reason_and_mend(rows, column, value, reason, mend):
    report, refusals, warnings = judge(rows, line=7, **{column: value})
    assert (report, warnings) == (None, ())
    (issue,) = refusals
    assert (issue.row, issue.column, issue.value) == (7, column, value[:200])
    assert reason in issue.reason
    assert mend in issue.mend


def test_all_unreadable_cells_of_a_row_are_told_at_once(rows):
    refusals = judge(rows, uscc="", day="x", state="?", roster="", capacity="x").refusals
    assert [issue.column for issue in refusals] == ["uscc", "day", "state", "roster", "capacity"]


def test_columns_keep_the_files_own_headings():
    issue = (
        ReportRows(names_of({}, {}).recognise(CHINESE), CONTEXT)
        .parse(2, list({**GOOD, "capacity": "高"}.values()))
        .refusals[0]
    )
    assert issue.column == "产能（%）"


def test_closed_needs_a_reason_and_takes_nobody_for_an_empty_cell(rows):
    (issue,) = judge(rows, state="closed", on_post="0", capacity="").refusals
    assert issue.column == "reason"
    report, _refusals, (doubt,) = judge(rows, state="closed", reason="没有订单", on_post="", capacity="")
    assert (report.values.closed_reason, report.values.on_post) == ("orders", 0)
    assert doubt.column == "on_post"


def test_reason_in_own_words_is_kept_in_the_remark(rows):
    values = judge(rows, state="closed", reason="等设备", on_post="0", capacity="").report.values
    assert (values.closed_reason, values.remark) == ("other", "等设备; 招工中")
    values = judge(rows, line=3, uscc=OTHER, reason="缺料").report.values
    assert (values.closed_reason, values.remark) == ("", "缺料; 招工中")


def test_reason_and_remark_that_are_too_long_only_together(rows):
    (issue,) = judge(rows, reason="甲" * 600, remark="乙" * 600).refusals
    assert (issue.column, "1202 characters" in issue.reason) == ("reason", True)


def test_later_row_of_the_same_enterprise_and_day_names_the_first(rows):
    assert judge(rows, line=2).report
    (issue,) = judge(rows, line=9, uscc=CODE.lower()).refusals
    assert "Row 2 reports the same enterprise" in issue.reason
    assert judge(rows, line=10, day="2020-03-23").report
    assert judge(rows, line=11, uscc=OTHER).report


def test_refused_row_does_not_take_its_day(rows):
    assert judge(rows, line=2, on_post="999").report is None
    assert judge(rows, line=3).report


@pytest.mark.parametrize(
    ("text", "asked"), [("0.85", True), ("1.1", True), ("1", True), ("0.85%", False), ("0", False), ("2", False)]
)
def test_share_instead_of_per_cent_is_asked(rows, text, asked):
    result = judge(rows, capacity=text)
    assert result.report
    assert [issue.column for issue in result.warnings] == (["capacity"] if asked else [])


def test_yesterday_brings_its_questions():
    before = ReportValues("open", "", 186, 150, Decimal(112), (), None, "", {})
    asked = []

    def last(code, day):
        asked.append((code, day))
        return before

    result = judge(ReportRows(names_of({}, {}).recognise(HEADER), replace(CONTEXT, before=last)))
    assert asked == [(CODE, date(2020, 3, 24))]
    (issue,) = result.warnings
    assert (issue.column, issue.value, issue.mend) == ("capacity", "85", "What is the reason?")


def test_further_items_of_the_playbook():
    items = {"quarantined": "integer", "litres": "decimal", "plan": "text"}
    labels = {"quarantined": ["隔离观察人数"], "litres": ["消毒液（升）"], "plan": []}
    header = [*HEADER, "隔离观察人数", "消毒液", "plan"]
    rows = ReportRows(names_of(labels, {}).recognise(header), replace(CONTEXT, items=items))
    assert rows.parse(2, [*GOOD.values(), "3人", "12.50", ""]).report.values.extra == {
        "quarantined": "3",
        "litres": "12.50",
    }
    (issue,) = rows.parse(3, [*GOOD.values(), "-3", "", ""]).refusals
    assert (issue.column, issue.value) == ("隔离观察人数", "-3")


def test_only_the_needed_columns(rows):
    header = ["日期", "在岗人数", "企业名称", "开工状态", "信用代码", "在册人数"]
    parser = ReportRows(names_of({}, {}).recognise(header), CONTEXT)
    values = parser.parse(2, ["2020-03-24", "150", "莘州机械", "已复工", CODE, "186"]).report.values
    assert values == ReportValues("open", "", 186, 150, None, (), None, "", {})
    columns = names_of({}, {}).recognise(["日期", "状态"])
    assert columns.missing == ("uscc", "roster", "on_post")
    with pytest.raises(ValueError, match="uscc, roster, on_post"):
        ReportRows(columns, CONTEXT)


def test_shifted_row_is_refused_whole(rows):
    (issue,) = rows.parse(5, [*GOOD.values(), "又"]).refusals
    assert (issue.row, issue.column, issue.value) == (5, "remark", "又")


def test_no_usual_name_stands_for_two_fields():
    for field, names in USUAL_NAMES.items():
        for name in (field, *names):
            assert names_of({}, {}).recognise([name]).found == {field: 0}, name


def test_from_a_workbook(tmp_path):
    path = tmp_path / "a.xlsx"
    data = [CODE, date(2020, 3, 24), "开工", None, 186, 150, 85.5, "缺工", 7, None]
    write_xlsx(path, [SheetData("日报", CHINESE, [data])])
    table = read_table(path, score=names_of({}, {}).score)
    ((line, cells),) = table.rows()
    report = ReportRows(names_of({}, {}).recognise(table.header), CONTEXT).parse(line, cells).report
    assert (report.day, report.values.capacity) == (date(2020, 3, 24), Decimal("85.5"))


cell = st.sampled_from(
    [*GOOD.values(), "", "0", "closed", "orders", "缺工", "x", "-1", "1e3", "9" * 30, "#REF!"]
) | st.text(max_size=12)


@given(st.lists(st.lists(cell, min_size=10, max_size=10), min_size=1, max_size=4))
def test_no_file_breaks_it_and_a_repeated_look_says_the_same(file):
    """Each text is read once and remembered: a fresh parser and a used one must agree."""
    used = ReportRows(names_of({}, {}).recognise(HEADER), CONTEXT)
    for line, cells in enumerate(file, start=2):
        fresh = ReportRows(names_of({}, {}).recognise(HEADER), CONTEXT).parse(line, cells)
        report, refusals, warnings = used.parse(line, cells)
        assert (report is None) == bool(refusals)
        assert all(issue.reason and issue.mend for issue in (*refusals, *warnings))
        if not any("same enterprise for the same day" in issue.reason for issue in refusals):
            assert (report, refusals, warnings) == fresh


def test_a_further_question_takes_no_column_of_the_report_s_own():
    """A county that asks for 备注 in words of its own must not take the remarks of everybody's file."""
    found = names_of({"cadre.note": ["备注"], "cadre.tents": ["帐篷"]}, {}).recognise([*CHINESE, "帐篷"]).found
    assert found["remark"] == CHINESE.index("备注")
    assert found["extra.cadre.tents"] == len(CHINESE)
    assert "extra.cadre.note" not in found
