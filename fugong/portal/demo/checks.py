"""What the officers of the demonstration city ticked in their checklists."""

from __future__ import annotations

from datetime import date, timedelta

from fugong.base.questionnaires.selectors import newest_versions
from fugong.core.viewer import service_viewer
from fugong.record.liaison.actions.checks import Filled

_DEMO = service_viewer("demo")
_PASSED = ("plan", "closed", "files", "measured", "masks", "disinfected")
_SAFE = ("electric", "guards", "trained", "permit", "exits", "extinguishers")
_SEEN = (
    "二号食堂每桌4人，未隔开，当场改",
    "门岗登记本缺昨天的体温",
    "一楼北侧安全出口堆了纸箱",
    "两台冲床防护罩未装回",
)


def filled(number: int, people: int | None, day: date) -> tuple[Filled, ...]:
    """The checklists of the visit with this number: prevention in each, safety in every second one; some fail."""
    found = []
    for version in newest_versions(_DEMO, ("reopening-prevention", "restart-safety")):
        if version.form.code == "reopening-prevention":
            found.append(Filled(version, _prevention(number, people or 20 + number, day)))
        elif number % 2 == 0:
            found.append(Filled(version, _safety(number, day)))
    return tuple(found)


def _prevention(number: int, people: int, day: date) -> dict[str, str]:
    answers = dict.fromkeys(_PASSED, "yes") | {
        "on_site": str(people),
        "from_risk": str(number % 3),
        "isolated": "yes",
        "limit": "37.3",
        "mask_days": str(2 + number % 8),
        "rooms": str(1 + people // 80),
        "canteen": "yes" if number % 4 else "no",
        "apart": "no" if number % 4 == 1 else "yes",
        "evidence": "record object",
    }
    if number % 9 == 2:
        answers["measured"] = "no"
    if "no" in (answers["apart"], answers["measured"]):
        answers |= {"seen": _SEEN[number % 2], "again_on": (day + timedelta(days=2)).isoformat()}
    return answers


def _safety(number: int, day: date) -> dict[str, str]:
    answers = dict.fromkeys(_SAFE, "yes") | {
        "idle_since": "2020-01-21",
        "special": "yes" if number % 3 == 0 else "no",
        "special_checked": "yes",
        "new_people": str(number % 5),
        "new_trained": "yes",
        "dangers": "hot lifting" if number % 3 == 0 else "none",
        "chemicals": "no",
    }
    if number % 8 == 4:
        answers |= {"exits": "no", "seen": _SEEN[2], "mended_by": (day + timedelta(days=3)).isoformat()}
    return answers
