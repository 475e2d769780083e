from __future__ import annotations

import pytest

from fugong.record.registry.logic.places import Place, PlaceBook, compatible

BOOK = PlaceBook(
    [
        Place("371500", "聊城市", "聊城"),
        Place("371502", "东昌府区"),
        Place("371503", "茌平区"),
        Place("371523", "茌平县", "", "371503"),
        Place("371522", "莘县"),
        Place("371500-JK", "聊城经济技术开发区", "经开区"),
        Place("371522103", "古城镇"),
        Place("371502001", "古楼街道"),
        Place("371525101", "古城镇"),
    ]
)


def place(division, **columns):
    return BOOK.place(division, columns)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("聊城", ("371500",)),
        ("聊城市", ("371500",)),
        ("东昌府", ("371502",)),
        ("茌平县", ("371503",)),
        ("371523", ("371503",)),
        ("山东省聊城市东昌府区", ("371502",)),
        ("山东-聊城 / 莘县", ("371522",)),
        ("山东", ("370000",)),
        ("经开区", ("371500-JK",)),
        ("东昌府区古楼街道办事处", ("371502001",)),
        ("古城镇", ("371522103", "371525101")),
        ("市辖区", ()),
        ("N/A", ()),
        ("临沂", None),
        ("某市经开区", None),
    ],
)
def test_names_that_a_cell_may_hold(text, codes):
    assert BOOK.find(text) == codes


def test_registered_area_follows_the_successor():
    assert place("371523").registered == "371503"
    assert place("371523", area="茌平县").doubts == place("371523", area="茌平区").doubts == ()


@pytest.mark.parametrize(
    "columns", [{"area": "聊城"}, {"province": "山东", "city": "聊城市"}, {"area": "莘县"}, {"area": "市直"}]
)
def test_wider_or_same_areas_do_not_contradict(columns):
    placement = place("371522", **columns)
    assert (placement.registered, placement.managing, placement.doubts) == ("371522", "371522", ())


@pytest.mark.parametrize(
    "columns", [{"area": "临沂"}, {"area": "东昌府区"}, {"city": "临沂市"}, {"province": "河南"}, {"area": "371502"}]
)
def test_contradiction_is_a_doubt_and_is_not_followed(columns):
    placement = place("371522", **columns)
    assert (placement.registered, placement.managing) == ("371522", "371522")
    ((field, fault),) = placement.doubts
    assert field in columns
    assert "莘县 371522" in fault.reason


def test_one_contradiction_is_said_once():
    assert len(place("371522", province="河南", city="临沂", area="冠县").doubts) == 1


def test_finer_columns_and_zones_become_the_managing_area():
    assert place("371500", area="东昌府区").managing == "371502"
    assert place("371522", area="莘县", township="古城镇").managing == "371522103"
    assert place("371502", area="经开区").managing == "371500-JK"
    assert place("371502", area="经开区", township="古楼街道").managing == "371500-JK"
    assert place("371502", area="经开区").registered == "371502"


def test_unknown_district_is_a_doubt_and_the_known_area_above_stands():
    placement = place("371592", area="聊城")
    assert placement.registered == "371500"
    assert [field for field, _fault in placement.doubts] == ["uscc"]
    foreign = place("371402", area="聊城")
    assert (foreign.registered, foreign.managing) == (None, None)
    assert [field for field, _fault in foreign.doubts] == ["uscc", "area"]


def test_registered_with_province_or_state_contradicts_nothing_within():
    assert place("370000", area="莘县").doubts == ()
    assert place("370000", area="莘县").managing == "371522"
    assert place("100000", area="莘县").doubts == ()


def test_compatible_is_one_within_the_other():
    assert compatible("371500", "371522")
    assert compatible("371522103", "371522")
    assert compatible("371500-JK", "371502")
    assert not compatible("371502", "371522")
    assert not compatible("371300", "371522")


def test_circle_of_successors_ends():
    book = PlaceBook([Place("1", "甲县", "", "2"), Place("2", "乙县", "", "1")])
    assert book.current("1") == "2"
