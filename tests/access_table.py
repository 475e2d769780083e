"""Who may open what: every address × every kind of viewer (tests/place.py) → the status of the answer.

Outsiders get 404, insiders without the right 403, strangers the sign-in page. A new address without a row fails
(tests/test_house.py); tests/test_access.py walks the table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fugong.core.roles import Role
from fugong.record.registry.logic.uscc import compose_code
from tests.place import KINDS, MANDATED, Place

LOGIN = "login"
GROUPS = {
    "officials": [role for role in MANDATED if role != Role.AUDITOR],
    "keepers": [Role.BUREAU_CLERK, Role.TOWNSHIP_CADRE, Role.ADMINISTRATOR],
    "drafters": [Role.BUREAU_CLERK, Role.DUTY_OFFICER, Role.COMMANDER],
}

Answers = Mapping[str, int | str]


def answers(rules: Mapping[str, int | str], rest: int | str = 404, anonymous: int | str = LOGIN) -> Answers:
    """Kind of viewer → status. Words of a rule are kinds, or groups and roles with or without `@place`; first wins."""
    found: dict[str, int | str] = {"anonymous": anonymous}
    for words, status in rules.items():
        for word in words.split():
            group, _separator, where = word.partition("@")
            for role in GROUPS.get(group, [group]):
                matching = [kind for kind in KINDS if kind == role or kind.startswith(f"{role}@{where}")]
                assert matching, f"{word} is no kind of viewer"
                found |= {kind: status for kind in matching if kind not in found}
    return {kind: found.get(kind, rest) for kind in KINDS}


def everybody(status: int) -> Answers:
    return answers({}, rest=status, anonymous=status)


def _nothing(place: Place) -> Any:
    return ()


@dataclass(frozen=True)
class Row:
    """One address. `get` or `post` None: the method is refused (405). `prepare` writes what the page needs."""

    get: Answers | None
    post: Answers | None = None
    args: Callable[[Place], Any] = _nothing
    query: str = ""
    data: Callable[[Place], dict[str, Any]] = lambda place: {}
    prepare: Callable[[Place], Any] = _nothing


def _slug(place: Place) -> list[Any]:
    return [place.incident.slug]


def _enterprise(place: Place) -> list[Any]:
    return [place.incident.slug, place.enterprise.pk]


def _figure(place: Place) -> list[Any]:
    return [place.incident.slug, "opening_rate"]


def _duty(place: Place) -> list[Any]:
    return [place.enterprise.pk, place.incident.slug]


def _new_enterprise(place: Place) -> dict[str, Any]:
    return {
        "name": "新企业有限公司",
        "uscc": compose_code("371502", "MA3ABCD1"),
        "kind": "enterprise",
        "managing_area": place.county.pk,
    }


def _edited_enterprise(place: Place) -> dict[str, Any]:
    return _new_enterprise(place) | {"name": "改名有限公司", "uscc": place.enterprise.uscc}


def _report(place: Place) -> dict[str, Any]:
    return {"state": "open", "roster": "100", "on_post": "80"}


def _yesterday(place: Place) -> Any:
    return place.report(day="2020-03-23")


def _today(place: Place) -> Any:
    return place.report()


IN = "{0}@in {0}@city"
OWN_REPORTER = answers({"reporter@own": 200})
ANY_OFFICIAL = answers({"officials": 200})
OFFICIAL_IN_AREA = answers({IN.format("officials"): 200})
KEEPER_IN_AREA = answers({IN.format("keepers"): 200, IN.format("officials"): 403})
DRAFTER = answers({"drafters": 200, "officials": 403})
DRAFTER_IN_AREA = answers({IN.format("drafters"): 200, "drafters@outside": 404, IN.format("officials"): 403})

TABLE: dict[str, list[Row]] = {
    "home": [Row(answers({"officials": 302, "reporter": 302}, rest=200))],
    "healthz": [Row(everybody(200))],
    "language": [Row(None, everybody(302), data=lambda place: {"language": "en"})],
    "large_type": [Row(None, everybody(302))],
    "account_login": [
        Row(
            answers({}, rest=302, anonymous=200),
            answers({}, rest=302, anonymous=200),
            data=lambda place: {"login": "nobody", "password": "wrong"},
        )
    ],
    "account_logout": [Row(answers({}, rest=200, anonymous=302), everybody(302))],
    "registry:list": [
        Row(ANY_OFFICIAL, args=_slug),
        Row(OFFICIAL_IN_AREA, args=_slug, query="area=371502"),
    ],
    "registry:new": [
        Row(
            answers({"keepers": 200, "officials": 403}),
            # A keeper of another area cannot choose this one: the form comes back.
            answers({IN.format("keepers"): 302, "keepers@outside": 422, "officials": 403}),
            args=_slug,
            data=_new_enterprise,
        )
    ],
    "registry:detail": [Row(OFFICIAL_IN_AREA, args=_enterprise)],
    "registry:edit": [
        Row(
            KEEPER_IN_AREA,
            answers({IN.format("keepers"): 302, IN.format("officials"): 403}),
            args=_enterprise,
            data=_edited_enterprise,
        )
    ],
    "registry:invite": [
        Row(
            KEEPER_IN_AREA,
            KEEPER_IN_AREA,
            args=_enterprise,
            data=lambda place: {"name": "王小明", "phone": "0635 1234567"},
        )
    ],
    "situation:board": [
        Row(ANY_OFFICIAL, args=_slug, prepare=_today),
        Row(OFFICIAL_IN_AREA, args=_slug, query="area=371502"),
    ],
    "situation:figure": [
        Row(ANY_OFFICIAL, args=_figure, prepare=_today),
        Row(OFFICIAL_IN_AREA, args=_figure, query="area=371502&state=missing"),
    ],
    "situation:bulletin": [
        Row(DRAFTER, args=_slug, prepare=_today),
        Row(DRAFTER_IN_AREA, args=_slug, query="area=371502"),
    ],
    "situation:bulletin_download": [
        Row(None, DRAFTER, args=_slug, prepare=_today),
        Row(None, DRAFTER_IN_AREA, args=_slug, query="area=371502"),
    ],
    "reporting:home": [Row(answers({"reporter": 200}))],
    "reporting:history": [Row(OWN_REPORTER, args=lambda place: [place.enterprise.pk], prepare=_today)],
    "reporting:report": [
        Row(OWN_REPORTER, answers({"reporter@own": 302}), args=_duty, data=_report, prepare=_yesterday),
        Row(OWN_REPORTER, answers({"reporter@own": 422}), args=_duty, prepare=_today),
    ],
    "reporting:same": [Row(None, answers({"reporter@own": 302}), args=_duty, prepare=_yesterday)],
    "reporting:receipt": [Row(OWN_REPORTER, args=_duty, prepare=_today)],
}
