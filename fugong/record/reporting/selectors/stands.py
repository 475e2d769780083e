"""What stands when a report comes: read by one statement, because every report asks for all of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fugong.core import clock
from fugong.core.bulk import one_row, rows_from_json
from fugong.record.incidents.models import Incident
from fugong.record.registry.models import Enterprise
from fugong.record.reporting.models import DailyReport, DayLock, LockException
from fugong.record.reporting.selectors.locks import DayRules

_STANDS = """
SELECT
    (SELECT jsonb_agg(to_jsonb(r) ORDER BY r.day DESC) FROM (
        SELECT * FROM reporting_dailyreport
        WHERE incident_id = %(incident)s AND enterprise_id = %(enterprise)s AND day <= %(day)s
        ORDER BY day DESC LIMIT 2) AS r),
    (SELECT jsonb_agg(to_jsonb(l)) FROM reporting_daylock AS l
        WHERE l.incident_id = %(incident)s AND l.day = %(day)s),
    (SELECT jsonb_agg(to_jsonb(x)) FROM reporting_lockexception AS x
        WHERE x.incident_id = %(incident)s AND x.day = %(day)s AND x.until > %(now)s)
"""


@dataclass(frozen=True, slots=True)
class Stands:
    """The report of the day, the last one before it, and what is locked or opened on the day."""

    report: DailyReport | None
    before: DailyReport | None
    rules: DayRules


def stands_on(incident: Incident, enterprise: Enterprise, day: date) -> Stands:
    """Of an enterprise that the caller has found through its viewer. One query."""
    now = clock.now()
    asked = {"incident": incident.pk, "enterprise": enterprise.pk, "day": day, "now": now}
    reports, locks, exceptions = one_row(_STANDS, asked)
    found = list(rows_from_json(DailyReport, reports))
    todays = found.pop(0) if found and found[0].day == day else None
    opened = rows_from_json(LockException, exceptions)
    rules = DayRules(incident, now, rows_from_json(DayLock, locks), lambda: opened)
    return Stands(todays, found[0] if found else None, rules)
