from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fugong.base.audit.actions import record
from fugong.base.spreadsheets.logic.issues import Fault, Issue
from fugong.base.spreadsheets.logic.outcome import ImportOutcome
from fugong.base.spreadsheets.logic.reader import Table, UnreadableFile, read_table
from fugong.core import clock
from fugong.core.bulk import all_rows, copy_rows, execute
from fugong.core.events import announce
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident, PlaybookVersion
from fugong.record.incidents.selectors import playbook_on, playbooks_of
from fugong.record.registry.selectors.enterprises import places_within
from fugong.record.reporting import permissions
from fugong.record.reporting.enums import Channel
from fugong.record.reporting.events import ReportsImported
from fugong.record.reporting.logic.columns import recognise, score
from fugong.record.reporting.logic.rows import ReportContext, ReportRows
from fugong.record.reporting.logic.section import ReportSection, rules_of

_VALUES = (
    "state", "closed_reason", "roster", "on_post", "capacity", "obstacles", "supply_days", "remark", "extra",
)  # fmt: skip
_COLUMNS = ("line", "uscc", "enterprise_id", "managing_area_id", "version_id", "day", *_VALUES)

_INCOMING = """
CREATE TEMP TABLE incoming_report (
    line integer NOT NULL, uscc text NOT NULL, enterprise_id bigint NOT NULL, managing_area_id bigint NOT NULL,
    version_id bigint NOT NULL, day date NOT NULL, state text NOT NULL, closed_reason text NOT NULL,
    roster integer NOT NULL, on_post integer NOT NULL, capacity numeric(5, 1), obstacles text[] NOT NULL,
    supply_days numeric(5, 1), remark text NOT NULL, extra jsonb NOT NULL
) ON COMMIT DROP
"""
_NOT_IN_BUSINESS = """
DELETE FROM incoming_report AS i USING registry_enterprise AS e
WHERE e.id = i.enterprise_id AND (e.closed_on <= i.day OR e.established_on > i.day)
RETURNING i.line, i.uscc, i.day
"""
# The first report of a day. A report that somebody sends meanwhile wins the place and is corrected below. In one order,
# so that two files wait for each other and do not embrace.
_INSERT = f"""
INSERT INTO reporting_dailyreport (
    incident_id, enterprise_id, day, managing_area_id, playbook_version_id, {", ".join(_VALUES)},
    warning_reason, channel, reported_by_name, reported_by_id, submitted_at, revision)
SELECT %(incident)s, i.enterprise_id, i.day, i.managing_area_id, i.version_id, {", ".join(f"i.{v}" for v in _VALUES)},
    '', %(channel)s, %(name)s, %(actor)s, %(now)s, 1
FROM incoming_report AS i
ORDER BY i.enterprise_id, i.day
ON CONFLICT (incident_id, enterprise_id, day) DO NOTHING
RETURNING 1
"""  # noqa: S608
# Locked in one order for the same reason, and before anything is read of what stands: nobody corrects it meanwhile.
_LOCK = """
SELECT FROM reporting_dailyreport AS r
JOIN incoming_report AS i ON i.enterprise_id = r.enterprise_id AND i.day = r.day
WHERE r.incident_id = %(incident)s
ORDER BY r.id FOR NO KEY UPDATE OF r
"""
_CHANGED = f"""
CREATE TEMP TABLE changed_report ON COMMIT DROP AS
SELECT r.id FROM reporting_dailyreport AS r
JOIN incoming_report AS i ON i.enterprise_id = r.enterprise_id AND i.day = r.day
WHERE r.incident_id = %(incident)s
    AND ({", ".join(f"r.{v}" for v in _VALUES)}) IS DISTINCT FROM ({", ".join(f"i.{v}" for v in _VALUES)})
"""  # noqa: S608
_HISTORY = """
INSERT INTO reporting_supersededreport (
    report_id, revision, values, channel, reported_by_id, reported_by_name, submitted_at)
SELECT r.id, r.revision, jsonb_build_object(
        'state', r.state, 'closed_reason', r.closed_reason, 'roster', r.roster, 'on_post', r.on_post,
        'capacity', r.capacity::text, 'obstacles', to_jsonb(r.obstacles), 'supply_days', r.supply_days::text,
        'remark', r.remark, 'extra', r.extra, 'warning_reason', r.warning_reason, 'client_key', r.client_key::text),
    r.channel, r.reported_by_id, r.reported_by_name, r.submitted_at
FROM reporting_dailyreport AS r JOIN changed_report USING (id)
"""
_CORRECT = f"""
UPDATE reporting_dailyreport AS r SET
    {", ".join(f"{v} = i.{v}" for v in _VALUES)}, playbook_version_id = i.version_id, warning_reason = '',
    channel = %(channel)s, reported_by_name = %(name)s, reported_by_id = %(actor)s, submitted_at = %(now)s,
    seconds_taken = NULL, client_key = NULL, revision = r.revision + 1
FROM incoming_report AS i, changed_report AS c
WHERE c.id = r.id AND i.enterprise_id = r.enterprise_id AND i.day = r.day
"""  # noqa: S608
# A correction counts where its day counted.
_AREA_OF_THE_DAY = """
UPDATE incoming_report AS i SET managing_area_id = r.managing_area_id
FROM reporting_dailyreport AS r
WHERE r.incident_id = %(incident)s AND r.enterprise_id = i.enterprise_id AND r.day = i.day
    AND r.managing_area_id <> i.managing_area_id
"""
# A column that the file does not have says nothing: what the enterprise answered stays.
_KEPT = {
    "reason": "closed_reason = CASE WHEN i.state = 'closed' THEN r.closed_reason ELSE '' END",
    "capacity": "capacity = r.capacity",
    "obstacles": "obstacles = r.obstacles",
    "supply_days": "supply_days = r.supply_days",
    "remark": "remark = r.remark",
}
_CELLS = "SELECT DISTINCT day, managing_area_id FROM incoming_report"


