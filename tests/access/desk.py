"""Requests."""

from __future__ import annotations

from typing import Any

from fugong.core import clock
from fugong.record.desk.models import Request, RootProblem, RouteRule
from tests import factories
from tests.access.rows import (
    ANY_OFFICIAL,
    IN,
    OFFICIAL_IN_AREA,
    OWN_REPORTER,
    Row,
    answers,
    everybody,
    of_duty,
    of_enterprise,
    slug,
)
from tests.place import Place


def _request(place: Place) -> Request:
    """A request of the enterprise, with the headquarters of the city."""
    return Request.objects.first() or factories.RequestFactory(place)


def _asked(place: Place) -> list[Any]:
    return [place.incident.slug, _request(place).number]


def _root(place: Place) -> RootProblem:
    """A root problem of the city's headquarters, with the request of the enterprise."""
    root = RootProblem.objects.first() or RootProblem.objects.create(
        incident=place.incident,
        title="熔喷布断供",
        body=place.city.bodies.get(kind="headquarters"),
        opened_at=clock.now(),
        opened_by_name="王",
    )
    Request.objects.filter(pk=_request(place).pk).update(root=root)
    return root


def _route(place: Place) -> RouteRule:
    return RouteRule.objects.first() or RouteRule.objects.create(
        incident=place.incident,
        area=place.county,
        body=place.city.bodies.get(kind="headquarters"),
        valid_from=clock.today(),
    )


def _number(place: Place) -> list[Any]:
    return [_request(place).number]


def _answered(place: Place) -> Any:
    return Request.objects.filter(pk=_request(place).pk).update(answered_at=clock.now())


def _clerk_of_the_county(place: Place) -> list[Any]:
    return [place.incident.slug, place.county.bodies.get().pk, place.person("bureau_clerk@in").pk]


def _asked_by_program(place: Place) -> dict[str, Any]:
    named = {"incident": place.incident.slug, "enterprise": place.enterprise.uscc}
    return named | {"category": "policy", "title": "怎么申请"}


