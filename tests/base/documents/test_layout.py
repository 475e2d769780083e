from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fugong.base.documents.logic import layout, page


def test_ems_count_full_and_half_widths():
    assert layout.ems("2020年3月24日") == 6.5
    assert layout.ems("“一”") == 3  # quotation marks are full width in a Chinese font
    assert layout.ems("两行\n较长的一行") == 5
    assert layout.ems("") == 0


@pytest.mark.parametrize(
    ("name", "points"),
    [("聊城市工业企业复工复产指挥部", 31.5), ("指挥部", 36), ("", 36), ("很长的名称" * 20, 22)],
)
def test_name_fills_one_line_within_limits(name, points):
    assert layout.name_points(name) == points


def test_signature_is_centred_on_the_date():
    signature, date = layout.right_indents("市指挥部", "2020年3月24日")
    assert date == round(4 * page.CHARACTER_TWIPS)
    assert signature == round((4 + (6.5 - 4) / 2) * page.CHARACTER_TWIPS)


def test_signature_wider_than_the_date_stays_on_the_page():
    signature, date = layout.right_indents("聊城市工业企业复工复产指挥部", "2020年3月24日")
    assert (signature, date) == (round(0.25 * page.CHARACTER_TWIPS), round(4 * page.CHARACTER_TWIPS))
    signature, date = layout.right_indents("聊城市工业企业复工复产指挥部办公室", "2020年3月24日")
    assert (signature, date) == (0, round(5.25 * page.CHARACTER_TWIPS))
    signature, date = layout.right_indents("长" * 10_000, "2020年3月24日")
    assert signature == 0
    assert date < page.TEXT_WIDTH / 2


def test_columns_share_the_spare_room():
    first, second = layout.column_widths((("甲", "乙"), ("1", "2")), 12)
    assert first + second == page.TEXT_WIDTH
    assert abs(first - second) <= 1


def test_numbers_keep_their_room_beside_a_long_remark():
    rows = (("区域", "返岗率", "说明"), ("高新技术产业开发区", "100.00%", "说明" * 100))
    area, rate, remark = layout.column_widths(rows, 12)
    assert area >= 9 * 240 + 2 * layout.CELL_MARGIN
    assert rate >= 3.5 * 240 + 2 * layout.CELL_MARGIN
    assert remark > area > rate


def test_tables_are_small_only_where_they_must_be():
    narrow = (("区域", "开工率"), ("东昌府区", "96.48%"))
    wide = (tuple(f"第{n}项指标" for n in range(11)), tuple("1,234,567" for _ in range(11)))
    assert layout.table_points([]) == 12
    assert layout.table_points([narrow]) == 12
    assert layout.table_points([narrow, wide]) == 10.5


def tables(columns: int) -> st.SearchStrategy[list[list[str]]]:
    return st.lists(st.lists(st.text(max_size=60), min_size=columns, max_size=columns), min_size=1, max_size=5)


@given(st.integers(1, 40).flatmap(tables))
def test_widths_always_make_up_the_text_width(rows):
    widths = layout.column_widths(rows, 10.5)
    assert len(widths) == len(rows[0])
    assert sum(widths) == page.TEXT_WIDTH
    assert min(widths) > 0