# Credit code → enterprise id and managing area id.
Places = dict[str, tuple[int, int]]


def _parser(incident: Incident, table: Table, places: Places) -> tuple[ReportRows, Collection[str]]:
    section = ReportSection(playbook_on(incident, clock.today()).content["report"])
    items = {item["name"]: tuple(item["label"].values()) for item in section.items}
    columns = recognise(table.header, items=items)
    if columns.missing:
        raise UnreadableFile(
            _("No column for %(fields)s was found. Needed: uscc, day, state, roster, on_post.")
            % {"fields": ", ".join(columns.missing)}
        )
    context = ReportContext(
        enterprises=places,
        rules=rules_of(section),
        first_day=incident.started_on,
        last_day=min(clock.today(), incident.ended_on or clock.today()),
        reasons=section.spellings("closed_reasons"),
        obstacles=section.spellings("obstacles"),
        items={item["name"]: item["type"] for item in section.items},
    )
    return ReportRows(columns, context), columns.found


def _accepted(
    table: Table,
    parser: ReportRows,
    outcome: ImportOutcome,
    places: Places,
    playbook_of: Callable[[date], PlaybookVersion],
) -> Iterator[tuple[Any, ...]]:
    """The rows to write; what is refused or doubtful goes into the outcome on the way."""
    parse = parser.parse
    for line, cells in table.rows():
        outcome.read += 1
        report, refusals, warnings = parse(line, cells)
        if report is None:
            outcome.refused += refusals
            continue
        outcome.warnings += warnings
        day, values = report.day, report.values
        enterprise_id, area_id = places[report.uscc]
        yield (
            line, report.uscc, enterprise_id, area_id, playbook_of(day).pk, day, values.state, values.closed_reason,
            values.roster, values.on_post, values.capacity, list(values.obstacles), values.supply_days, values.remark,
            json.dumps(values.extra, ensure_ascii=False) if values.extra else "{}",
        )  # fmt: skip


