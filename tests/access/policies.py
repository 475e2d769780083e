"""Policy measures."""

from __future__ import annotations

from typing import Any

from fugong.core.viewer import service_viewer
from fugong.services.policies.actions.loading import load_catalogue
from fugong.services.policies.models import Measure
from tests.access.rows import OWN_REPORTER, Row, answers
from tests.place import Place
from tests.services.policies.firms import CATALOGUE


def _measures(place: Place) -> Any:
    if not Measure.objects.exists():
        load_catalogue(actor=service_viewer("tests"), catalogue=CATALOGUE, area=place.city, source="tests")


def _own(place: Place) -> list[Any]:
    return [place.enterprise.pk]


def _own_measure(place: Place) -> list[Any]:
    return [place.enterprise.pk, "defer-premiums"]


OWN_DONE = answers({"reporter@own": 302})
TABLE: dict[str, list[Row]] = {
    "policies_my:mine": [Row(answers({"reporter": 302}))],
    "policies_my:measures": [Row(OWN_REPORTER, args=_own, prepare=_measures)],
    "policies_my:answer": [
        Row(None, OWN_DONE, args=_own, prepare=_measures, data=lambda place: {"serious_difficulty": "yes"})
    ],
    "policies_my:suppose": [Row(OWN_REPORTER, args=_own, query="laid_off=3", prepare=_measures)],
    "policies_my:measure": [Row(OWN_REPORTER, args=_own_measure, prepare=_measures)],
    "policies_my:opened": [Row(None, answers({"reporter@own": 204}), args=_own_measure, prepare=_measures)],
}
