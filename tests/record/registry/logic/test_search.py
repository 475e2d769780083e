from __future__ import annotations

import pytest

from fugong.record.registry.logic.list_filter import ListFilter
from fugong.record.registry.logic.search import as_code_beginning, grams, like, search_key


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("ＡＢＣ（聊城）　公司", "abc(聊城)公司"),
        ("Trading Co., Ltd.", "tradingco.,ltd."),
        ("9137 1502-MA3", "91371502ma3"),
        ("  ", ""),
        ("É", "É"),
    ],
)
def test_what_is_compared(typed, key):
    assert search_key(typed) == key


def test_pairs_of_neighbours():
    assert grams("纺织厂") == ["纺织", "织厂"]
    assert grams("厂") == ["厂"]
    assert grams("") == []


@pytest.mark.parametrize(("key", "beginning"), [("91371502", "91371502"), ("p37", "P37"), ("纺织9", ""), ("9", "")])
def test_the_beginning_of_a_code(key, beginning):
    assert as_code_beginning(key) == beginning


def test_signs_of_a_pattern_are_plain_characters():
    assert like("50%_\\") == "%50\\%\\_\\\\%"


def test_a_filter_keeps_what_exists_and_drops_the_rest():
    read = ListFilter.read({"q": " 纺织\x00 ", "kind": "castle", "life": "closed", "sort": "drop table", "other": "x"})
    assert read == ListFilter(q="纺织", life="closed")
    assert read.as_dict() == {"q": "纺织", "life": "closed"}
    assert read.without("life").conditions() == []
    assert ListFilter.read(read.as_dict()) == read
