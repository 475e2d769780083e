"""The part of a playbook that says what an enterprise reports: lists, extra items, thresholds, due time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from fugong.core.registries import Folder
from fugong.core.text import in_language
from fugong.record.incidents.logic.playbook import code_of, texts
from fugong.record.reporting.enums import ItemType
from fugong.record.reporting.logic.checks import CheckRules, Item

THRESHOLDS = ("roster_change_percent", "capacity_fall_points", "on_post_change_percent")
# Spans that a playbook sets: table of `report.toml`, the most it may be, what held before playbooks said it.
SPANS = {
    "quiet_hours": ("reminders", 24 * 7, 4),
    "longest_minutes": ("asking", 24 * 60, 60),
}
_LISTS = ("obstacles", "closed_reasons", "warning_reasons")
_LANGUAGE = re.compile(r"\((\w\w)\)$")


def _by_code(labels: Any) -> dict[str, str]:
    """XLSForm's `label::中文 (zh)` → {"zh": …}."""
    if not isinstance(labels, dict):
        return {}
    found = ((_LANGUAGE.search(name), text) for name, text in labels.items())
    return {match.group(1): text for match, text in found if match}


def _items(folder: Folder) -> list[dict[str, Any]]:
    items = []
    for question in folder.xlsform("report_items"):
        kind, name = question["type"], question["name"]
        if kind not in ItemType.values:
            folder.fail("report_items", name, _("Items are of type %(types)s.") % {"types": ", ".join(ItemType.values)})
        label = _by_code(question.get("label"))
        if not label.get("zh") or not label.get("en"):
            folder.fail("report_items", name, _("The label is missing. Give it in both languages, (zh) and (en)."))
        items.append({"name": name, "type": kind, "label": label, "hint": _by_code(question.get("hint"))})
    return items


def _list(folder: Folder, name: str) -> list[dict[str, str]]:
    """A list of codes with labels; empty it would leave nothing to choose."""
    rows = folder.table(name, ("code", "zh", "en"))
    if not rows:
        folder.fail(name, "", _("The list is empty. Fill in at least one row."))
    for number, row in enumerate(rows, start=2):
        code_of(folder, name, _("row %(row)d, %(column)s") % {"row": number, "column": "code"}, row["code"])
    for column in ("zh", "en"):
        labels = [row[column] for row in rows]
        twice = next((label for label in labels if labels.count(label) > 1), None)
        if twice is not None:
            folder.fail(name, column, _("“%(value)s” stands earlier already.") % {"value": twice})
    return rows


def _span(folder: Folder, report: dict[str, Any], name: str) -> int:
    table, most, _before = SPANS[name]
    given = report.get(table)
    value = given.get(name) if isinstance(given, dict) else None
    if type(value) is not int or not 0 < value <= most:
        folder.fail("report.toml", f"{table}.{name}", _("Give a whole number from 1 to %(most)d.") % {"most": most})
    return value


def read_section(folder: Folder) -> dict[str, Any]:
    """Read `report.toml`, the three lists and the XLSForm of extra items. Raises `PlaybookError`."""
    report = folder.toml("report.toml")
    try:
        due = time.fromisoformat(report.get("due_time", ""))
    except (TypeError, ValueError):
        due = None
    if due is None or due.tzinfo is not None:
        folder.fail("report.toml", "due_time", _("Write the time as “10:00”."))
    thresholds = report.get("thresholds", {})
    for key in THRESHOLDS:
        if type(thresholds.get(key)) is not int or thresholds[key] <= 0:
            folder.fail("report.toml", f"thresholds.{key}", _("Give a whole number above zero."))
    return {
        **{name: _span(folder, report, name) for name in SPANS},
        "due_time": report["due_time"],
        "thresholds": {key: thresholds[key] for key in THRESHOLDS},
        "supply": texts(folder, "report.toml", "supply", report.get("supply")),
        "items": _items(folder),
        **{name: _list(folder, f"{name}.csv") for name in _LISTS},
    }


@dataclass(frozen=True, slots=True)
class ReportSection:
    """The report part of a playbook's version, as code reads it."""

    content: dict[str, Any]
    # Items of the areas besides, in the same shape with `unit`, `area` and `is_required`; their names hold a point.
    own: tuple[dict[str, Any], ...] = ()

    @property
    def due_time(self) -> time:
        """Local time of day at which the report is due."""
        return time.fromisoformat(self.content["due_time"])

    @property
    def supply_label(self) -> str:
        return in_language(self.content["supply"])

    @property
    def items(self) -> list[dict[str, Any]]:
        """Extra items: name, type, label and hint by language; the playbook's, then those of the areas."""
        return [*self.content["items"], *self.own]

    def threshold(self, name: str) -> Decimal:
        """One of `THRESHOLDS`; raises KeyError for another name."""
        return Decimal(self.content["thresholds"][name])

    @property
    def quiet(self) -> timedelta:
        """How long after a reminder nobody is reminded again."""
        return timedelta(hours=self.content.get("quiet_hours", SPANS["quiet_hours"][2]))

    @property
    def longest_asking(self) -> int:
        """The seconds of one report that count at most as time that answering took."""
        return 60 * int(self.content.get("longest_minutes", SPANS["longest_minutes"][2]))

    def codes(self, name: str) -> list[str]:
        """The codes of a list: obstacles, closed_reasons or warning_reasons."""
        return [row["code"] for row in self.content[name]]

    def choices(self, name: str) -> list[tuple[str, str]]:
        """Code and label in the language of the request."""
        return [(row["code"], in_language(row)) for row in self.content[name]]

    def spellings(self, name: str) -> dict[str, str]:
        """Code or label in either language → code, of a list."""
        return {spelling: row["code"] for row in self.content[name] for spelling in (row["code"], row["zh"], row["en"])}


def rules_of(section: ReportSection) -> CheckRules:
    """The thresholds and lists of the playbook that a report is held against."""
    return CheckRules(
        roster_change_percent=section.threshold("roster_change_percent"),
        capacity_fall_points=section.threshold("capacity_fall_points"),
        on_post_change_percent=section.threshold("on_post_change_percent"),
        closed_reasons=frozenset(section.codes("closed_reasons")),
        obstacles=frozenset(section.codes("obstacles")),
        items={
            item["name"]: Item(in_language(item["label"]), item["type"], item.get("is_required", False))
            for item in section.items
        },
    )
