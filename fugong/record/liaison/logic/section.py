"""The part of a playbook that says which kinds of people look after enterprises and areas, and how often they come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from fugong.core.registries import Folder
from fugong.core.text import in_language
from fugong.record.incidents.logic.playbook import code_of, texts
from fugong.record.liaison.enums import Holder, Purpose, Target, Way

FILE = "field.toml"
LIMITS = ("supply_days", "silent_days", "seen_percent")
# How many photos a visit may have, and how large each may be sent.
PHOTOS = ("most", "kilobytes")
# From which numbers on something belongs into the plan of an enterprise, and how many days there are for it.
PLAN = ("people_percent", "capacity_percent", "supply_days", "days")


# A playbook without a field book.
EMPTY: dict[str, Any] = {
    "limits": dict.fromkeys(LIMITS, 0),
    "plan": {},
    "photos": {},
    "kinds": [],
    "duties": [],
    "checklists": [],
}


def _choice(folder: Folder, key: str, value: Any, known: list[str]) -> str:
    if value not in known:
        folder.fail(FILE, key, _("Choose one of: %(names)s.") % {"names": ", ".join(known)})
    return str(value)


def _yes(folder: Folder, key: str, value: Any) -> bool:
    if not isinstance(value, bool):
        folder.fail(FILE, key, _("Write true or false."))
    return bool(value)


def _number(folder: Folder, key: str, value: Any) -> int:
    if type(value) is not int or value <= 0:
        folder.fail(FILE, key, _("Give a whole number above zero."))
    return int(value)


def _kind(folder: Folder, key: str, item: Any, known: set[str]) -> dict[str, Any]:
    if not isinstance(item, dict):
        folder.fail(FILE, key, _("Write each kind as [[kind]]."))
    code = code_of(folder, FILE, f"{key}.code", item.get("code"))
    if code in known:
        folder.fail(FILE, f"{key}.code", _("“%(value)s” stands earlier already.") % {"value": code})
    return {
        "code": code,
        "name": texts(folder, FILE, f"{key}.name", item.get("name")),
        "holder": _choice(folder, f"{key}.holder", item.get("holder"), Holder.values),
        "target": _choice(folder, f"{key}.target", item.get("target"), Target.values),
        "one": _yes(folder, f"{key}.one", item.get("one", False)),
        "covers": _yes(folder, f"{key}.covers", item.get("covers", False)),
    }


def _duty(folder: Folder, key: str, item: Any, known: set[str]) -> dict[str, Any]:
    if not isinstance(item, dict):
        folder.fail(FILE, key, _("Write each duty as [[duty]]."))
    source = item.get("source", "")
    return {
        "kind": _choice(folder, f"{key}.kind", item.get("kind"), sorted(known)),
        "way": _choice(folder, f"{key}.way", item.get("way"), Way.values),
        "days": _number(folder, f"{key}.days", item.get("days")),
        "source": source if isinstance(source, str) else "",
    }


def _checklist(folder: Folder, key: str, item: Any) -> dict[str, Any]:
    if not isinstance(item, dict):
        folder.fail(FILE, key, _("Write each checklist as [[checklist]]."))
    form = code_of(folder, FILE, f"{key}.form", item.get("form"))
    if not folder.has(f"form-{form}.xlsx"):
        folder.fail(FILE, f"{key}.form", _("The playbook brings no form-%(form)s.xlsx.") % {"form": form})
    found: dict[str, Any] = {"form": form}
    for name, known in (("ways", Way.values), ("purposes", Purpose.values)):
        values = item.get(name, [])
        if not isinstance(values, list):
            folder.fail(FILE, f"{key}.{name}", _('Write a list, such as ["%(one)s"].') % {"one": known[0]})
        found[name] = [_choice(folder, f"{key}.{name}", value, known) for value in values]
    return found


def read_section(folder: Folder) -> dict[str, Any]:
    """Read `field.toml`; a playbook without it has no field book. Raises `PlaybookError`."""
    if not folder.has(FILE):
        return EMPTY
    content = folder.toml(FILE)
    items = content.get("kind")
    if not isinstance(items, list) or not items:
        folder.fail(FILE, "kind", _("The list is empty. Fill in at least one row."))
    kinds: list[dict[str, Any]] = []
    known: set[str] = set()
    for number, item in enumerate(items):
        kinds.append(_kind(folder, f"kind[{number}]", item, known))
        known.add(kinds[-1]["code"])
    visited = {kind["code"] for kind in kinds if kind["target"] == Target.ENTERPRISE}
    duties = content.get("duty", [])
    if not isinstance(duties, list) or not isinstance(content.get("limits", {}), dict):
        folder.fail(FILE, "duty", _("Write each duty as [[duty]]."))
    checklists = content.get("checklist", [])
    if not isinstance(checklists, list):
        folder.fail(FILE, "checklist", _("Write each checklist as [[checklist]]."))
    limits = content.get("limits", {})
    plan, photos = content.get("plan", {}), content.get("photos", {})
    if not isinstance(plan, dict):
        folder.fail(FILE, "plan", _("Write the numbers of plans under [plan]."))
    if not isinstance(photos, dict):
        folder.fail(FILE, "photos", _("Write the numbers of photos under [photos]."))
    return {
        "limits": {name: _number(folder, f"limits.{name}", limits.get(name)) for name in LIMITS},
        "plan": {name: _number(folder, f"plan.{name}", plan.get(name)) for name in PLAN} if plan else {},
        "photos": {name: _number(folder, f"photos.{name}", photos.get(name)) for name in PHOTOS} if photos else {},
        "kinds": kinds,
        "duties": [_duty(folder, f"duty[{number}]", item, visited) for number, item in enumerate(duties)],
        "checklists": [_checklist(folder, f"checklist[{number}]", item) for number, item in enumerate(checklists)],
    }


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of assignment. `one`: nobody of it beside another on one target; `covers`: without it there is a hole."""

    code: str
    name: dict[str, str]
    holder: str
    target: str
    one: bool
    covers: bool

    @property
    def label(self) -> str:
        return in_language(self.name)


