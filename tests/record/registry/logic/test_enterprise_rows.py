from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fugong.base.spreadsheets.logic.reader import read_table
from fugong.base.spreadsheets.logic.writer import SheetData, write_xlsx
from fugong.record.registry.enums import EnterpriseKind
from fugong.record.registry.logic.columns import NAMES, USUAL_NAMES
from fugong.record.registry.logic.places import Place, PlaceBook
from fugong.record.registry.logic.rows import EnterpriseContext, EnterpriseRows
from fugong.record.registry.logic.uscc import compose_code

PLACES = PlaceBook(
    [
        Place("371500", "聊城市", "聊城"),
        Place("371522", "莘县"),
        Place("371503", "茌平区"),
        Place("371523", "茌平县", "", "371503"),
    ]
)
CONTEXT = EnterpriseContext(PLACES, date(2020, 3, 24), "371500")
HEADER = [
    "企业名称", "统一社会信用代码", "成立日期", "企业类型", "注册资金", "经营范围", "地区", "注册地址",
    "职工人数（人）",
]  # fmt: skip
CODE = compose_code("371522", "MA3DK20P")
GOOD = dict(
    zip(
        HEADER,
        [
            "莘州机械有限公司",
            CODE,
            "2001-05-06",
            "有限责任公司",
            "300(万元人民币)",
            "机械",
            "聊城",
            "古云镇驻地",
            "186",
        ],
        strict=True,
    )
)


def numbered(n, division="371522"):
    return compose_code(division, f"MA{n:06}")


@pytest.fixture
def rows():
    return EnterpriseRows(NAMES.recognise(HEADER), CONTEXT)


def judge(rows, line=2, **changes):
    return rows.parse(line, list({**GOOD, **changes}.values()))


def test_row_in_order_becomes_an_enterprise(rows):
    result = judge(rows)
    assert (result.refusals, result.warnings) == ([], [])
    enterprise = result.enterprise
    assert (enterprise.line, enterprise.uscc, enterprise.name) == (2, CODE, "莘州机械有限公司")
    assert (enterprise.registered_area, enterprise.managing_area) == ("371522", "371522")
    assert (enterprise.capital_amount, enterprise.capital_currency) == (Decimal(3_000_000), "CNY")
    assert (enterprise.established_on, enterprise.headcount) == (date(2001, 5, 6), 186)
    assert enterprise.kind is EnterpriseKind.ENTERPRISE
    assert (enterprise.address, enterprise.scope_text, enterprise.kind_text) == ("古云镇驻地", "机械", "有限责任公司")


def test_cells_that_say_nothing_are_unknown(rows):
    blank = dict.fromkeys(("成立日期", "企业类型", "注册资金", "经营范围", "地区", "注册地址", "职工人数（人）"), "N/A")
    enterprise = judge(rows, **blank).enterprise
    assert (enterprise.established_on, enterprise.capital_amount, enterprise.headcount) == (None, None, None)
    assert (enterprise.address, enterprise.kind_text, enterprise.scope_text) == ("", "", "")


@pytest.mark.parametrize(
    ("column", "value", "reason", "mend"),
    [
        ("企业名称", "", "name is missing", "licence"),
        ("企业名称", "N/A", "name is missing", "licence"),
        ("企业名称", "20010506", "no name", "shifted"),
        ("企业名称", CODE, "no name", "shifted"),
        ("企业名称", "厂", "2 to 200", "full name"),
        ("企业名称", "莘\ufffd机械", "damaged", "original file"),
        (
            "企业名称",
            "莘州机械有限公司".encode().decode("gb18030", "replace").replace("\ufffd", ""),
            "damaged",
            "UTF-8",
        ),
        ("企业名称", "#REF!", "no result", "formula"),
        ("统一社会信用代码", "", "code is missing", "18 characters"),
        ("统一社会信用代码", CODE[:14] + "O" + CODE[15:], "Character 15 is the letter O", "digit 0"),
        ("统一社会信用代码", "371522763071800", "old registration number", "18-character"),
        ("统一社会信用代码", "#N/A", "no result", "formula"),
        ("成立日期", "2091-03-12", "later than today, 2020-03-24", "date"),
        ("成立日期", "2001-02-30", "calendar", "month"),
        ("成立日期", "去年", "not a date", "2020-03-24"),
        ("职工人数（人）", "一百二十", "not a number", "120"),
        ("职工人数（人）", "-3", "negative", "how many"),
        ("注册地址", "锟斤拷锟斤拷", "damaged", "original file"),
    ],
)
def test_refusals_name_column_value_reason_and_mend(rows, column, value, reason, mend):
    result = judge(rows, line=14, **{column: value})
    assert result.enterprise is None
    (issue,) = result.refusals
    assert (issue.row, issue.column, issue.value) == (14, column, value)
    assert reason in issue.reason
    assert mend in issue.mend


def test_all_faults_of_a_row_are_told_at_once(rows):
    result = judge(rows, 统一社会信用代码="9.15E+17", 成立日期="2091-01-01", **{"职工人数（人）": "多"})
    assert [issue.column for issue in result.refusals] == ["统一社会信用代码", "成立日期", "职工人数（人）"]


def test_code_is_cleaned(rows):
    dressed = f" {CODE[:8].lower()}-{CODE[8:]}\u3000"
    assert judge(rows, 统一社会信用代码=dressed).enterprise.uscc == CODE


def test_repeated_code_names_the_earlier_row_and_whether_it_says_the_same(rows):
    assert judge(rows, line=498).enterprise
    (same,) = judge(rows, line=511).refusals
    (other,) = judge(rows, line=512, 企业名称="莘州机械有限公司古云分公司").refusals
    assert (same.row, same.reason) == (511, "The same as row 498")
    assert "Row 498 has the same code" in other.reason