def _refuse_out_of_business(outcome: ImportOutcome, column: str) -> None:
    issues = []
    for line, code, day in all_rows(_NOT_IN_BUSINESS):
        fault = Fault(
            _("The enterprise was not in business on %(day)s") % {"day": day.isoformat()},
            _("Correct the day, or the dates of the enterprise in the register"),
        )
        issues.append(Issue.of(line, column, code, fault))
    outcome.refuse_late(issues)


@transaction.atomic
def import_reports(*, actor: Viewer, incident: Incident, path: Path) -> ImportOutcome:
    """Bring in reports from .xlsx, .xls or .csv: the accepted rows all or none, the refused ones named.

    A row that says the same as the stored report changes nothing; one that says something else corrects it and keeps
    what stood before. Raises `UnreadableFile` when nothing can be read, `Denied` without the right.
    """
    permissions.can_import_reports(actor).require()
    table = read_table(path, score=score)
    outcome = ImportOutcome()
    places = places_within(actor, incident.area.path)
    parser, columns = _parser(incident, table, places)
    # Everything the rows need is read before: while COPY holds the connection no query can run.
    rows = _accepted(table, parser, outcome, places, playbooks_of(incident))
    execute(_INCOMING)
    copy_rows("incoming_report", _COLUMNS, rows)
    execute("ANALYZE incoming_report")
    _refuse_out_of_business(outcome, parser.label("uscc"))
    _write(actor, incident, outcome, columns)
    cells = frozenset(all_rows(_CELLS))
    execute("DROP TABLE incoming_report")
    _put_on_record(actor, incident, path, outcome)
    announce(ReportsImported(incident.pk, cells))
    return outcome


def _write(actor: Viewer, incident: Incident, outcome: ImportOutcome, columns: Collection[str]) -> None:
    """New rows first; where a report stands already, keep it in the history if the file says something else."""
    stamp = {
        "incident": incident.pk,
        "channel": Channel.IMPORT.value,
        "name": actor.name,
        "actor": actor.id,
        "now": clock.now(),
    }
    accepted = outcome.read - outcome.refused_rows
    outcome.new = execute(_INSERT, stamp)
    if outcome.new == accepted:
        return
    # The planner's statistics do not know the rows just written; a nested loop over them was seen to run for minutes.
    execute("SET LOCAL enable_nestloop = off")
    execute(_LOCK, stamp)
    _keep_unasked(incident, columns)
    outcome.changed = execute(_CHANGED, stamp)
    outcome.same = accepted - outcome.new - outcome.changed
    execute(_HISTORY)
    execute(_CORRECT, stamp)
    execute(_AREA_OF_THE_DAY, stamp)
    execute("SET LOCAL enable_nestloop = on")
    execute("DROP TABLE changed_report")


def _keep_unasked(incident: Incident, columns: Collection[str]) -> None:
    """Give the rows the stored values of the fields that the file has no column for."""
    kept = [sql for field, sql in _KEPT.items() if field not in columns]
    execute(
        f"""UPDATE incoming_report AS i SET {", ".join([*kept, "extra = r.extra || i.extra"])}
        FROM reporting_dailyreport AS r
        WHERE r.incident_id = %(incident)s AND r.enterprise_id = i.enterprise_id AND r.day = i.day""",  # noqa: S608
        {"incident": incident.pk},
    )


def _put_on_record(actor: Viewer, incident: Incident, path: Path, outcome: ImportOutcome) -> None:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    record(
        actor=actor,
        verb="reporting.report.imported",
        subject=f"incidents.incident:{incident.pk}",
        detail={
            "file": path.name,
            "sha256": digest,
            "read": outcome.read,
            "new": outcome.new,
            "changed": outcome.changed,
            "refused": outcome.refused_rows,
        },
    )
