"""The checklist of docs/security/asvs.md names only what is there."""

from __future__ import annotations

import ast
import re
from collections import Counter
from functools import cache

import pytest
from django.conf import settings

from tests.house import ROOT

TEXT = (ROOT / "docs" / "security" / "asvs.md").read_text(encoding="utf-8")
ROWS = [re.split(r"(?<!\\)\|", line)[1:-1] for line in TEXT.splitlines() if re.match(r"\| \d", line)]
# Level 2 of version 4.0.3, by chapter.
CHAPTERS = {1: 38, 2: 53, 3: 18, 4: 9, 5: 30, 6: 13, 7: 12, 8: 15, 9: 7, 10: 5, 11: 8, 12: 15, 13: 13, 14: 23}


@cache
def names_in(file: str) -> frozenset[str]:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef))


def named(how: str) -> list[str]:
    """What a row names: `file::test`, `settings.NAME`, `path`."""
    return [
        word
        for word in re.findall(r"`([^`]+)`", how)
        if re.match(r"settings\.[A-Z]|[\w.-]+/[\w./-]+(::|$)|\w+\.(md|toml|json)$", word)
    ]


@pytest.mark.parametrize("row", ROWS, ids=[row[0].strip() for row in ROWS])
def test_what_a_row_names_is_there(row):
    _number, title, state, how = (cell.strip() for cell in row)
    assert title
    assert state in {"holds", "not applicable", "open"}
    assert len(how) > 5, "by what, or why not"
    found = named(how)
    assert found or state != "holds", "what holds names a test, a setting or a file"
    for name in found:
        if name.startswith("settings."):
            assert hasattr(settings, name.removeprefix("settings.")), name
        elif "::" in name:
            file, _separator, test = name.partition("::")
            assert test in names_in(file), name
        else:
            assert (ROOT / name).exists(), name


def test_the_list_is_whole_and_its_sum_is_right():
    numbers = [row[0].strip() for row in ROWS]
    assert len(numbers) == len(set(numbers))
    assert Counter(int(number.split(".")[0]) for number in numbers) == CHAPTERS
    states = Counter(row[2].strip() for row in ROWS)
    said = re.search(r"(\d+) requirements: (\d+) hold, (\d+) are not applicable, (\d+) are open", TEXT)
    assert [int(number) for number in said.groups()] == [
        len(ROWS), states["holds"], states["not applicable"], states["open"],
    ]  # fmt: skip
