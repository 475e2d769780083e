"""What holds for the days of an incident, read together: each report asks for all of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Model

from fugong.core.bulk import one_row
from fugong.core.memo import once_per_request
from fugong.record.incidents.models import Incident
from fugong.record.reporting.models import AreaItem, DueTime

M = TypeVar("M", bound=Model)
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
    return Book(_rows(DueTime, due_times), _rows(AreaItem, items))


def book_of(incident: Incident) -> Book:
    """The book of an incident that the caller has found through its viewer. One query."""
    return _book(incident.pk)


def _rows(model: type[M], found: Any) -> tuple[M, ...]:
    """Rows as the database writes them in JSON."""
    rows = json.loads(found) if isinstance(found, str) else found or []
    fields = model._meta.concrete_fields
    return tuple(
        model.from_db(None, [f.attname for f in fields], [f.to_python(row[f.column]) for f in fields]) for row in rows
    )
