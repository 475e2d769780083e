"""Tables out of strangers' files: what is read, under which line number, and what is refused with which word."""

from __future__ import annotations

import random
import zipfile
from datetime import date, datetime

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from fugong.base.spreadsheets.logic.reader import Limits, UnreadableFile, read_table

HEADER = ["企业名称", "代码", "人数"]


def write(path, text, encoding="utf-8"):
    path.write_bytes(text.encode(encoding))
    return path


def workbook(path, rows, **sheets):
    """An .xlsx with the rows in its first sheet, and further sheets by name."""
    with xlsxwriter.Workbook(path) as book:
        for name, lines in {"Sheet1": rows, **sheets}.items():
            sheet = book.add_worksheet(name)
            for number, cells in enumerate(lines):
                for column, value in enumerate(cells):
                    if isinstance(value, date):
                        sheet.write_datetime(number, column, value, book.add_format({"num_format": "yyyy-mm-dd"}))
                    else:
                        sheet.write(number, column, value)
    return path


def rows_of(path, **options):
    return list(read_table(path, **options).rows())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_of_any_usual_writing(tmp_path, encoding, delimiter):
    text = "\r\n".join(delimiter.join(cells) for cells in [HEADER, ["甲厂", "A1", "12"], ["乙厂", "B2", "7"]])
    table = read_table(write(tmp_path / "any.dat", text, encoding))
    assert table.header == tuple(HEADER)
    assert (table.kind, table.delimiter, table.sound) == ("csv", delimiter, True)
    assert list(table.rows()) == [(2, ["甲厂", "A1", "12"]), (3, ["乙厂", "B2", "7"])]


def test_encoding_is_found_behind_a_million_plain_bytes(tmp_path):
    plain = "name,code,n\n" + "x,1,2\n" * 200_000
    table = read_table(write(tmp_path / "late.csv", plain + "茌平区,1,2\n", "gb18030"))
    assert table.encoding == "gb18030"
    *_, (line, cells) = table.rows()
    assert (line, cells[0]) == (200_002, "茌平区")


def test_destroyed_bytes_spoil_their_cell_only(tmp_path):
    good = "企业名称,代码\n甲厂,A1\n乙厂,B2\n".encode()
    path = tmp_path / "spoilt.csv"
    path.write_bytes(good.replace("乙".encode(), b"\xe4\xb9"))
    table = read_table(path)
    assert not table.sound
    (_, first), (_, second) = table.rows()
    assert first == ["甲厂", "A1"]
    assert "\ufffd" in second[0]
    assert second[1] == "B2"


def test_line_is_the_row_that_a_spreadsheet_program_shows(tmp_path):
    text = '企业名称,代码,人数\n"甲\n厂",A1,1\n\n乙厂,B2,2\n'
    assert rows_of(write(tmp_path / "a.csv", text)) == [(2, ["甲\n厂", "A1", "1"]), (4, ["乙厂", "B2", "2"])]


def test_excels_own_first_line_is_no_row(tmp_path):
    text = "sep=;\n企业名称;代码\n甲厂;A1\n"
    assert rows_of(write(tmp_path / "a.csv", text)) == [(2, ["甲厂", "A1"])]


def test_unclosed_quotation_mark_costs_no_other_row(tmp_path):
    text = "企业名称,代码,人数\n甲厂,A1,1\n" + '"乙厂,B2,2\n' + "丙厂,C3,3\n丁厂,D4,4\n"
    rows = rows_of(write(tmp_path / "a.csv", text))
    assert [line for line, _ in rows] == [2, 3, 4, 5]
    assert rows[1] == (3, ["乙厂", "B2", "2"])
    assert rows[3] == (5, ["丁厂", "D4", "4"])


def test_two_unclosed_marks_do_not_close_each_other(tmp_path):
    text = '企业名称,代码,人数\n"甲厂,A1,1\n乙厂,B2,2\n"丙厂,C3,3\n'
    assert [cells[0] for _, cells in rows_of(write(tmp_path / "a.csv", text))] == ["甲厂", "乙厂", "丙厂"]


def test_endless_broken_quotes_are_given_up(tmp_path):
    text = "企业名称,代码\n" + '"甲厂,1\n' * 1200
    with pytest.raises(UnreadableFile, match="quotation marks"):
        rows_of(write(tmp_path / "a.csv", text))


def test_short_rows_are_filled_and_long_ones_kept(tmp_path):
    text = "企业名称,代码,人数\n甲厂\n乙厂,B2,2,,\n丙厂,C3,某地,3\n"
    assert [cells for _, cells in rows_of(write(tmp_path / "a.csv", text))] == [
        ["甲厂", "", ""],
        ["乙厂", "B2", "2"],
        ["丙厂", "C3", "某地", "3"],
    ]


