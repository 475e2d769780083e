from fugong.record.desk.models.history import Entry, Part, Pause, Rating
from fugong.record.desk.models.request import DayCount, Request
from fugong.record.desk.models.root import RootProblem
from fugong.record.desk.models.routing import RouteRule, ServiceHours

__all__ = ["DayCount", "Entry", "Part", "Pause", "Rating", "Request", "RootProblem", "RouteRule", "ServiceHours"]
