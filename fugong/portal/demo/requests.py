"""What the enterprises of the demonstration city have asked for: requests of every state and end, told day by day.

Every step is the action that a person would take, by that person, at that hour; only the clock is set back for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation

from fugong.base.accounts.models import Body
from fugong.base.accounts.selectors import user_named, viewer_for
from fugong.base.areas.selectors import AreaTree
from fugong.core import clock
from fugong.core.viewer import Viewer, service_viewer
from fugong.portal.demo.plan import FIRST_DAY, MORNING
from fugong.portal.demo.stories import MASKS, MORE, STORIES, Story
from fugong.record.desk.actions import ending, roots, working
from fugong.record.desk.actions.opening import Asked, open_request
from fugong.record.desk.actions.routing import set_route
from fugong.record.desk.enums import Channel
from fugong.record.desk.models import Request
from fugong.record.incidents.models import Incident
from fugong.record.registry.models import Enterprise

_ROOT_SIZE = 60
_DESK = service_viewer("desk")

# Category of the playbook, area, body that takes it.
_ROUTES = (
    ("staff", "371500", "hr"),
    ("staff", "371522", "county-hr"),
    ("logistics", "371500", "transport"),
    ("money", "371500", "finance"),
    ("materials", "371500", "bureau"),
    ("materials", "371522", "county"),
    ("", "371500", "bureau"),
    ("", "371522", "county"),
)


def _moment(text: str) -> datetime:
    """An hour of the place: `03-16 09:20`."""
    return datetime.fromisoformat(f"{MORNING.year}-{text}").replace(tzinfo=ZoneInfo(settings.TIME_ZONE))


class Teller:
    """Tells the stories: knows the people, the bodies and the ten enterprises."""

    def __init__(self, actor: Viewer, incident: Incident, bodies: Mapping[str, Body]) -> None:
        self.actor, self.incident, self.bodies = actor, incident, bodies

    def who(self, username: str, day: str) -> Viewer:
        """The person behind a login on a day; the desk itself for none."""
        if not username:
            return _DESK
        user = user_named(username)
        assert user is not None
        return viewer_for(user, clock.day_from(f"{MORNING.year}-{day[:5]}"))

    def tell(self, enterprise: Enterprise, story: Story) -> Request:
        """One story from its opening to where it stands on the morning."""
        with clock.set_to(_moment(story.when)):
            by_operator = story.channel == Channel.HOTLINE
            asked = Asked(
                category=story.category,
                title=story.title,
                text=story.text,
                detail=story.detail,
                people_waiting=story.people,
                channel=story.channel,
                asked_by_name="企业来电" if by_operator else "",
                first_contact=self.bodies["hotline"] if by_operator else None,
            )
            who = self.who(story.by, story.when)
            request = open_request(actor=who, incident=self.incident, enterprise=enterprise, asked=asked)
        for when, username, act in story.steps:
            with clock.set_to(_moment(when)):
                act(actor=self.who(username, when), request=Request.objects.get(pk=request.pk))
        return request


def tell_requests(
    *, actor: Viewer, tree: AreaTree, incident: Incident, bodies: Mapping[str, Body],
    ten: Sequence[Enterprise | None], waiting: Sequence[Enterprise],
) -> None:  # fmt: skip
    """Routes, the stories of ten enterprises, and a root problem that carries `waiting`.

    The first of the ten is one whose people on post rose, the second one whose did not; None where the city has none.
    """
    with translation.override("zh-hans"):
        with clock.set_to(_moment("02-12 09:00")):
            for category, code, body in _ROUTES:
                area = tree.by_code(code)
                assert area is not None
                set_route(
                    actor=actor,
                    incident=incident,
                    area=area,
                    category=category,
                    body=bodies[body],
                    valid_from=FIRST_DAY,
                )
        teller = Teller(actor, incident, bodies)
        for enterprise, story in zip(ten, STORIES, strict=True):
            if enterprise is not None:
                teller.tell(enterprise, story)
        others = [enterprise for enterprise in ten[2:] if enterprise is not None]
        for enterprise, story in zip(others, MORE, strict=False):
            teller.tell(enterprise, story)
        _repeat(teller, incident)
        _upstream(teller, waiting)


def _repeat(teller: Teller, incident: Incident) -> None:
    """An enterprise that asked for masks calls again: a duplicate of its first."""
    first = Request.objects.filter(incident=incident, category=MASKS.category).order_by("pk").first()
    if first is None:
        return
    repeated = teller.tell(first.enterprise, MASKS)
    with clock.set_to(_moment("03-23 10:10")):
        working.accept_request(actor=teller.who("county-clerk", "03-23"), request=repeated)
        repeated.refresh_from_db()
    with clock.set_to(_moment("03-23 10:20")):
        ending.end_as_duplicate(actor=teller.who("county-clerk", "03-23"), request=repeated, of=first)


def _upstream(teller: Teller, waiting: Sequence[Enterprise]) -> None:
    """One supplier outside the province stands still, and sixty wait for it."""
    clerk = teller.who("clerk", "03-19")
    gathered = []
    for number, enterprise in enumerate(waiting[:_ROOT_SIZE]):
        with clock.set_to(_moment(f"03-{19 + number // 20} {9 + number % 8:02d}:{(number * 7) % 60:02d}")):
            asked = Asked(
                category="materials-supply",
                title="树脂断供",
                text="外省树脂厂停产，库存只够三五天。",
                people_waiting=12 + (number * 37) % 90,
                channel=Channel.OFFICIAL,
                asked_by_name="企业来电",
            )
            gathered.append(open_request(actor=clerk, incident=teller.incident, enterprise=enterprise, asked=asked))
    for request in gathered:
        with clock.set_to(_moment(f"{clock.local(request.opened_at):%m-%d} 16:50")):
            working.note_contact(actor=clerk, request=request, reached=True, text="已记录库存天数和用量。")
    for request in gathered:
        with clock.set_to(_moment("03-20 17:00" if request.number < "20200320" else "03-21 17:00")):
            working.make_plan(
                actor=clerk, request=request, text="由市里统一向外省厂家和替代厂家协调，有货先保规上和防疫企业。"
            )
    with clock.set_to(_moment("03-21 18:20")):
        commander = teller.who("commander", "03-21")
        root = roots.name_root(
            actor=commander,
            incident=teller.incident,
            title="外省树脂厂停产，全市树脂断供",
            body=teller.bodies["bureau"],
        )
        roots.join_root(actor=commander, root=root, requests=gathered)
