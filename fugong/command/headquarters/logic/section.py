"""The part of a playbook that says which groups a headquarters has, and from which numbers on it looks at something."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time
from typing import Any

from django.utils.translation import gettext as _

from fugong.core.registries import Folder
from fugong.core.text import in_language
from fugong.record.incidents.logic.playbook import code_of, texts

FILE = "headquarters.toml"
_DIRECTIVES = ("acknowledge_hours", "amber_hours")
_AGENDA = ("fall_points", "missing_percent", "overdue_requests", "root_people", "most_per_source")
_MEETINGS = ("dispatch", "consultation")
_TIME = re.compile("([01][0-9]|2[0-3]):[0-5][0-9]")


def _number(folder: Folder, key: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < 1_000_000:
        folder.fail(FILE, key, _("Give a number above zero."))
    return value


def _whole(folder: Folder, key: str, value: Any) -> int:
    if type(value) is not int or not 0 < value < 1_000_000:
        folder.fail(FILE, key, _("Give a whole number above zero."))
    return int(value)


def _table(folder: Folder, content: dict[str, Any], name: str) -> dict[str, Any]:
    value = content.get(name)
    if not isinstance(value, dict):
        folder.fail(FILE, name, _("Write it as a table: [%(name)s].") % {"name": name})
    return dict(value)


def _known(folder: Folder, key: str, table: dict[str, Any], names: tuple[str, ...]) -> None:
    for name in table.keys() - set(names):
        folder.fail(FILE, f"{key}.{name}", _("Choose one of: %(names)s.") % {"names": ", ".join(names)})


def _clock(folder: Folder, key: str, value: Any) -> str:
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        folder.fail(FILE, key, _("Write the time as “10:00”."))
    return value


def _groups(folder: Folder, items: Any) -> list[dict[str, Any]]:
    if not isinstance(items, list) or not items:
        folder.fail(FILE, "group", _("The list is empty. Fill in at least one row."))
    groups: list[dict[str, Any]] = []
    seen: set[str] = set()
    for number, item in enumerate(items):
        key = f"group[{number}]"
        if not isinstance(item, dict):
            folder.fail(FILE, key, _("Write each group as [[group]]."))
        code = code_of(folder, FILE, f"{key}.code", item.get("code"))
        if code in seen:
            folder.fail(FILE, f"{key}.code", _("“%(value)s” stands earlier already.") % {"value": code})
        seen.add(code)
        named = {name: texts(folder, FILE, f"{key}.{name}", item.get(name)) for name in ("name", "task")}
        groups.append({"code": code, **named})
    return groups


def _meetings(folder: Folder, content: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    table = _table(folder, content, "meetings")
    _known(folder, "meetings", table, _MEETINGS)
    for name in _MEETINGS:
        item = table.get(name)
        if not isinstance(item, dict):
            folder.fail(FILE, f"meetings.{name}", _("Write name and time of the meeting."))
        found[name] = {
            "name": texts(folder, FILE, f"meetings.{name}.name", item.get("name")),
            "prepared": _clock(folder, f"meetings.{name}.prepared", item.get("prepared")),
            "at": _clock(folder, f"meetings.{name}.at", item.get("at")),
        }
    return found


def read_section(folder: Folder) -> dict[str, Any]:
    """Read `headquarters.toml`; a playbook without it has no headquarters. Raises `PlaybookError`."""
    if not folder.has(FILE):
        return {}
    content = folder.toml(FILE)
    directives, agenda = _table(folder, content, "directives"), _table(folder, content, "agenda")
    _known(folder, "directives", directives, _DIRECTIVES)
    _known(folder, "agenda", agenda, _AGENDA)
    return {
        "names": {
            name: texts(folder, FILE, f"names.{name}", _table(folder, content, "names").get(name))
            for name in ("headquarters", "office")
        },
        "groups": _groups(folder, content.get("group")),
        "directives": {name: _whole(folder, f"directives.{name}", directives.get(name)) for name in _DIRECTIVES},
        "agenda": {name: _number(folder, f"agenda.{name}", agenda.get(name)) for name in _AGENDA},
        "meetings": _meetings(folder, content),
    }


@dataclass(frozen=True, slots=True)
class Group:
    """A working group that a headquarters has: what it is called and what it sees to."""

    code: str
    name: dict[str, str]
    task: dict[str, str]

    @property
    def label(self) -> str:
        return in_language(self.name)

    @property
    def duty(self) -> str:
        return in_language(self.task)


@dataclass(frozen=True, slots=True)
class HeadquartersSection:
    """What holds for the headquarters of an incident on a day."""

    content: dict[str, Any]

    @property
    def groups(self) -> list[Group]:
        return [Group(**item) for item in self.content["groups"]]

    def name_of(self, what: str, area: str) -> str:
        """The official name, always Chinese, of the `headquarters` or its `office` in an area."""
        return f"{area}{self.content['names'][what]['zh']}"

    def group(self, code: str) -> Group | None:
        return next((group for group in self.groups if group.code == code), None)

    @property
    def acknowledge_hours(self) -> int:
        """Hours after its issue within which a directive is to be acknowledged."""
        return int(self.content["directives"]["acknowledge_hours"])

    @property
    def amber_hours(self) -> int:
        """Hours before it is due from which a directive shows amber."""
        return int(self.content["directives"]["amber_hours"])

    @property
    def thresholds(self) -> dict[str, float]:
        """From which numbers on something comes onto the agenda by itself."""
        return dict(self.content["agenda"])

    def meeting_name(self, kind: str) -> str:
        return in_language(self.content["meetings"][kind]["name"])

    def meeting_title(self, kind: str) -> str:
        """As official documents, always Chinese, call it."""
        return str(self.content["meetings"][kind]["name"]["zh"])

    def prepared_at(self, kind: str) -> time:
        """From when on its agenda is made by itself."""
        return time.fromisoformat(self.content["meetings"][kind]["prepared"])

    def meeting_at(self, kind: str) -> time:
        return time.fromisoformat(self.content["meetings"][kind]["at"])
