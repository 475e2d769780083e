"""Reports, totals, reminders, locks; the interface."""

from __future__ import annotations

from typing import Any

from tests import factories
from tests.access.rows import (
    ANY_OFFICIAL,
    IN,
    OFFICIAL_IN_AREA,
    OWN_REPORTER,
    Answers,
    Row,
    answers,
    everybody,
    of_duty,
    reported_today,
    slug,
)
from tests.place import Place


def _report(place: Place) -> dict[str, Any]:
    return {"state": "open", "roster": "100", "on_post": "80"}


def _sent_by_program(place: Place) -> dict[str, Any]:
    named = {"incident": place.incident.slug, "enterprise": place.enterprise.uscc}
    return named | {"state": "open", "roster": 100, "on_post": 80}


def _stated_by_program(place: Place) -> dict[str, Any]:
    named = {"incident": place.incident.slug, "area": place.county.code, "day": "2020-03-24", "source": "日报"}
    return named | {"enterprises": 10, "enterprises_open": 9}


def _export(place: Place) -> list[Any]:
    return [place.incident.slug, factories.written_day(place, place.person("bureau_clerk@in")).pk]


def _yesterday(place: Place) -> Any:
    return place.report(day="2020-03-23")


def _due(place: Place) -> dict[str, Any]:
    return {"valid_from": "2020-03-24", "due_time": "09:30", "source": "第12号通知"}


def _due_time(place: Place) -> Any:
    return factories.DueTimeFactory(incident=place.incident, area=place.county)


def _question(place: Place) -> dict[str, Any]:
    return {
        "name": "tents", "label_zh": "帐篷", "label_en": "Tents", "type": "integer", "valid_from": "2020-03-24",
        "source": "第12号通知",
    }  # fmt: skip


def _item_asked(place: Place) -> Any:
    return factories.AreaItemFactory(incident=place.incident, area=place.county)


def _opening(place: Place) -> dict[str, Any]:
    return {"enterprise": place.enterprise.uscc, "until": "2020-03-24T11:00", "reason": "录入有误"}


REPORTS_FOR_OTHERS = "bureau_clerk township_cadre duty_officer"


ON_BEHALF = answers(
    {
        " ".join(f"{role}@{where}" for role in REPORTS_FOR_OTHERS.split() for where in ("in", "city")): 200,
        IN.format("officials"): 403,
    }
)


def _acts(roles: str) -> Answers:
    """Who acts for the county from within it: a redirect; other officials of it 403."""
    may = " ".join(f"{role}@{where}" for role in roles.split() for where in ("in", "city"))
    return answers({may: 302, IN.format("officials"): 403})


REMINDER = _acts(REPORTS_FOR_OTHERS)
TIME_SETTER = _acts("duty_officer commander")
LOCKER = _acts("duty_officer commander bureau_clerk")
ASKER = _acts("duty_officer bureau_clerk")
OPENER = _acts("duty_officer")


