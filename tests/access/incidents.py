"""Areas and their risk levels."""

from __future__ import annotations

from tests.access.rows import ANY_OFFICIAL, IN, OFFICIAL_IN_AREA, Row, answers, slug

TABLE: dict[str, list[Row]] = {
    "incidents:areas": [
        Row(ANY_OFFICIAL, args=slug),
        Row(OFFICIAL_IN_AREA, args=slug, query="area=371502"),
    ],
    "incidents:risk": [
        Row(
            answers(
                {"commander@in commander@city duty_officer@in duty_officer@city": 200, IN.format("officials"): 403}
            ),
            answers(
                {"commander@in commander@city duty_officer@in duty_officer@city": 302, IN.format("officials"): 403}
            ),
            args=lambda place: [place.incident.slug, "371502"],
            data=lambda place: {"level": "high", "valid_from": "2020-03-24", "source": "指挥部公告第3号"},
        )
    ],
}
