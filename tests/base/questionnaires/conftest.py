from __future__ import annotations

import pytest

from fugong.base.spreadsheets.logic.writer import SheetData, write_xlsx
from tests.base.questionnaires.phone import Phone

ZH, EN = "label::中文 (zh)", "label::English (en)"


@pytest.fixture(scope="module")
def phone(tmp_path_factory):
    one = Phone(tmp_path_factory.mktemp("phone"))
    yield one
    one.close()


@pytest.fixture
def form_file(tmp_path):
    """`form_file([{"type": "integer", "name": "n"}])`: an .xlsx with these rows of the survey, labels filled in."""

    def make(survey, choices=(("yn", "yes"), ("yn", "no")), code="check", columns=(), **settings):
        header = list(dict.fromkeys(["type", "name", ZH, *(key for row in survey for key in row), *columns]))
        rows = [[row.get(key, row.get("name", "") if key == ZH else "") for key in header] for row in survey]
        settings = {"form_id": code, "form_title": "核查表"} | settings
        path = tmp_path / f"form-{code}.xlsx"
        listed = [(name, value, value) for name, value in choices]
        sheets = [SheetData("survey", header, rows), SheetData("choices", ("list_name", "name", ZH), listed)]
        write_xlsx(path, [*sheets, SheetData("settings", list(settings), [list(settings.values())])])
        return path

    return make
