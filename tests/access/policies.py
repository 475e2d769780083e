"""Policy measures."""

from __future__ import annotations

from typing import Any

from fugong.core import clock
from fugong.core.viewer import service_viewer
from fugong.services.policies.actions.loading import load_catalogue
from fugong.services.policies.enums import VersionState
from fugong.services.policies.models import Measure, MeasureVersion
from tests.access.rows import (
    ANY_OFFICIAL,
    IN,
    OFFICIAL_IN_AREA,
    OWN_REPORTER,
    Row,
    answers,
    everybody,
    of_enterprise,
    slug,
)
from tests.place import Place
from tests.services.policies.firms import CATALOGUE


def _measures(place: Place) -> Any:
    if not Measure.objects.exists():
        load_catalogue(actor=service_viewer("tests"), catalogue=CATALOGUE, area=place.city, source="tests")


def _own(place: Place) -> list[Any]:
    return [place.enterprise.pk]


def _own_measure(place: Place) -> list[Any]:
    return [place.enterprise.pk, "defer-premiums"]


def _of_measure(place: Place) -> list[Any]:
    return [place.incident.slug, "defer-premiums"]


def _draft(place: Place) -> list[Any]:
    """A draft of a measure that the city keeps."""
    _measures(place)
    draft = MeasureVersion.objects.filter(state=VersionState.DRAFT).first()
    if draft is None:
        draft = MeasureVersion.objects.filter(measure__code="defer-premiums").get()
        draft.pk, draft.state, draft.published_at, draft.valid_from = None, VersionState.DRAFT, None, clock.today()
        draft.save()
    return [place.incident.slug, draft.pk]


def _drafted_only(place: Place) -> list[Any]:
    """A measure of the city that is only a draft yet."""
    _measures(place)
    if not Measure.objects.filter(code="drafted-only").exists():
        draft = MeasureVersion.objects.filter(measure__code="defer-premiums").order_by("pk").first()
        assert draft is not None
        draft.measure = Measure.objects.create(code="drafted-only", title="草", aspect="care", area=place.city)
        draft.pk, draft.state, draft.published_at = None, VersionState.DRAFT, None
        draft.save()
    return [place.incident.slug, "drafted-only"]


_KEEPERS = "bureau_clerk administrator"
_KEEPING = answers({"bureau_clerk@city administrator@city": 302, "officials@city": 403}, rest=404)
OWN_DONE = answers({"reporter@own": 302})
TABLE: dict[str, list[Row]] = {
    "policies_public:measures": [Row(everybody(200), args=lambda place: ["zh"], query="q=社保", prepare=_measures)],
    "policies_public:measure": [Row(everybody(200), args=lambda place: ["en", "defer-premiums"], prepare=_measures)],
    "policies_my:mine": [Row(answers({"reporter": 302}))],
    "policies_my:measures": [Row(OWN_REPORTER, args=_own, prepare=_measures)],
    "policies_my:answer": [
        Row(None, OWN_DONE, args=_own, prepare=_measures, data=lambda place: {"serious_difficulty": "yes"})
    ],
    "policies_my:suppose": [Row(OWN_REPORTER, args=_own, query="laid_off=3", prepare=_measures)],
    "policies_my:measure": [Row(OWN_REPORTER, args=_own_measure, prepare=_measures)],
    "policies:catalogue": [Row(ANY_OFFICIAL, args=slug, query="q=社保", prepare=_measures)],
    "policies:measure": [
        Row(ANY_OFFICIAL, args=_of_measure, prepare=_measures),
        Row(answers({"officials@city": 200}), args=_drafted_only),
    ],
    "policies:new": [
        Row(
            answers({_KEEPERS: 200, "officials": 403}),
            answers({_KEEPERS: 422, "officials": 403}),
            args=slug,
            prepare=_measures,
        )
    ],
    "policies:publish": [Row(None, _KEEPING, args=_draft)],
    "policies:drop": [Row(None, _KEEPING, args=_draft)],
    "policies:offers": [Row(OFFICIAL_IN_AREA, args=of_enterprise, prepare=_measures)],
    "policies:answer": [
        Row(
            None,
            answers({IN.format("askers"): 302, IN.format("officials"): 403}),
            args=of_enterprise,
            prepare=_measures,
            data=lambda place: {"serious_difficulty": "yes"},
        )
    ],
    "policies_my:opened": [Row(None, answers({"reporter@own": 204}), args=_own_measure, prepare=_measures)],
}
