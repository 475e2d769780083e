"""What holds for the days of an incident, read together: each report asks for all of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from fugong.core.bulk import Read, read_json, rows_from_json
from fugong.core.memo import once_per_request, remember
from fugong.record.incidents.models import Incident
from fugong.record.incidents.selectors import OPEN_IDS
from fugong.record.reporting.models import AreaItem, DueTime

_BOOKS = """
SELECT jsonb_build_array(
    (SELECT jsonb_agg(to_jsonb(t) ORDER BY t.valid_from DESC) FROM reporting_duetime AS t
        WHERE t.incident_id IN ({incidents})),
    (SELECT jsonb_agg(to_jsonb(i) ORDER BY i.valid_from, i.id) FROM reporting_areaitem AS i
        WHERE i.incident_id IN ({incidents})))
"""


@dataclass(frozen=True, slots=True)
class Book:
    """Due times, the latest first; the questions of areas, the earliest first."""

    due_times: tuple[DueTime, ...]
    items: tuple[AreaItem, ...]


Books = dict[int, Book]
_NOTHING = Book((), ())


def _by_incident(found: Any) -> Books:
    read = read_json(found)
    due_times, items = rows_from_json(DueTime, read[0]), rows_from_json(AreaItem, read[1])
    return {
        pk: Book(
            tuple(row for row in due_times if row.incident_id == pk),
            tuple(row for row in items if row.incident_id == pk),
        )
        for pk in {row.incident_id for row in due_times} | {row.incident_id for row in items}
    }


@once_per_request
def _book(incident_id: int) -> Book:
    sql = _BOOKS.format(incidents="%(reporting_incident)s")
    return Read(sql, {"reporting_incident": incident_id}, _by_incident).alone().get(incident_id, _NOTHING)


def book_of(incident: Incident) -> Book:
    """The book of an incident that the caller has found through its viewer. One query."""
    return _book(incident.pk)


def read_books(day: date) -> Read[Books]:
    """The books of the incidents open on a day, to be asked together with these (`incidents.selectors.read_open`)."""
    return Read(_BOOKS.format(incidents=OPEN_IDS), {"incidents_day": day}, _by_incident)


def keep_books(incidents: Iterable[Incident], books: Books) -> None:
    """What `book_of` answers for these incidents from now on in this request."""
    for incident in incidents:
        remember(_book, books.get(incident.pk, _NOTHING), incident.pk)
