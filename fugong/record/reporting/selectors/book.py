"""What holds for the days of an incident, read together: each report asks for all of it."""

from __future__ import annotations

from dataclasses import dataclass

from fugong.core.bulk import one_row, rows_from_json
from fugong.core.memo import once_per_request
from fugong.record.incidents.models import Incident
from fugong.record.reporting.models import AreaItem, DueTime

_BOOK = """
SELECT
    (SELECT jsonb_agg(to_jsonb(t) ORDER BY t.valid_from DESC) FROM reporting_duetime AS t
        WHERE t.incident_id = %(incident)s),
    (SELECT jsonb_agg(to_jsonb(i) ORDER BY i.valid_from, i.id) FROM reporting_areaitem AS i
        WHERE i.incident_id = %(incident)s)
"""


@dataclass(frozen=True, slots=True)
class Book:
    """Due times, the latest first; the questions of areas, the earliest first."""

    due_times: tuple[DueTime, ...]
    items: tuple[AreaItem, ...]


@once_per_request
def _book(incident_id: int) -> Book:
    due_times, items = one_row(_BOOK, {"incident": incident_id})
    return Book(rows_from_json(DueTime, due_times), rows_from_json(AreaItem, items))


def book_of(incident: Incident) -> Book:
    """The book of an incident that the caller has found through its viewer. One query."""
    return _book(incident.pk)
