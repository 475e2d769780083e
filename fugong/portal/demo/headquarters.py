"""A fortnight at the headquarters of the demonstration city: meetings, decisions, directives of every state.

Every step is the action that a person would take, by that person, at that hour; only the clock is set back for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation

from fugong.base.accounts.models import Body
from fugong.base.accounts.selectors import user_by_id, user_named, viewer_for
from fugong.base.areas.selectors import AreaTree
from fugong.command.headquarters.actions import directives as following
from fugong.command.headquarters.actions import meetings as meeting
from fugong.command.headquarters.actions.bodies import enter_duty, set_up_bodies
from fugong.command.headquarters.actions.issuing import Order
from fugong.command.headquarters.enums import ItemState, MeetingKind
from fugong.command.headquarters.models import AgendaItem, Directive, Meeting
from fugong.core import clock
from fugong.core.viewer import Viewer
from fugong.portal.demo.people import COUNTY
from fugong.portal.demo.plan import MORNING
from fugong.record.incidents.models import Incident

DAYS = 14
_ZONE = ZoneInfo(settings.TIME_ZONE)
# Who leads, by the key of a body, and who answers there; the county has its own.
_LEADS = (
    ("transport", "transport"),
    ("hr", "hr"),
    ("bureau", "clerk"),
    ("county-hq", "county-head"),
    ("finance", "finance"),
)
_ATTENDEES = "市工信局、市交通局、市人社局、市金融局、莘县指挥部"


def _at(day: date, hour: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(hour), _ZONE)


class _Teller:
    """Knows the people and the bodies."""

    def __init__(self, incident: Incident, tree: AreaTree, bodies: Mapping[str, Body]) -> None:
        self.incident, self.bodies = incident, bodies
        root = tree.root()
        assert root is not None
        self.city = root

    @staticmethod
    def who(username: str, day: date) -> Viewer:
        user = user_named(username)
        assert user is not None
        return viewer_for(user, day)

    def day(self, day: date, number: int) -> None:
        """A morning: the agenda, the meeting, its decisions; in the afternoon what came of the earlier ones."""
        duty = self.who("duty", day)
        with clock.set_to(_at(day, "07:30")):
            found = meeting.prepare_meeting(
                actor=duty, incident=self.incident, area=self.city, kind=MeetingKind.DISPATCH
            )
            if number == DAYS - 1:
                meeting.add_item(actor=duty, meeting=found, title="清明假期值守安排", reason="4月4日至6日放假")
        if day == MORNING:
            return
        with clock.set_to(_at(day, "08:30")):
            meeting.open_meeting(actor=duty, meeting=found, chair="梁长河", attendees=_ATTENDEES)
        items = list(found.items.order_by("order"))
        with clock.set_to(_at(day, "08:50")):
            for place, item in enumerate(items[:4]):
                self._end(duty, item, number + place)
        with clock.set_to(_at(day, "09:15")):
            meeting.close_meeting(actor=duty, meeting=Meeting.objects.get(pk=found.pk))
        self._follow(day)

    def _end(self, duty: Viewer, item: AgendaItem, turn: int) -> None:
        """Most matters become a directive, one is agreed on, one waits."""
        if turn % 5 == 3:
            meeting.end_item(
                actor=duty, item=item, state=ItemState.CONSULTED, outcome="由市工信局会同所在县逐家核实后再报。"
            )
            return
        if turn % 5 == 4:
            meeting.end_item(actor=duty, item=item, state=ItemState.CARRIED, outcome="等县里核实数字。")
            return
        key, _person = _LEADS[turn % len(_LEADS)]
        order = Order(
            title=f"{item.titles['zh'][:40]}，逐家落实"[:80],
            text="逐家查明原因，能当天解决的当天解决，不能的报市指挥部。",
            owner_body=self.bodies[key],
            due_at=clock.now() + timedelta(days=1 + turn % 3),
        )
        meeting.decide_item(actor=duty, item=item, order=order)

    def _follow(self, day: date) -> None:
        """The owners acknowledge, report and claim; the commander closes. The last ones stand where they stand."""
        for number, directive in enumerate(Directive.objects.filter(incident=self.incident).order_by("pk")):
            if directive.is_running and number % 7 != 5:  # every seventh is taken up by nobody
                self._answer(day, number, directive)

    def _answer(self, day: date, number: int, directive: Directive) -> None:
        person = {self.bodies[key].pk: person for key, person in _LEADS}[directive.owner_body_id]
        owner = self.who(person, day)
        if directive.acknowledged_at is None:
            with clock.set_to(_at(day, "10:40")):
                following.acknowledge_directive(actor=owner, directive=directive)
        elif number % 5 == 1 and directive.percent is None:
            words = "已走访过半，其余明天走完。"
            with clock.set_to(_at(day, "15:20")):
                following.note_progress(actor=owner, directive=directive, text=words, percent=60)
        else:
            words, seen = "逐家核实完毕，问题已解决。", "走访清单已传市指挥部办公室"
            with clock.set_to(_at(day, "16:30")):
                following.claim_done(actor=owner, directive=directive, text=words, evidence=seen)
            if number % 4:
                with clock.set_to(_at(day, "17:40")):
                    following.close_directive(actor=self.who("commander", day), directive=directive)


def tell_headquarters(*, actor: Viewer, tree: AreaTree, incident: Incident, bodies: Mapping[str, Body]) -> None:
    """Bodies of the city and of one county, who is on duty, and a fortnight of meetings up to the morning."""
    teller = _Teller(incident, tree, bodies)
    county = tree.by_code(COUNTY)
    assert county is not None
    with translation.override("zh-hans"):
        first = MORNING - timedelta(days=DAYS - 1)
        with clock.set_to(_at(first - timedelta(days=1), "17:00")):
            for area in (teller.city, county):
                set_up_bodies(actor=actor, incident=incident, area=area)
        for number in range(DAYS):
            teller.day(first + timedelta(days=number), number)
        duty = teller.who("duty", MORNING)
        assert duty.id is not None
        on_duty = user_by_id(duty.id)
        assert on_duty is not None
        with clock.set_to(_at(MORNING, "07:00")):
            enter_duty(
                actor=duty, incident=incident, body=bodies["hq"], user=on_duty,
                starts_at=_at(MORNING, "08:00"), ends_at=_at(MORNING + timedelta(days=1), "08:00"),
            )  # fmt: skip