TABLE: dict[str, list[Row]] = {
    "api:reports_duties": [Row(answers({"reporter": 200}, rest=200, anonymous=401), token="reports:read")],
    "api:reports_items": [
        Row(answers({}, rest=200, anonymous=401), query="incident=covid-2020", token="reports:read"),
    ],
    "api:reports": [
        Row(
            answers({}, rest=200, anonymous=401),
            answers({}, rest=403, anonymous=401),
            data=_sent_by_program,
            token="reports:read",
        ),
        Row(
            answers({}, rest=403, anonymous=401),
            answers({"reporter@own": 200}, anonymous=401),
            data=_sent_by_program,
            token="reports:write",
        ),
    ],
    "api:reports_batch": [
        Row(
            None,
            answers({}, rest=200, anonymous=401),  # each line says for itself whether it was refused
            data=lambda place: {"reports": [_sent_by_program(place)]},
            token="reports:write",
        )
    ],
    "api:totals": [
        Row(
            answers({"officials": 200}, rest=403, anonymous=401),
            query="incident=covid-2020&day=2020-03-24",
            token="totals:read",
            post=answers({}, rest=403, anonymous=401),
            data=_stated_by_program,
        ),
        Row(
            answers({}, rest=403, anonymous=401),
            query="incident=covid-2020&day=2020-03-24",
            token="totals:write",
            post=answers(
                {
                    IN.format("bureau_clerk"): 200,
                    IN.format("duty_officer"): 200,
                    IN.format("township_cadre"): 200,
                    IN.format("officials"): 403,
                },
                anonymous=401,
            ),
            data=_stated_by_program,
        ),
    ],
    "reports:missing": [
        Row(ANY_OFFICIAL, args=slug),
        Row(OFFICIAL_IN_AREA, args=slug, query="area=371502&all=1"),
    ],
    # A file is open to the person who asked for it and to nobody else.
    "reports:export_run": [Row(answers({"bureau_clerk@in": 200}), args=_export)],
    "reports:export_file": [Row(None, answers({"bureau_clerk@in": 200}), args=_export)],
    "reports:export": [Row(None, ANY_OFFICIAL, args=slug), Row(None, OFFICIAL_IN_AREA, args=slug, query="area=371502")],
    "reports:remind": [Row(None, REMINDER, args=slug, query="area=371502")],
    "reports:behalf": [
        Row(
            ON_BEHALF,
            ON_BEHALF,
            args=slug,
            query=lambda place: f"e={place.enterprise.pk}",
            data=lambda place: {"send": "0"},
        ),
    ],
    "reports:times": [Row(ANY_OFFICIAL, args=slug, prepare=_due_time)],
    "reports:due": [Row(None, TIME_SETTER, args=slug, query="area=371502", data=_due)],
    "reports:lock": [Row(None, LOCKER, args=slug, query="area=371502")],
    "reports:open": [Row(None, OPENER, args=slug, query="area=371502", data=_opening)],
    "reports:items": [Row(ANY_OFFICIAL, args=slug)],
    "reports:ask_item": [Row(None, ASKER, args=slug, query="area=371502", data=_question)],
    "reports:end_item": [Row(None, ASKER, args=lambda place: [place.incident.slug, _item_asked(place).pk])],
    "reports:totals": [Row(ANY_OFFICIAL, args=slug), Row(OFFICIAL_IN_AREA, args=slug, query="area=371502")],
    "reports:state_total": [
        Row(
            answers(
                {
                    IN.format("bureau_clerk"): 200,
                    IN.format("duty_officer"): 200,
                    IN.format("township_cadre"): 200,
                    IN.format("officials"): 403,
                }
            ),
            answers(
                {
                    IN.format("bureau_clerk"): 302,
                    IN.format("duty_officer"): 302,
                    IN.format("township_cadre"): 302,
                    IN.format("officials"): 403,
                }
            ),
            args=slug,
            query="area=371502",
            data=lambda place: {"enterprises": "10", "enterprises_open": "9", "source": "日报"},
        )
    ],
    "reporting:worker": [Row(everybody(200))],
    "reporting:token": [Row(answers({}, rest=200))],
    "reporting:outbox": [Row(answers({"reporter": 200, "liaison_officer": 200}, rest=403))],
    "reporting:send": [
        Row(None, answers({"reporter@own": 200}), args=of_duty, data=_report, prepare=_yesterday),
    ],
    "reporting:together": [Row(answers({"reporter": 200}), answers({"reporter": 200}))],
    "reporting:home": [Row(answers({"reporter": 200}))],
    "reporting:history": [Row(OWN_REPORTER, args=lambda place: [place.enterprise.pk], prepare=reported_today)],
    "reporting:report": [
        Row(OWN_REPORTER, answers({"reporter@own": 302}), args=of_duty, data=_report, prepare=_yesterday),
        Row(OWN_REPORTER, answers({"reporter@own": 422}), args=of_duty, prepare=reported_today),
    ],
    "reporting:draft": [
        Row(None, answers({"reporter@own": 302}), args=of_duty, data=_report, prepare=_yesterday),
    ],
    "reporting:same": [Row(None, answers({"reporter@own": 302}), args=of_duty, prepare=_yesterday)],
    "reporting:receipt": [Row(OWN_REPORTER, args=of_duty, prepare=reported_today)],
}
