"""Figures and bulletins."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests import factories
from tests.access.rows import ANY_OFFICIAL, IN, OFFICIAL_IN_AREA, Row, answers, reported_today, slug
from tests.place import Place


def _figure(place: Place) -> list[Any]:
    return [place.incident.slug, "opening_rate"]


def _bulletin(state: str) -> Callable[[Place], list[Any]]:
    """Arguments of an address about a bulletin of the county in this state."""
    return lambda place: [place.incident.slug, factories.drafted_bulletin(place, place.county, state).pk]


def _output(form: str, *, made: bool = False) -> Callable[[Place], list[Any]]:
    """Arguments of an address about what a job makes of a published bulletin of the county."""

    def arguments(place: Place) -> list[Any]:
        output = factories.asked_output(place, place.county, form)
        if made:
            factories.made_output(output)
        return [place.incident.slug, output.bulletin_id, output.pk]

    return arguments


def _text(place: Place) -> dict[str, Any]:
    return {"title": "题", "text": "返岗{return_rate.value}", "edition": "1", "version": "0"}


DRAFTER = answers({"drafters": 200, "officials": 403})
DEFINER = answers({"bureau_clerk@city commander@city": 200, "officials": 403})
DEFINER_WRONGLY = answers({"bureau_clerk@city commander@city": 422, "officials": 403})
_DEFINING = "bureau_clerk@in bureau_clerk@city commander@in commander@city"
TARGETER_IN_AREA = answers({_DEFINING: 200, IN.format("officials"): 403})
TARGETER_WRONGLY_IN_AREA = answers({_DEFINING: 422, IN.format("officials"): 403})
DRAFTER_IN_AREA = answers({IN.format("drafters"): 200, IN.format("officials"): 403})
DRAFTER_WRITES = answers({"drafters": 302, "officials": 403})
DRAFTER_WRITES_IN_AREA = answers({IN.format("drafters"): 302, IN.format("officials"): 403})
OFFICIAL_ASKS_IN_AREA = answers({IN.format("officials"): 302})
APPROVER = answers({"commander@in commander@city": 302, IN.format("officials"): 403})


TABLE: dict[str, list[Row]] = {
    "situation:board": [
        Row(ANY_OFFICIAL, args=slug, prepare=reported_today),
        Row(OFFICIAL_IN_AREA, args=slug, query="area=371502"),
    ],
    "situation:brief": [
        Row(ANY_OFFICIAL, args=slug, prepare=reported_today),
        Row(OFFICIAL_IN_AREA, args=slug, query="area=371502"),
    ],
    "situation:version": [
        Row(ANY_OFFICIAL, args=slug),
        Row(OFFICIAL_IN_AREA, args=slug, query="area=371502"),
    ],
    "situation:figure": [
        Row(ANY_OFFICIAL, args=_figure, prepare=reported_today),
        Row(OFFICIAL_IN_AREA, args=_figure, query="area=371502&state=missing"),
    ],
    "situation:figure_export": [
        Row(None, ANY_OFFICIAL, args=_figure, prepare=reported_today),
        Row(None, OFFICIAL_IN_AREA, args=_figure, query="area=371502"),
    ],
    "situation:wall": [
        Row(ANY_OFFICIAL, args=slug, prepare=reported_today),
        Row(OFFICIAL_IN_AREA, args=slug, query="area=371502"),
    ],
    "situation:crossing": [
        Row(ANY_OFFICIAL, args=slug, prepare=reported_today),
        Row(OFFICIAL_IN_AREA, args=slug, query="area=371502&row=*&column=*"),
    ],
    "situation:crossing_export": [
        Row(None, ANY_OFFICIAL, args=slug, prepare=reported_today),
        Row(None, OFFICIAL_IN_AREA, args=slug, query="area=371502"),
    ],
    "situation:definitions": [
        Row(ANY_OFFICIAL, args=slug, prepare=reported_today),
        Row(OFFICIAL_IN_AREA, args=slug, query="area=371502"),
    ],
    "situation:definition_new": [Row(DEFINER, DEFINER_WRONGLY, args=slug)],
    "situation:definition_change": [Row(DEFINER, DEFINER_WRONGLY, args=_figure)],
    "situation:definition_end": [Row(DEFINER, DEFINER_WRONGLY, args=_figure)],
    "situation:target_new": [Row(TARGETER_IN_AREA, TARGETER_WRONGLY_IN_AREA, args=_figure, query="area=371502")],
    "situation:bulletin": [
        Row(ANY_OFFICIAL, args=slug, prepare=reported_today),
        Row(OFFICIAL_IN_AREA, args=slug, query="area=371502"),
    ],
    "situation:bulletin_new": [
        Row(None, DRAFTER_WRITES, args=slug, prepare=reported_today, data=lambda place: {"kind": "daily"}),
        Row(None, DRAFTER_WRITES_IN_AREA, args=slug, query="area=371502"),
    ],
    "situation:bulletin_page": [
        Row(DRAFTER_IN_AREA, args=_bulletin("draft"), prepare=reported_today),
        Row(DRAFTER_IN_AREA, args=_bulletin("submitted")),
        Row(OFFICIAL_IN_AREA, args=_bulletin("published")),
    ],
    "situation:bulletin_save": [Row(None, DRAFTER_WRITES_IN_AREA, args=_bulletin("draft"), data=_text)],
    "situation:bulletin_preview": [Row(None, DRAFTER_IN_AREA, args=_bulletin("draft"), data=_text)],
    "situation:bulletin_file": [
        Row(None, DRAFTER_WRITES_IN_AREA, args=_bulletin("draft")),
        Row(None, OFFICIAL_ASKS_IN_AREA, args=_bulletin("published"), data=lambda place: {"form": "xlsx"}),
    ],
    "situation:bulletin_output": [
        Row(OFFICIAL_IN_AREA, args=_output("docx"), prepare=reported_today),
        # A workbook names enterprises as far as whoever asked for it sees them: it is theirs.
        Row(answers({"bureau_clerk@in": 200}), args=_output("xlsx")),
    ],
    "situation:bulletin_output_file": [
        Row(None, OFFICIAL_IN_AREA, args=_output("docx", made=True), prepare=reported_today),
        Row(None, answers({"bureau_clerk@in": 200}), args=_output("xlsx", made=True)),
    ],
    "situation:bulletin_changes": [Row(DRAFTER_IN_AREA, args=_bulletin("published"))],
    "situation:bulletin_figure": [
        Row(
            OFFICIAL_IN_AREA, args=lambda place: [*_bulletin("published")(place), "return_rate"], prepare=reported_today
        ),
        Row(DRAFTER_IN_AREA, args=lambda place: [*_bulletin("draft")(place), "return_rate"]),
    ],
    "situation:bulletin_act": [
        Row(None, DRAFTER_WRITES_IN_AREA, args=lambda place: [*_bulletin("draft")(place), "figures"]),
        Row(None, DRAFTER_WRITES_IN_AREA, args=lambda place: [*_bulletin("draft")(place), "stop"]),
        Row(None, DRAFTER_WRITES_IN_AREA, args=lambda place: [*_bulletin("published")(place), "changes"]),
        Row(None, DRAFTER_WRITES_IN_AREA, args=lambda place: [*_bulletin("draft")(place), "submit"]),
        Row(None, DRAFTER_WRITES_IN_AREA, args=lambda place: [*_bulletin("draft")(place), "discard"]),
        Row(
            None,
            DRAFTER_WRITES_IN_AREA,
            args=lambda place: [*_bulletin("submitted")(place), "return"],
            data=lambda place: {"because": "补充"},
        ),
        Row(None, APPROVER, args=lambda place: [*_bulletin("submitted")(place), "publish"]),
        Row(
            None,
            DRAFTER_WRITES_IN_AREA,
            args=lambda place: [*_bulletin("published")(place), "revise"],
            data=lambda place: {"reason": "更正"},
        ),
    ],
    "situation:bulletin_template": [
        Row(DRAFTER, DRAFTER_WRITES, args=lambda place: [place.incident.slug, "daily"], data=_text),
        Row(
            DRAFTER_IN_AREA,
            DRAFTER_WRITES_IN_AREA,
            args=lambda place: [place.incident.slug, "weekly"],
            query="area=371502",
            data=_text,
        ),
    ],
}
