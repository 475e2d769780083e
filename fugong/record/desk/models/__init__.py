from fugong.record.desk.models.away import Away
from fugong.record.desk.models.history import Entry, Part, Pause, Rating, Round
from fugong.record.desk.models.request import DayCount, Request
from fugong.record.desk.models.root import RootProblem
from fugong.record.desk.models.routing import RouteRule, ServiceHours

__all__ = [
    "Away",
    "DayCount",
    "Entry",
    "Part",
    "Pause",
    "Rating",
    "Request",
    "RootProblem",
    "Round",
    "RouteRule",
    "ServiceHours",
]