def test_header_beneath_a_title_keeps_the_files_own_line_numbers(tmp_path):
    rows = [["莘县企业台账"], ["填表单位：工信局", "", "2020-03-23"], HEADER, ["甲厂", "A1", 12]]
    table = read_table(workbook(tmp_path / "a.xlsx", rows))
    assert (table.header, table.header_line) == (tuple(HEADER), 3)
    assert list(table.rows()) == [(4, ["甲厂", "A1", "12"])]


def test_known_headings_decide_where_the_header_is(tmp_path):
    rows = [["a", "b", "c"], HEADER, ["甲厂", "A1", "12"]]
    table = read_table(workbook(tmp_path / "a.xlsx", rows), score=lambda cells: sum(c in HEADER for c in cells))
    assert table.header_line == 2


def test_header_of_two_rows_with_merged_cells(tmp_path):
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.merge_range("A1:A2", "企业名称")
        sheet.merge_range("B1:C1", "职工人数")
        sheet.write_row("B2", ["在册", "在岗"])
        sheet.write_row("A3", ["甲厂", 12, 9])
    table = read_table(path)
    assert table.header == ("企业名称", "职工人数/在册", "职工人数/在岗")
    assert list(table.rows()) == [(3, ["甲厂", "12", "9"])]


def test_headings_are_distinct_and_gaps_are_named_by_letters(tmp_path):
    table = read_table(write(tmp_path / "a.csv", "企业名称,备注,,备注\n甲厂,a,b,c\n"))
    assert table.header == ("企业名称", "备注", "C", "备注 (2)")


def test_stray_cell_beside_a_sheets_table_is_a_column_without_name(tmp_path):
    table = read_table(workbook(tmp_path / "a.xlsx", [HEADER, ["甲厂", "A1", 1, "", "注：已核"]]))
    assert table.header == (*HEADER, "D", "E")


def test_cells_of_a_workbook_become_text(tmp_path):
    rows = [
        ["名称", "日期", "时刻", "整数", "小数", "真假", "长数", "旧号"],
        [
            " 甲厂 ",
            date(2020, 3, 24),
            datetime.fromisoformat("2020-03-24 10:05"),
            12,
            0.85,
            True,
            913715221234567891,
            371522123456789,
        ],
    ]
    ((_, cells),) = rows_of(workbook(tmp_path / "a.xlsx", rows))
    assert cells[:2] == ["甲厂", "2020-03-24"]
    assert cells[2].startswith("2020-03-24")
    assert cells[3:] == ["12", "0.85", "TRUE", "9.13715221234568E+17", "371522123456789"]


def test_formulas_give_their_last_value_and_failed_ones_say_so(tmp_path):
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, ["甲厂", "A1"])
        sheet.write_formula(1, 2, "=6*7", value=42)
        sheet.write_row(2, 0, ["乙厂", "B2"])
        sheet.write_formula(2, 2, "=Z1", value="#REF!")
    assert [cells[2] for _, cells in rows_of(path)] == ["42", "#REF!"]


def test_sheet_with_the_table_is_found_behind_instructions(tmp_path):
    path = workbook(tmp_path / "a.xlsx", [["填表说明"], ["请填写"]], 空表=[], 台账=[HEADER, ["甲厂", "A1", 1]])
    table = read_table(path, score=lambda cells: sum(c in HEADER for c in cells))
    assert (table.sheet, table.sheets) == ("台账", ("Sheet1", "空表", "台账"))
    assert read_table(path, sheet="Sheet1").header == ("填表说明",)
    with pytest.raises(UnreadableFile, match="台账"):
        read_table(path, sheet="没有")


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "empty"),
        (b" \r\n\r\n", "empty"),
        ("企业名称,代码\n".encode(), "no rows"),
        (b"%PDF-1.7\n", "not a spreadsheet"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "not a spreadsheet"),
        (b"\xff\xd8\xff\xe0" + random.Random(1).randbytes(20_000), "not a spreadsheet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "locked by a password"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "web page"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><Workbook/>", "web page"),
        (b"PK\x03\x04 this is no archive", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "damaged"),
        (b"a,b\n" + b"x" * (5 * 2**20), "line of more than"),
    ],
)
def test_files_that_are_no_table_are_told_what_they_are(tmp_path, content, word):
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match=word):
        rows_of(path)


def test_other_office_documents_are_no_spreadsheet(tmp_path):
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    with pytest.raises(UnreadableFile, match="not a spreadsheet"):
        read_table(path)


def test_empty_workbook_and_header_alone(tmp_path):
    with pytest.raises(UnreadableFile, match="empty"):
        read_table(workbook(tmp_path / "a.xlsx", []))
    with pytest.raises(UnreadableFile, match="no rows"):
        read_table(workbook(tmp_path / "b.xlsx", [HEADER]))


