"""Meetings, directives, bodies and the duty roster."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from fugong.base.accounts.enums import BodyKind
from fugong.base.accounts.models import Body
from fugong.command.headquarters.actions.bodies import set_up_bodies
from fugong.command.headquarters.actions.directives import acknowledge_directive, give_part
from fugong.command.headquarters.actions.meetings import add_item, open_meeting, prepare_meeting
from fugong.command.headquarters.models import Directive, DutyShift, Meeting
from fugong.core import clock
from fugong.core.viewer import service_viewer
from tests import factories
from tests.access.rows import ANY_OFFICIAL, IN, OFFICIAL_IN_AREA, Row, answers, slug
from tests.place import Place

_TESTS = service_viewer("tests")
COMMAND_IN_AREA = answers({IN.format("command"): 200, IN.format("officials"): 403})
COMMANDS_IN_AREA = answers({IN.format("command"): 302, IN.format("officials"): 403})
COMMAND_WRONGLY_IN_AREA = answers({IN.format("command"): 422, IN.format("officials"): 403})
# The county's own bureau has the directive: its people answer, and the county's command; the city's does not.
_OWNERS = "bureau_clerk@in township_cadre@in working_group_member@in team_lead@in duty_officer@in commander@in"
OWNER_WRITES = answers({_OWNERS: 302, IN.format("officials"): 403})
ROSTER_WRONGLY = answers({"steerers": 422, "officials": 403})
ROSTER_IN_AREA = answers({IN.format("steerers"): 422, IN.format("officials"): 403})
ROSTER_WRITES = answers({IN.format("steerers"): 302, IN.format("officials"): 403})
SETS_UP_IN_AREA = answers({IN.format("administrator"): 302, IN.format("officials"): 403})
CITY_COMMANDS = answers({"commander@city duty_officer@city": 302, IN.format("officials"): 403})


def _directive(place: Place) -> Directive:
    """A directive of the city for the bureau of the county."""
    return Directive.objects.order_by("pk").first() or factories.DirectiveFactory(place)


def _of_directive(place: Place) -> list[Any]:
    return [place.incident.slug, _directive(place).pk]


def _act(name: str, *, acknowledged: bool = False):
    def arguments(place: Place) -> list[Any]:
        directive = _directive(place)
        if acknowledged:
            acknowledge_directive(actor=_TESTS, directive=directive)
        return [*_of_directive(place), name]

    return arguments


def _part(place: Place) -> list[Any]:
    directive = _directive(place)
    part = directive.parts.first() or give_part(actor=_TESTS, directive=directive, body=_group(place), task="腾出校舍")
    return [place.incident.slug, directive.pk, part.pk]


def _group(place: Place) -> Body:
    """A body of the county in which nobody of the table serves."""
    made, _new = Body.objects.get_or_create(area=place.county, name="用工组", kind=BodyKind.WORKING_GROUP)
    return made


def _set_up(place: Place) -> None:
    for area in (place.city, place.county):
        set_up_bodies(actor=_TESTS, incident=place.incident, area=area)


def _shift(place: Place) -> list[Any]:
    now = clock.now()
    shift, _new = DutyShift.objects.get_or_create(
        incident=place.incident,
        body=place.county.bodies.get(kind=BodyKind.BUREAU),
        user=place.person("duty_officer@in"),
        defaults={"starts_at": now, "ends_at": now + timedelta(hours=9), "entered_by_name": "test"},
    )
    return [place.incident.slug, shift.pk]


def _meeting(place: Place, *, running: bool = False) -> Meeting:
    """Today's dispatch of the county, with an item added by hand."""
    _set_up(place)
    meeting = prepare_meeting(actor=_TESTS, incident=place.incident, area=place.county, kind="dispatch")
    if not meeting.items.exists():
        add_item(actor=_TESTS, meeting=meeting, title="清明值守")
    if running and meeting.state == "prepared":
        meeting = open_meeting(actor=_TESTS, meeting=meeting, chair="夏志远")
    return meeting


def _of_meeting(*words: str, running: bool = False):
    return lambda place: [place.incident.slug, _meeting(place, running=running).pk, *words]


def _of_item(act: str):
    def arguments(place: Place) -> list[Any]:
        meeting = _meeting(place, running=True)
        return [place.incident.slug, meeting.pk, meeting.items.order_by("order").first().pk, act]

    return arguments


TABLE: dict[str, list[Row]] = {
    "headquarters:meetings": [
        Row(ANY_OFFICIAL, args=slug, prepare=_meeting),
        Row(OFFICIAL_IN_AREA, args=slug, query="area=371502"),
    ],
    "headquarters:meeting_prepare": [
        Row(
            None,
            COMMANDS_IN_AREA,
            args=slug,
            query="area=371502",
            prepare=_set_up,
            data=lambda place: {"kind": "dispatch"},
        )
    ],
    "headquarters:meeting": [Row(OFFICIAL_IN_AREA, args=_of_meeting())],
    "headquarters:meeting_act": [
        Row(None, COMMANDS_IN_AREA, args=_of_meeting("open"), data=lambda place: {"chair": "夏志远"}),
        Row(None, COMMAND_WRONGLY_IN_AREA, args=_of_meeting("add")),
    ],
    "headquarters:item_act": [
        Row(None, COMMANDS_IN_AREA, args=_of_item("agree"), data=lambda place: {"text": "照此办理"}),
        Row(None, COMMAND_WRONGLY_IN_AREA, args=_of_item("decide")),
    ],
    "headquarters:meeting_paper": [Row(None, OFFICIAL_IN_AREA, args=_of_meeting("minutes"))],
    "headquarters:directives": [
        Row(ANY_OFFICIAL, args=slug, prepare=_directive),
        Row(OFFICIAL_IN_AREA, args=slug, query="area=371502&pile=all"),
    ],
    "headquarters:directive_new": [
        Row(COMMAND_IN_AREA, COMMAND_WRONGLY_IN_AREA, args=slug, query="area=371502", prepare=_set_up)
    ],
    "headquarters:directive": [Row(OFFICIAL_IN_AREA, args=_of_directive)],
    "headquarters:directive_act": [
        Row(None, OWNER_WRITES, args=_act("acknowledge")),
        Row(None, CITY_COMMANDS, args=_act("withdraw"), data=lambda place: {"text": "撤回"}),
    ],
    "headquarters:directive_part": [
        Row(None, answers({IN.format("officials"): 403}), args=_part, data=lambda place: {"note": "好了"})
    ],
    "headquarters:bodies": [
        Row(ANY_OFFICIAL, ROSTER_WRONGLY, args=slug, prepare=_set_up),
        Row(OFFICIAL_IN_AREA, ROSTER_IN_AREA, args=slug, query="area=371502"),
    ],
    "headquarters:bodies_set_up": [Row(None, SETS_UP_IN_AREA, args=slug, query="area=371502")],
    "headquarters:duty_remove": [Row(None, ROSTER_WRITES, args=_shift)],
}
