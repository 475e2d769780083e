"""The guides: both languages say the same, every picture that they show is there, and every command exists."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

GUIDES = Path(__file__).resolve().parents[2] / "docs" / "guide"
ROLES = ["enterprise", "officer", "clerk", "commander", "administrator"]
MOST_BYTES = 150_000


def text(language: str, role: str) -> str:
    return (GUIDES / language / f"{role}.md").read_text(encoding="utf-8")


def pictures(language: str, role: str) -> list[str]:
    return re.findall(r"\]\(\.\./img/([a-z]+/[a-z-]+\.png)\)", text(language, role))


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_pictures_are_there_and_small(language, role):
    shown = pictures(language, role)
    assert shown
    for name in shown:
        assert name.startswith(f"{language}/")
        assert (GUIDES / "img" / name).stat().st_size <= MOST_BYTES


@pytest.mark.parametrize("role", ROLES)
def test_both_languages_have_the_same_parts(role):
    def shape(language):
        return re.findall(r"^(#+|\||\d+\.|-|```)", text(language, role), re.M)

    assert shape("zh") == shape("en")
    assert [name[3:] for name in pictures("zh", role)] == [name[3:] for name in pictures("en", role)]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_commands_of_the_administrator_exist(language):
    named = set(re.findall(r"(?:^|`|&& )fugong ([a-z-]+)", text(language, "administrator"), re.M))
    assert {"backup", "restore", "doctor", "migrate"} <= named
    assert [name for name in named if name.replace("-", "_") not in get_commands()] == []
