"""The field book."""

from __future__ import annotations

from datetime import date
from typing import Any

from fugong.base.accounts.enums import BodyKind
from fugong.core.viewer import service_viewer
from fugong.record.liaison.actions.absences import enter_absence
from fugong.record.liaison.actions.assigning import assign_body, assign_officer
from fugong.record.liaison.models import Absence, Assignment
from fugong.record.liaison.selectors.planning import Rule
from tests.access.rows import ANY_OFFICIAL, IN, OFFICIAL_IN_AREA, Row, answers, slug
from tests.place import Place

_FIELD = service_viewer("tests")


def _officer(place: Place) -> int:
    """The officer of the enterprise, who looks after it by an assignment."""
    user = place.person("liaison_officer")
    if not Assignment.objects.filter(user=user).exists():
        rule = Rule(ids=frozenset({place.enterprise.pk}))
        assign_officer(actor=_FIELD, incident=place.incident, kind="resident", user=user, rule=rule)
    return user.pk


def _of_officer(place: Place) -> list[Any]:
    return [place.incident.slug, _officer(place)]


def _absence(place: Place) -> list[Any]:
    args = _of_officer(place)
    absence = Absence.objects.first() or enter_absence(
        actor=_FIELD,
        user=place.person("liaison_officer"),
        acting=place.person("liaison_officer@other"),
        first_on=date(2020, 3, 25),
        last_on=date(2020, 3, 26),
    )
    return [*args, absence.pk]


def _team(place: Place) -> list[Any]:
    row = Assignment.objects.filter(area__isnull=False).first()
    if row is None:
        body = place.county.bodies.get(kind=BodyKind.BUREAU)
        row = assign_body(actor=_FIELD, incident=place.incident, kind="team", body=body, area=place.county)
    return [place.incident.slug, row.pk]


_ASSIGNERS = {"assigners": 200, "officials": 403}

TABLE: dict[str, list[Row]] = {
    "liaison:coverage": [
        Row(ANY_OFFICIAL, args=slug, prepare=_officer),
        Row(OFFICIAL_IN_AREA, args=slug, query="area=371502"),
    ],
    "liaison:uncovered": [
        Row(ANY_OFFICIAL, args=slug),
        Row(OFFICIAL_IN_AREA, args=slug, query="area=371502"),
    ],
    "liaison:team": [
        Row(
            answers(_ASSIGNERS),
            # An area that is not theirs cannot be chosen.
            answers({IN.format("assigners"): 302, "assigners@outside": 422, "officials": 403}),
            args=slug,
            data=lambda place: {
                "kind": "team",
                "area": place.county.pk,
                "body": place.county.bodies.get(kind=BodyKind.BUREAU).pk,
            },
        )
    ],
    "liaison:team_end": [Row(None, answers({IN.format("assigners"): 302, IN.format("officials"): 403}), args=_team)],
    "liaison:assign": [
        Row(
            answers(_ASSIGNERS),
            # Outside the officer is nobody whom one could name.
            answers({IN.format("assigners"): 302, "assigners@outside": 422, "officials": 403}),
            args=slug,
            query=lambda place: f"e={place.enterprise.pk}",
            data=lambda place: {"e": place.other.pk, "officer": place.person("liaison_officer").pk, "kind": "expert"},
            prepare=_officer,
        )
    ],
    "liaison:officers": [Row(ANY_OFFICIAL, args=slug, prepare=_officer)],
    "liaison:officer_new": [
        Row(
            answers({"keepers": 200, "officials": 403}),
            answers({IN.format("keepers"): 200, "keepers@outside": 422, "officials": 403}),
            args=slug,
            data=lambda place: {"name": "许志远", "area": place.county.pk},
        )
    ],
    "liaison:officer": [Row(OFFICIAL_IN_AREA, args=_of_officer)],
    "liaison:end": [
        Row(
            None,
            answers({IN.format("assigners"): 302, IN.format("officials"): 403}),
            args=_of_officer,
            data=lambda place: {"a": Assignment.objects.get(enterprise=place.enterprise).pk, "reason": "调离"},
        )
    ],
    "liaison:hand_over": [
        Row(
            answers({IN.format("assigners"): 200, IN.format("officials"): 403}),
            answers({IN.format("assigners"): 302, IN.format("officials"): 403}),
            args=_of_officer,
            data=lambda place: {"to": place.person("bureau_clerk@in").pk, "reason": "调离"},
        )
    ],
    "liaison:absence": [
        Row(
            answers({IN.format("assigners"): 200, IN.format("officials"): 403}),
            answers({IN.format("assigners"): 422, IN.format("officials"): 403}),
            args=_of_officer,
            data=lambda place: {"first_on": "2020-03-25"},
        )
    ],
    "liaison:absence_end": [
        Row(None, answers({IN.format("assigners"): 302, IN.format("officials"): 403}), args=_absence)
    ],
}
