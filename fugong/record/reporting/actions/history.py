"""Taking over reports that were received elsewhere, with the hour and the way they came, and their corrections."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from django.db import models, transaction

from fugong.base.audit.actions import record
from fugong.core.bulk import copy_rows, execute
from fugong.core.events import announce
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident
from fugong.record.incidents.selectors import playbooks_of
from fugong.record.reporting import permissions
from fugong.record.reporting.events import ReportsImported
from fugong.record.reporting.models import DailyReport


@dataclass(frozen=True, slots=True)
class ReceivedReport:
    """A report as it stood in the books it comes from; `first_on_post`: what it said before its one correction."""

    enterprise_id: int
    area_id: int
    day: date
    state: str
    roster: int
    on_post: int
    channel: str
    reported_by_name: str
    submitted_at: datetime
    closed_reason: str = ""
    capacity: Decimal | int | None = None
    obstacles: list[str] = field(default_factory=list)
    supply_days: Decimal | int | None = None
    extra: dict[str, Any] = field(default_factory=dict)
    seconds_taken: int | None = None
    first_on_post: int | None = None
    first_at: datetime | None = None


_HISTORY = """
INSERT INTO reporting_supersededreport (
    report_id, revision, values, channel, reported_by_name, submitted_at)
SELECT r.id, 1, jsonb_build_object(
        'state', r.state, 'closed_reason', r.closed_reason, 'roster', r.roster, 'on_post', c.on_post,
        'capacity', r.capacity::text, 'obstacles', to_jsonb(r.obstacles), 'supply_days', r.supply_days::text,
        'remark', r.remark, 'extra', r.extra, 'warning_reason', '', 'client_key', NULL),
    r.channel, r.reported_by_name, c.submitted_at
FROM received_correction AS c
JOIN reporting_dailyreport AS r USING (enterprise_id, day)
WHERE r.incident_id = %(incident)s
"""


@transaction.atomic
def take_over_history(*, actor: Viewer, incident: Incident, reports: Iterable[ReceivedReport], source: str) -> int:
    """Bring in the books of another system: reports with the time and way they came; returns how many.

    Nobody may have reported these days here: a day that stands already breaks the constraint and nothing is written.
    `source` says where the books come from. The trail keeps a hash over all rows. Memory grows with their corrections.
    """
    permissions.can_take_over_history(actor).require()
    columns = [column for column in DailyReport._meta.concrete_fields if not column.primary_key]
    taken = _Taken(incident, columns)
    copy_rows(DailyReport._meta.db_table, [str(column.column) for column in columns], taken.rows(reports))
    _keep_corrections(incident, taken.corrections)
    record(
        actor=actor,
        verb="reporting.report.history_taken_over",
        subject=f"incidents.incident:{incident.pk}",
        area_id=incident.area_id,
        detail={
            "source": source,
            "sha256": taken.digest.hexdigest(),
            "new": taken.count,
            "corrections": len(taken.corrections),
        },
    )
    announce(ReportsImported(incident.pk, frozenset(taken.cells)))
    return taken.count


class _Taken:
    """The rows on their way into the table, and what is remembered of them."""

    def __init__(self, incident: Incident, columns: list[Any]) -> None:
        self._incident, self._columns = incident, columns
        version_of = playbooks_of(incident)
        self._version_id = cache(lambda day: version_of(day).pk)
        self.count = 0
        self.cells: set[tuple[date, int]] = set()
        self.corrections: list[tuple[int, date, int, datetime]] = []
        self.digest = hashlib.sha256()

    def rows(self, reports: Iterable[ReceivedReport]) -> Iterator[tuple[Any, ...]]:
        # A column that a report says nothing of takes the model's own default.
        defaults = [_stored(column, column.get_default()) for column in self._columns]
        names = [column.attname for column in self._columns]
        for one in reports:
            self.count += 1
            self.cells.add((one.day, one.area_id))
            corrected = one.first_on_post is not None
            if one.first_on_post is not None and one.first_at is not None:
                self.corrections.append((one.enterprise_id, one.day, one.first_on_post, one.first_at))
            said = self._values(one, revision=2 if corrected else 1)
            row = (*map(said.get, names, defaults),)
            self.digest.update(repr(row).encode())
            yield row

    def _values(self, one: ReceivedReport, revision: int) -> dict[str, Any]:
        return {
            "incident_id": self._incident.pk,
            "enterprise_id": one.enterprise_id,
            "day": one.day,
            "managing_area_id": one.area_id,
            "playbook_version_id": self._version_id(one.day),
            "state": one.state,
            "closed_reason": one.closed_reason,
            "roster": one.roster,
            "on_post": one.on_post,
            "capacity": one.capacity,
            "obstacles": one.obstacles,
            "supply_days": one.supply_days,
            "extra": json.dumps(one.extra) if one.extra else "{}",
            "channel": one.channel,
            "reported_by_name": one.reported_by_name,
            "submitted_at": one.submitted_at,
            "seconds_taken": one.seconds_taken,
            "revision": revision,
        }


def _stored(column: Any, default: Any) -> Any:
    return json.dumps(default) if isinstance(column, models.JSONField) and default is not None else default


def _keep_corrections(incident: Incident, corrections: list[tuple[int, date, int, datetime]]) -> None:
    if not corrections:
        return
    execute(
        "CREATE TEMP TABLE received_correction ("
        "enterprise_id bigint NOT NULL, day date NOT NULL, on_post integer NOT NULL, submitted_at timestamptz NOT NULL"
        ") ON COMMIT DROP"
    )
    copy_rows("received_correction", ("enterprise_id", "day", "on_post", "submitted_at"), corrections)
    execute("ANALYZE received_correction")
    execute(_HISTORY, {"incident": incident.pk})
    execute("DROP TABLE received_correction")
