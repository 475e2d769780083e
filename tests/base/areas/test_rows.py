"""Faults of an area file: each names the row, the column and how to mend it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from django.utils import translation

import fugong
from fugong.base.areas.logic.rows import COLUMNS, BadAreaFile, read_rows


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def record(code: str, **values: str) -> dict[str, str]:
    return dict.fromkeys(COLUMNS, "") | {"code": code, "name": f"区{code}", "level": "county"} | values


def refusal(*records: dict[str, str]) -> str:
    with pytest.raises(BadAreaFile) as refused:
        read_rows(records)
    return str(refused.value)


def test_parents_come_first_whatever_the_order_of_the_file():
    rows = read_rows(
        [
            record("371502001", level="township", parent="371502"),
            record("371502", parent="371500", reporting="yes", valid_from="2019-08-22"),
            record("371500", level="city"),
        ]
    )
    assert [row.code for row in rows] == ["371500", "371502", "371502001"]
    assert (rows[1].is_reporting, rows[1].is_local, str(rows[1].valid_from)) == (True, False, "2019-08-22")


def test_cells_are_trimmed_and_yes_may_be_said_in_chinese():
    (row,) = read_rows([record(" 371500-JK ", level=" zone ", local="是", reporting="TRUE")])
    assert (row.code, row.level, row.is_local, row.is_reporting) == ("371500-JK", "zone", True, True)


def test_the_areas_that_come_with_the_product_are_sound():
    with (Path(fugong.__file__).parent / "cities/liaocheng/areas.csv").open(encoding="utf-8", newline="") as lines:
        rows = {row.code: row for row in read_rows(csv.DictReader(lines))}
    assert sum(row.is_reporting for row in rows.values()) == 11
    assert rows["371523"].successor == "371503"
    assert rows["371523"].valid_to
    assert rows["371523"].valid_to < rows["371503"].valid_from


def test_a_missing_column_is_named():
    assert refusal({"code": "1", "name": "x"}) == "The column name_en is missing. Add it to the first row."


@pytest.mark.parametrize("column", ["code", "name"])
def test_code_and_name_are_needed(column):
    assert refusal(record("1"), record("2") | {column: " "}) == "Row 3: code and name are needed."


def test_an_unknown_level_is_named_with_those_there_are():
    assert refusal(record("1", level="canton")) == (
        "Row 2, column level: “canton” is not one of province, city, county, zone, township, village."
    )


def test_a_code_given_twice_is_named_with_both_rows():
    assert refusal(record("1"), record("2"), record("1")) == (
        "Row 4: the code 1 stands in row 2 already. Remove one of them."
    )


@pytest.mark.parametrize("column", ["valid_from", "valid_to"])
def test_what_is_no_date_is_named(column):
    assert refusal(record("1", **{column: "22.8.2019"})) == (
        f"Row 2, column {column}: “22.8.2019” is no date. Write it as 2020-03-24."
    )


@pytest.mark.parametrize("column", ["parent", "successor"])
def test_a_parent_or_successor_that_is_not_there_is_named(column):
    assert refusal(record("1", **{column: "9"})) == f"1 区1: its {column} 9 is not in the file."


def test_parents_in_a_circle_are_named():
    assert refusal(record("1", parent="2"), record("2", parent="1")) == "The parents go in a circle at 1."
    assert refusal(record("1", parent="1")) == "The parents go in a circle at 1."