def test_refused_row_does_not_take_its_code(rows):
    assert judge(rows, line=2, 成立日期="2091-01-01").enterprise is None
    assert judge(rows, line=3).enterprise


def test_warnings_leave_the_row_accepted(rows):
    result = judge(rows, 地区="临沂", 注册资金="万人民币", 统一社会信用代码=numbered(7, "371523"))
    assert [issue.column for issue in result.warnings] == ["地区", "注册资金"]
    assert (result.enterprise.registered_area, result.enterprise.capital_amount) == ("371503", None)
    assert "茌平区 371503" in result.warnings[0].reason
    assert result.warnings[0].value == "临沂"


def test_area_that_nobody_knows_falls_to_the_default(rows):
    enterprise = judge(rows, 统一社会信用代码=numbered(1, "450103"), 地区="").enterprise
    assert (enterprise.registered_area, enterprise.managing_area) == (None, "371500")


def test_shifted_row_is_refused_whole(rows):
    result = rows.parse(9, [*GOOD.values(), "12"])
    (issue,) = result.refusals
    assert (issue.row, issue.value) == (9, "12")
    assert "10 cells, the header has 9" in issue.reason


def test_unit_in_the_heading_counts_for_bare_numbers():
    header = [*HEADER[:4], "注册资本（万元）", *HEADER[5:]]
    rows = EnterpriseRows(NAMES.recognise(header), CONTEXT)
    result = rows.parse(2, list({**GOOD, "注册资金": "300"}.values()))
    assert (result.enterprise.capital_amount, result.warnings) == (Decimal(3_000_000), [])


@pytest.mark.parametrize("said", ["合计", "古云镇", "填表人：李四"])
def test_a_total_or_a_heading_between_is_refused_once_as_no_enterprise(rows, said):
    for column in ("注册资金", "企业名称") if said == "合计" else ("注册资金",):
        cells = [said if heading == column else "3600" if heading == HEADER[-1] else "" for heading in HEADER]
        (issue,) = rows.parse(9, cells).refusals
        assert (issue.row, issue.column, issue.value) == (9, column, said)
    assert "total" in issue.reason


@pytest.mark.parametrize("text", ["2012", "2012年", "2012年5月", "2012-05", "2012.5"])
def test_a_year_or_a_month_is_no_day_and_no_reason_to_refuse(rows, text):
    result = judge(rows, 成立日期=text)
    assert result.enterprise.established_on is None
    assert [(issue.column, issue.value) for issue in result.warnings] == [("成立日期", text)]


def test_the_headings_of_a_county_are_known():
    header = [
        "单位全称（盖章）",
        "社会信用代码（18位）",
        "所在镇街",
        "现有职工数（人）",
        "上年度营业收入（万元）",
        "是否规上",
    ]
    columns = NAMES.recognise(header)
    assert columns.unknown == ()
    parsed = EnterpriseRows(columns, CONTEXT).parse(4, ["云川纺织厂", CODE, "", "85人", "2.3亿", "√"])
    assert (parsed.enterprise.headcount, parsed.enterprise.revenue) == (85, Decimal(230_000_000))
    assert parsed.enterprise.above_scale == "yes"


def test_file_without_name_or_code_is_no_register():
    columns = NAMES.recognise(["地址", "人数"])
    assert columns.missing == ("name", "uscc")
    with pytest.raises(ValueError, match="name, uscc"):
        EnterpriseRows(columns, CONTEXT)


def test_no_usual_name_stands_for_two_fields():
    for field, names in USUAL_NAMES.items():
        for name in (field, *names):
            assert NAMES.recognise([name]).found == {field: 0}, name


def as_csv(path, rows, encoding):
    with path.open("w", encoding=encoding, newline="") as target:
        csv.writer(target).writerows(rows)


def test_same_content_gives_the_same_answer_in_every_format(tmp_path):
    content = [HEADER]
    for n in range(40):
        changes = {
            "统一社会信用代码": numbered(n, "371523" if n % 4 == 0 else "371522"),
            "企业名称": f"莘州第{n}机械厂",
        }
        if n % 7 == 0:
            changes["地区"] = "临沂"
        if n % 11 == 0:
            changes["统一社会信用代码"] = f"37152276307180{n % 10}"
        content.append(list({**GOOD, **changes}.values()))
    as_csv(tmp_path / "utf8.csv", content, "utf-8-sig")
    as_csv(tmp_path / "gb.csv", content, "gb18030")
    write_xlsx(tmp_path / "a.xlsx", [SheetData("汇总", content[0], content[1:])])
    answers = []
    for name in ("utf8.csv", "gb.csv", "a.xlsx"):
        table = read_table(tmp_path / name, score=NAMES.score)
        rows = EnterpriseRows(NAMES.recognise(table.header), CONTEXT)
        answers.append([rows.parse(line, cells) for line, cells in table.rows()])
    assert answers[0] == answers[1] == answers[2]
    assert sum(result.enterprise is None for result in answers[0]) == 4
    assert sum(bool(result.warnings) for result in answers[0]) == 5


@given(st.lists(st.text(max_size=30), min_size=9, max_size=11))
def test_no_row_breaks_it(cells):
    result = EnterpriseRows(NAMES.recognise(HEADER), CONTEXT).parse(2, cells)
    assert (result.enterprise is None) == bool(result.refusals)
    assert all(issue.reason and issue.mend for issue in (*result.refusals, *result.warnings))
