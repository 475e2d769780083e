"""States, ends and transition tables of the desk: data."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RequestState(TextChoices):
    RECEIVED = "received", _("received")
    IN_WORK = "in_work", _("in work")
    ANSWERED = "answered", _("waiting for the enterprise’s word")
    WATCHING = "watching", _("watching whether it moves")
    ENDED = "ended", _("ended")


# From which states a request may go where. Everything open may end: withdrawn, unreachable, a duplicate.
TRANSITIONS = {
    RequestState.RECEIVED: {RequestState.IN_WORK, RequestState.ANSWERED, RequestState.ENDED},
    RequestState.IN_WORK: {RequestState.RECEIVED, RequestState.ANSWERED, RequestState.ENDED},
    RequestState.ANSWERED: {RequestState.RECEIVED, RequestState.IN_WORK, RequestState.WATCHING, RequestState.ENDED},
    RequestState.WATCHING: {RequestState.RECEIVED, RequestState.ENDED},
    RequestState.ENDED: {RequestState.RECEIVED},
}
# The clock of the promises runs in these.
RUNNING = (RequestState.RECEIVED, RequestState.IN_WORK)
OPEN = tuple(state for state in RequestState if state != RequestState.ENDED)


class RequestEnd(TextChoices):
    """How it ended, honestly: only the first one counts as solved, and none of the others as a fault."""

    SOLVED = "solved", _("solved")
    NO_HELP = "no_help", _("no help exists")
    UNREACHABLE = "unreachable", _("enterprise not reachable")
    WITHDRAWN = "withdrawn", _("withdrawn by the enterprise")
    DUPLICATE = "duplicate", _("duplicate of another request")
    ELSEWHERE = "elsewhere", _("another body’s, outside this desk")


class Channel(TextChoices):
    REPORT = "report", _("daily report")
    PHONE_PAGE = "page", _("enterprise’s own page")
    HOTLINE = "hotline", _("hotline")
    OFFICIAL = "official", _("entered by an official")
    API = "api", _("interface")
    FILE = "file", _("file")


class PartState(TextChoices):
    TO_DO = "to_do", _("not begun")
    IN_WORK = "in_work", _("in work")
    DONE = "done", _("done")
    REFUSED = "refused", _("not theirs")


class Promise(TextChoices):
    """What is promised, in the order in which it falls due."""

    CONTACT = "contact", _("first contact")
    PLAN = "plan", _("plan")
    CLOSE = "close", _("answer")


class Unit(TextChoices):
    SERVICE_MINUTES = "service_minutes", _("minutes of service")
    WORKING_DAYS = "working_days", _("working days")


class ClockState(TextChoices):
    ON_TRACK = "on_track", _("on track")
    AT_RISK = "at_risk", _("at risk")
    BREACHED = "breached", _("overdue")
    PAUSED = "paused", _("paused")
    STOPPED = "stopped", _("stopped")


class Reminder(TextChoices):
    """Why the right person is told, once, in the service hours of the body."""

    AT_RISK = "at_risk", _("a promise is at risk")
    ESCALATED = "escalated", _("it came one level up to you")
    HANDED_OVER = "handed_over", _("it was handed over to you")


class EntryKind(TextChoices):
    """What happened, as the timeline tells it."""

    OPENED = "opened", _("opened")
    REPEATED = "repeated", _("said again in the daily report")
    ROUTED = "routed", _("given to a body")
    OFFERED = "offered", _("offered to another body")
    DECLINED = "declined", _("not theirs")
    ACCEPTED = "accepted", _("taken on")
    ASSIGNED = "assigned", _("given to a person")
    HANDED_OVER = "handed_over", _("handed over: the person is away")
    CONTACTED = "contacted", _("enterprise contacted")
    TRIED = "tried", _("tried to reach the enterprise")
    PLANNED = "planned", _("plan made")
    NOTED = "noted", _("progress")
    ASKED = "asked", _("word of the enterprise")
    PAUSED = "paused", _("clock paused")
    RESUMED = "resumed", _("clock runs again")
    PART_ASKED = "part_asked", _("part asked of a body")
    PART_CHANGED = "part_changed", _("part moved on")
    GREENED = "greened", _("green channel")
    REMINDED = "reminded", _("reminded of what falls due")
    ESCALATED = "escalated", _("went one level up")
    ANSWERED = "answered", _("answered")
    CONFIRMED = "confirmed", _("enterprise says it is solved")
    DENIED = "denied", _("enterprise says it is not solved")
    MOVED = "moved", _("its reports moved")
    NOT_MOVED = "not_moved", _("its reports did not move")
    REOPENED = "reopened", _("opened again")
    JOINED = "joined", _("put under a root problem")
    LEFT = "left", _("taken from its root problem")
    ENDED = "ended", _("ended")
    RATED = "rated", _("rated")


# What the enterprise does not read: the inner affairs of offices.
INTERNAL = frozenset(
    {
        EntryKind.ASSIGNED,
        EntryKind.HANDED_OVER,
        EntryKind.DECLINED,
        EntryKind.OFFERED,
        EntryKind.RATED,
        EntryKind.REMINDED,
    }
)


class Usefulness(TextChoices):
    """What came of it, in the enterprise's words."""

    SOLVED = "solved", _("It is solved")
    PARTLY = "partly", _("It helped in part")
    INFORMED = "informed", _("I know now what holds")
    NOTHING = "nothing", _("Nothing came of it")