def test_too_much_is_refused_before_it_is_read(tmp_path):
    wide = write(tmp_path / "wide.csv", ",".join(f"c{n}" for n in range(200)) + "\n" + ",".join("1" * 200) + "\n")
    with pytest.raises(UnreadableFile, match="200 columns"):
        read_table(wide)
    long = write(tmp_path / "long.csv", "a,b\n" + "1,2\n" * 30)
    with pytest.raises(UnreadableFile, match="more than 20 rows"):
        rows_of(long, limits=Limits(rows=20))
    with pytest.raises(UnreadableFile, match="at most 0 MB"):
        read_table(long, limits=Limits(text_bytes=50))
    with pytest.raises(UnreadableFile, match="at most 0 MB"):
        read_table(workbook(tmp_path / "a.xlsx", [HEADER, ["甲厂", "A1", 1]]), limits=Limits(workbook_bytes=50))


def test_zip_bomb_is_not_unpacked(tmp_path):
    path = workbook(tmp_path / "a.xlsx", [HEADER, ["甲厂", "A1", 1]])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/zeros", b"\0" * (40 * 2**20))
    assert path.stat().st_size < 2**20
    with pytest.raises(UnreadableFile, match="unpacks to"):
        read_table(path, limits=Limits(unpacked_bytes=20 * 2**20))


def sheet_xml(path, data):
    """An .xlsx whose only sheet has this XML as its data."""
    workbook(path, [["x"]])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    head = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    parts["xl/worksheets/sheet1.xml"] = head + data + b"</sheetData></worksheet>"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


CORNER = b'<row r="1"><c r="A1"><v>1</v></c></row>'


@pytest.mark.parametrize(
    "far",
    [
        b'<row r="1048576"><c r="XFD1048576"><v>2</v></c></row>',
        b"<row r='1048576'><c s='1'\nr='XFD1048576'><v>2</v></c></row>",
        b'<row r="1"><c r="XFD1048576"><v>2</v></c></row>',
        b'<row r="1048576">' + b"<c><v>2</v></c>" * 9000 + b"</row>",
    ],
)
def test_two_far_corners_do_not_ask_for_the_rectangle(tmp_path, far):
    with pytest.raises(UnreadableFile, match="too much room"):
        read_table(sheet_xml(tmp_path / "a.xlsx", CORNER + far))


def test_formatted_empty_cells_far_out_are_no_cells(tmp_path):
    data = b'<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row><row r="2"><c r="A2"><v>3</v></c></row>'
    far = b'<row r="1048576" s="1"><c r="XFD1048576" s="1"/></row>'
    assert rows_of(sheet_xml(tmp_path / "a.xlsx", data + far)) == [(2, ["3", ""])]


def test_rows_can_be_asked_for_twice(tmp_path):
    for path in (
        write(tmp_path / "a.csv", "企业名称,代码\n甲厂,A1\n"),
        workbook(tmp_path / "a.xlsx", [["企业名称", "代码"], ["甲厂", "A1"]]),
    ):
        table = read_table(path)
        assert list(table.rows()) == list(table.rows()) == [(2, ["甲厂", "A1"])]


cells = st.text(st.characters(codec="gb18030", exclude_categories=["C", "Z"]), max_size=12).map(
    lambda text: text.replace("\ufffd", "")
)


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(st.lists(cells, min_size=3, max_size=3).filter(any), min_size=1, max_size=8),
    encoding=st.sampled_from(["utf-8-sig", "gb18030", "utf-16"]),
)
def test_what_a_csv_writer_wrote_is_what_is_read(tmp_path_factory, rows, encoding):
    import csv

    path = tmp_path_factory.mktemp("csv") / "a.csv"
    with path.open("w", encoding=encoding, newline="") as target:
        csv.writer(target).writerows([HEADER, *rows])
    table = read_table(path, score=lambda row: sum(cell in HEADER for cell in row))
    assert [row for _, row in table.rows()] == rows


@settings(max_examples=40, deadline=None)
@given(
    noise=st.binary(min_size=1, max_size=4000),
    start=st.sampled_from([b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]),
)
def test_noise_is_read_or_refused_but_never_breaks(tmp_path_factory, noise, start):
    path = tmp_path_factory.mktemp("noise") / "a"
    path.write_bytes(start + noise)
    try:
        rows_of(path)
    except UnreadableFile as error:
        assert str(error)


@settings(max_examples=25, deadline=None)
@given(flips=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=40))
def test_damaged_workbook_is_read_or_refused_but_never_breaks(tmp_path_factory, flips):
    path = workbook(tmp_path_factory.mktemp("flip") / "a.xlsx", [HEADER, ["甲厂", "A1", 12], ["乙厂", "B2", 7]])
    content = bytearray(path.read_bytes())
    for place, value in flips:
        content[4 + int(place * (len(content) - 4))] = value
    path.write_bytes(content)
    try:
        rows_of(path)
    except UnreadableFile as error:
        assert str(error)
