from __future__ import annotations

import pytest

from fugong.core.registries import AlreadyRegistered, Registry, metrics, navigation, playbook_sections


@pytest.fixture
def colours():
    registry: Registry[str] = Registry("colours")
    registry.register("white", "白")
    registry.register("black", "黑")
    return registry


def test_entries_come_in_the_order_of_names(colours):
    assert list(colours) == ["black", "white"]
    assert colours.items() == [("black", "黑"), ("white", "白")]
    assert colours.values() == ["黑", "白"]


def test_what_is_not_there(colours):
    assert colours.get("red") is None
    assert "red" not in colours
    with pytest.raises(KeyError):
        colours["red"]


def test_the_same_entry_again_is_harmless_and_another_is_refused():
    registry: Registry[object] = Registry("things")
    thing = object()
    assert registry.register("one", thing) is thing
    assert registry.register("one", thing) is thing
    with pytest.raises(AlreadyRegistered, match="things: 'one'"):
        registry.register("one", object())
    assert registry["one"] is thing


def test_none_is_an_entry_like_any_other():
    registry: Registry[object] = Registry("things")
    registry.register("one", None)
    with pytest.raises(AlreadyRegistered):
        registry.register("one", object())


def test_the_rooms_have_filled_the_registries():
    assert {"opening", "return"} <= set(metrics)
    assert {"report", "indicators"} <= set(playbook_sections)
    assert all(
        name == entry.name for registry in (metrics, navigation, playbook_sections) for name, entry in registry.items()
    )