@dataclass(frozen=True, slots=True)
class Duty:
    """An enterprise is to be seen or called at least once in every `days` days by whoever holds this kind."""

    kind: str
    way: str
    days: int
    source: str


@dataclass(frozen=True, slots=True)
class Checklist:
    """A form that is asked in a visit: of these ways and for these purposes; empty: of any."""

    form: str
    ways: tuple[str, ...]
    purposes: tuple[str, ...]


class FieldSection:
    """What holds for the field book of an incident on a day."""

    def __init__(self, content: dict[str, Any]) -> None:
        self.limits: dict[str, int] = content["limits"]
        # Versions of a playbook that were stored earlier know no plans, whose facts then ask for nothing, nor photos.
        self.plan: dict[str, int] = content.get("plan", {})
        photos: dict[str, int] = content.get("photos", {})
        self.most_photos = photos.get("most", 0)
        self.photo_bytes = photos.get("kilobytes", 0) * 1024
        self.kinds = tuple(Kind(**item) for item in content["kinds"])
        # Key by key: versions of a playbook that were stored earlier hold one more.
        self.duties = tuple(Duty(item["kind"], item["way"], item["days"], item["source"]) for item in content["duties"])
        # Versions of a playbook that were stored before there were forms have none.
        self.checklists = tuple(
            Checklist(item["form"], tuple(item["ways"]), tuple(item["purposes"]))
            for item in content.get("checklists", [])
        )

    def kind(self, code: str) -> Kind | None:
        return next((kind for kind in self.kinds if kind.code == code), None)

    def label(self, code: str) -> str:
        """The name of a kind; its code where a newer version no longer has it."""
        kind = self.kind(code)
        return kind.label if kind else code

    def of(self, holder: str, target: str) -> list[Kind]:
        """The kinds that this sort of holder has on this sort of target."""
        return [kind for kind in self.kinds if (kind.holder, kind.target) == (holder, target)]

    def covering(self, target: str) -> list[str]:
        """Codes of the kinds without which a target is a hole."""
        return [kind.code for kind in self.kinds if kind.covers and kind.target == target]
