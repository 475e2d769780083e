"""The part of a playbook that says what can be asked for, what is promised, and when an answer counts as moved."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from fugong.core.registries import Folder, request_kinds
from fugong.core.text import in_language
from fugong.record.desk.enums import Promise, Unit
from fugong.record.desk.logic.watching import METRICS
from fugong.record.incidents.logic.playbook import code_of, texts

_FILE = "requests.toml"
_NUMBERS = ("tries", "watch_days", "watch_within_days", "risk_percent")
DEFAULT_KIND = "problem"


def _number(folder: Folder, key: str, value: Any) -> int:
    if type(value) is not int or value <= 0:
        folder.fail(_FILE, key, _("Give a whole number above zero."))
    return int(value)


def _promises(folder: Folder, key: str, value: Any) -> dict[str, dict[str, Any]]:
    """`{contact = { amount = 60, unit = "service_minutes" }, …}`; those that are left out are those of the default."""
    if not isinstance(value, dict):
        folder.fail(_FILE, key, _("Write each promise with amount and unit."))
    found = {}
    for name, promise in value.items():
        if name not in Promise.values or not isinstance(promise, dict):
            folder.fail(_FILE, f"{key}.{name}", _("Choose one of: %(names)s.") % {"names": ", ".join(Promise.values)})
        if promise.get("unit") not in Unit.values:
            folder.fail(_FILE, f"{key}.{name}.unit", _("Choose one of: %(names)s.") % {"names": ", ".join(Unit.values)})
        source = promise.get("source", "")
        found[name] = {
            "amount": _number(folder, f"{key}.{name}.amount", promise.get("amount")),
            "unit": promise["unit"],
            "source": source if isinstance(source, str) else "",
        }
    return found


def _category(folder: Folder, number: int, item: Any, codes: dict[str, Any]) -> dict[str, Any]:
    key = f"category[{number}]"
    if not isinstance(item, dict):
        folder.fail(_FILE, key, _("Write each category as [[category]]."))
    code = code_of(folder, _FILE, f"{key}.code", item.get("code"))
    if code in codes:
        folder.fail(_FILE, f"{key}.code", _("“%(value)s” stands earlier already.") % {"value": code})
    parent = item.get("parent", "")
    if parent and (parent not in codes or codes[parent]["parent"]):
        folder.fail(_FILE, f"{key}.parent", _("Name a category of the first level that stands earlier."))
    kind = item.get("kind", codes[parent]["kind"] if parent else DEFAULT_KIND)
    if kind not in request_kinds:
        folder.fail(_FILE, f"{key}.kind", _("Choose one of: %(names)s.") % {"names": ", ".join(request_kinds)})
    metric = item.get("metric", "")
    if metric and metric not in METRICS:
        folder.fail(_FILE, f"{key}.metric", _("Choose one of: %(names)s.") % {"names": ", ".join(METRICS)})
    target = _number(folder, f"{key}.target_percent", item.get("target_percent")) if metric else 0
    return {
        "code": code,
        "parent": parent,
        "kind": kind,
        "name": texts(folder, _FILE, f"{key}.name", item.get("name")),
        "obstacle": item.get("obstacle", ""),
        "metric": metric,
        "target_percent": target,
        "promises": _promises(folder, f"{key}.promises", item.get("promises", {})),
    }


def read_section(folder: Folder) -> dict[str, Any]:
    """Read `requests.toml`. Raises `PlaybookError`."""
    content = folder.toml(_FILE)
    promises = _promises(folder, "promises", content.get("promises"))
    missing = [name for name in Promise.values if name not in promises]
    if missing:
        folder.fail(_FILE, f"promises.{missing[0]}", _("Write each promise with amount and unit."))
    items = content.get("category")
    if not isinstance(items, list) or not items:
        folder.fail(_FILE, "category", _("The list is empty. Fill in at least one row."))
    codes: dict[str, Any] = {}
    for number, item in enumerate(items):
        category = _category(folder, number, item, codes)
        codes[category["code"]] = category
    reasons = content.get("pause_reason")
    if not isinstance(reasons, list) or not reasons:
        folder.fail(_FILE, "pause_reason", _("The list is empty. Fill in at least one row."))
    return {
        **{name: _number(folder, name, content.get(name)) for name in _NUMBERS},
        "promises": promises,
        "green": _promises(folder, "green", content.get("green", {})),
        "categories": list(codes.values()),
        "pause_reasons": [
            {
                "code": code_of(folder, _FILE, f"pause_reason[{number}].code", reason.get("code")),
                "name": texts(folder, _FILE, f"pause_reason[{number}].name", reason.get("name")),
            }
            for number, reason in enumerate(reasons)
        ],
    }


class NobodyToTurnTo(LookupError):
    """No body exists that could take a request: not one in the area, nor in those above it."""


@dataclass(frozen=True, slots=True)
class Category:
    """One category of the playbook; of the second level when it has a parent."""

    content: dict[str, Any]

    @property
    def code(self) -> str:
        return str(self.content["code"])

    @property
    def parent(self) -> str:
        return str(self.content["parent"])

    @property
    def kind(self) -> str:
        return str(self.content["kind"])

    @property
    def label(self) -> str:
        return in_language(self.content["name"])

    @property
    def metric(self) -> str:
        """The value of the daily report that must move before it counts as closed; "" when none does."""
        return str(self.content["metric"])

    @property
    def target_percent(self) -> int:
        return int(self.content["target_percent"])


@dataclass(frozen=True)
class DeskSection:
    """The desk's part of a playbook's version, as code reads it."""

    content: dict[str, Any]

    @cached_property
    def _by_code(self) -> dict[str, Category]:
        return {item["code"]: Category(item) for item in self.content["categories"]}

    @property
    def categories(self) -> list[Category]:
        return list(self._by_code.values())

    def category(self, code: str) -> Category | None:
        return self._by_code.get(code)

    def label(self, code: str) -> str:
        """“Staff · shortage”; the code itself when a later playbook has dropped it."""
        found = self.category(code)
        if found is None:
            return code
        above = self.category(found.parent) if found.parent else None
        return f"{above.label} · {found.label}" if above else found.label

    def lines(self, code: str) -> list[str]:
        """The category and the one above it: what routes and promises are looked up by, the nearer first."""
        found = self.category(code)
        return [code, found.parent] if found and found.parent else [code]

    def for_obstacle(self, obstacle: str) -> Category | None:
        """The category that an obstacle of the daily report opens a request under."""
        return next((item for item in self.categories if item.content["obstacle"] == obstacle), None)

    def promise(self, name: str, category: str, *, green: bool) -> dict[str, Any]:
        """Amount and unit promised: of the green channel, else of the category, the one above it, the default."""
        if green and name in self.content["green"]:
            return dict(self.content["green"][name])
        for code in self.lines(category):
            found = self.category(code)
            if found and name in found.content["promises"]:
                return dict(found.content["promises"][name])
        return dict(self.content["promises"][name])

    @property
    def tries(self) -> int:
        """How often an enterprise is tried, on different days, before it may be called unreachable."""
        return int(self.content["tries"])

    @property
    def watch_days(self) -> int:
        """On how many reports in a row the value must hold."""
        return int(self.content["watch_days"])

    @property
    def watch_within_days(self) -> int:
        """Within how many working days after the answer it must have moved."""
        return int(self.content["watch_within_days"])

    @property
    def risk_percent(self) -> int:
        """A clock is at risk when no more than this part of its time is left."""
        return int(self.content["risk_percent"])

    @property
    def pause_reasons(self) -> list[tuple[str, str]]:
        return [(item["code"], in_language(item["name"])) for item in self.content["pause_reasons"]]
