"""What a row of the access table is, and the words that the rows of several rooms are written in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fugong.core.roles import Role
from tests.place import KINDS, MANDATED, Place

LOGIN = "login"


GROUPS = {
    "officials": [role for role in MANDATED if role != Role.AUDITOR],
    "keepers": [Role.BUREAU_CLERK, Role.TOWNSHIP_CADRE, Role.ADMINISTRATOR],
    "deciders": [
        Role.BUREAU_CLERK,
        Role.TOWNSHIP_CADRE,
        Role.ADMINISTRATOR,
        Role.DUTY_OFFICER,
        Role.COMMANDER,
    ],
    "askers": [
        Role.BUREAU_CLERK,
        Role.TOWNSHIP_CADRE,
        Role.WORKING_GROUP_MEMBER,
        Role.TEAM_LEAD,
        Role.DUTY_OFFICER,
        Role.COMMANDER,
    ],
    # Those who give enterprises to officers.
    "assigners": [
        Role.BUREAU_CLERK,
        Role.TOWNSHIP_CADRE,
        Role.ADMINISTRATOR,
        Role.TEAM_LEAD,
        Role.DUTY_OFFICER,
        Role.COMMANDER,
    ],
    "command": [Role.COMMANDER, Role.DUTY_OFFICER],
    "steerers": [Role.COMMANDER, Role.DUTY_OFFICER, Role.ADMINISTRATOR],
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


def signed_in(status: int) -> Answers:
    """Whoever has signed in."""
    return answers({}, rest=status)


def _nothing(place: Place) -> Any:
    return ()


@dataclass(frozen=True)
class Row:
    """One address. `get` or `post` None: the method is refused (405). `prepare` writes what the page needs."""

    get: Answers | None
    post: Answers | None = None
    args: Callable[[Place], Any] = _nothing
    query: str | Callable[[Place], str] = ""
    data: Callable[[Place], dict[str, Any]] = lambda place: {}
    prepare: Callable[[Place], Any] = _nothing
    token: str = ""  # the scope of the key with which each viewer asks, in JSON and without a session


def slug(place: Place) -> list[Any]:
    return [place.incident.slug]


def of_enterprise(place: Place) -> list[Any]:
    return [place.incident.slug, place.enterprise.pk]


def of_duty(place: Place) -> list[Any]:
    return [place.enterprise.pk, place.incident.slug]


def reported_today(place: Place) -> Any:
    return place.report()


IN = "{0}@in {0}@city"
OWN_REPORTER = answers({"reporter@own": 200})
ANY_OFFICIAL = answers({"officials": 200})
OFFICIAL_IN_AREA = answers({IN.format("officials"): 200})