TABLE: dict[str, list[Row]] = {
    "desk:queue": [
        Row(ANY_OFFICIAL, args=slug, prepare=_request),
        Row(OFFICIAL_IN_AREA, args=slug, query="area=371502"),
    ],
    "desk:export": [
        Row(None, ANY_OFFICIAL, args=slug),
        Row(None, OFFICIAL_IN_AREA, args=slug, query="area=371502"),
    ],
    "desk:callers": [Row(answers({"askers": 200, "officials": 403}), args=slug, query="q=9137")],
    "desk:new": [Row(answers({"askers": 200, "officials": 403}), args=slug)],
    "desk:enter": [
        Row(
            answers({IN.format("askers"): 200, "askers@outside": 404, "officials": 403}),
            answers({IN.format("askers"): 302, "askers@outside": 404, "officials": 403}),
            args=of_enterprise,
            data=lambda place: {"category": "policy", "title": "怎么申请"},
        )
    ],
    "desk:detail": [Row(OFFICIAL_IN_AREA, args=_asked)],
    "desk:act": [
        Row(
            None,
            # It is with the city's headquarters: only the command of the area works on it besides.
            answers({IN.format("command"): 302, IN.format("officials"): 403}),
            args=lambda place: [*_asked(place), "plan"],
            data=lambda place: {"text": "明天送到"},
        ),
        Row(
            None,
            answers({IN.format("command"): 302, IN.format("officials"): 403}),
            args=lambda place: [*_asked(place), "green"],
            data=lambda place: {"text": "防疫物资"},
        ),
    ],
    "desk:gather": [
        Row(
            None,
            # Nothing that somebody outside sees is chosen: back to the queue with a word.
            answers({IN.format("askers"): 302, "officials@outside": 302, IN.format("officials"): 403}),
            args=slug,
            data=lambda place: {"number": _request(place).number, "title": "熔喷布断供"},
            prepare=_request,
        )
    ],
    "desk:root": [
        Row(
            OFFICIAL_IN_AREA,
            answers({"askers@city": 302, "officials@city": 403, "officials@in": 403}),
            args=lambda place: [place.incident.slug, _root(place).pk],
            data=lambda place: {"text": "省里调拨2吨"},
        )
    ],
    # Off unless the site says otherwise (tests/record/desk/test_open311.py): then there is nothing for anybody.
    "open311:services": [Row(everybody(404), args=lambda _place: ["json"])],
    "open311:definition": [Row(everybody(404), args=lambda _place: ["staff", "json"])],
    "open311:requests": [Row(everybody(404), args=lambda _place: ["xml"])],
    "open311:request": [Row(everybody(404), args=lambda _place: ["20200324-0001", "json"])],
    "desk:service": [Row(ANY_OFFICIAL, args=slug)],
    "desk:people": [
        Row(
            answers({IN.format("officials"): 200, "officials": 404}),
            args=slug,
            query=lambda place: f"body={place.county.bodies.get().pk}",
        ),
        Row(ANY_OFFICIAL, args=slug),
    ],
    "desk:away": [
        Row(
            None,
            answers({"bureau_clerk@in": 302, IN.format("steerers"): 302, IN.format("officials"): 403}),
            args=_clerk_of_the_county,
            data=lambda _place: {"first_day": "2020-03-25", "last_day": "2020-03-26"},
        )
    ],
    "api:requests_categories": [
        Row(answers({}, rest=200, anonymous=401), query="incident=covid-2020", token="requests:read"),
        Row(answers({}, rest=403, anonymous=401), query="incident=covid-2020", token="requests:write"),
    ],
    "api:requests": [
        Row(
            answers({}, rest=200, anonymous=401),
            answers({}, rest=403, anonymous=401),
            data=_asked_by_program,
            token="requests:read",
        ),
        Row(
            answers({}, rest=403, anonymous=401),
            answers({"reporter@own": 200}, anonymous=401),
            data=_asked_by_program,
            token="requests:write",
        ),
    ],
    "api:request": [Row(answers({"reporter@own": 200}, anonymous=401), args=_number, token="requests:read")],
    "api:request_words": [
        Row(
            None,
            answers({"reporter@own": 200}, anonymous=401),
            args=_number,
            data=lambda _place: {"text": "还差得多"},
            token="requests:write",
        )
    ],
    "api:request_rating": [
        Row(
            None,
            answers({"reporter@own": 200}, anonymous=401),
            args=_number,
            data=lambda _place: {"was_contacted": True, "outcome": "solved"},
            prepare=_answered,
            token="requests:write",
        )
    ],
    "desk:routes": [
        Row(
            ANY_OFFICIAL,
            answers({IN.format("steerers"): 302, IN.format("officials"): 403, "officials": 422}),
            args=slug,
            data=lambda place: {
                "area": place.county.pk,
                "body": place.city.bodies.get(kind="headquarters").pk,
                "category": "staff",
            },
        )
    ],
    "desk:route_end": [
        Row(
            None,
            answers({IN.format("steerers"): 302, IN.format("officials"): 403}),
            args=lambda place: [place.incident.slug, _route(place).pk],
        )
    ],
    "desk_my:inbox": [Row(answers({"reporter": 200}), prepare=_request)],
    "desk_my:new": [
        Row(
            OWN_REPORTER,
            answers({"reporter@own": 302}),
            args=of_duty,
            data=lambda place: {"category": "policy", "title": "怎么申请"},
        )
    ],
    "desk_my:detail": [Row(OWN_REPORTER, args=lambda place: [_request(place).number])],
    "desk_my:act": [
        Row(
            None,
            answers({"reporter@own": 302}),
            args=lambda place: [_request(place).number, "word"],
            data=lambda place: {"text": "还差得多"},
        )
    ],
}
