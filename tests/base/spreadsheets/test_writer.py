from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest

from fugong.base.spreadsheets.logic import writer
from fugong.base.spreadsheets.logic.reader import read_table
from fugong.base.spreadsheets.logic.writer import SheetData, TooManyRows, write_xlsx


def test_texts_never_become_formulas_links_or_numbers():
    typed = [
        "=1+1",
        "+86",
        "-1",
        "@SUM(A1)",
        '=HYPERLINK("http://x")',
        "http://example.org",
        "913715221234567891",
        "007",
    ]
    target = BytesIO()
    write_xlsx(target, [SheetData("a", ["x"] * len(typed), [typed])])
    sheet = openpyxl.load_workbook(target)["a"]
    assert [cell.value for cell in sheet[2]] == typed
    assert {cell.data_type for cell in sheet[2]} == {"s"}
    assert all(cell.hyperlink is None for cell in sheet[2])
    assert {cell.number_format for cell in sheet[2]} == {"@"}


def test_values_keep_their_kind():
    target = BytesIO()
    midnight, moment = map(datetime.fromisoformat, ("2020-03-24", "2020-03-24 10:05"))
    row = [12, 0.5, Decimal("85.89"), date(2020, 3, 24), moment, True, None, 913715221234567891]
    write_xlsx(target, [SheetData("a", list("abcdefgh"), [row])])
    values = [cell.value for cell in openpyxl.load_workbook(target)["a"][2]]
    assert values[:3] == [12, 0.5, 85.89]
    assert values[3:5] == [midnight, moment]
    assert values[5:] == [True, None, "913715221234567891"]


def test_what_is_written_is_read_again(tmp_path):
    path = tmp_path / "a.xlsx"
    rows = [["甲厂", "91371502MA3DK20P4X", "=x"], ["乙厂", "B2", "a\nb"]]
    write_xlsx(path, [SheetData("更正文件：46 行/第[1]批", ["企业名称", "代码", "备注"], rows)])
    table = read_table(path)
    assert table.sheet == "更正文件：46 行 第 1 批"
    assert [cells for _, cells in table.rows()] == rows


def test_columns_fit_their_texts_and_the_header_stays(tmp_path):
    path = tmp_path / "a.xlsx"
    write_xlsx(path, [SheetData("a", ["名", "地址"], [["甲", "聊城市东昌府区古楼街道" * 2], ["乙", "x" * 300]])])
    sheet = openpyxl.load_workbook(path)["a"]
    assert sheet.freeze_panes == "A2"
    assert sheet["A1"].font.bold
    assert sheet.column_dimensions["A"].width < 10
    assert 55 < sheet.column_dimensions["B"].width < 65


def test_more_rows_than_a_sheet_holds(monkeypatch):
    monkeypatch.setattr(writer, "MOST_ROWS", 3)
    write_xlsx(BytesIO(), [SheetData("a", ["n"], [[n] for n in range(3)])])
    with pytest.raises(TooManyRows):
        write_xlsx(BytesIO(), [SheetData("a", ["n"], [[n] for n in range(4)])])
