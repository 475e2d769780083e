"""The statements of an import of reports: a table of the transaction, judged and written in sets. Pure text."""

from __future__ import annotations

VALUES = (
    "state", "closed_reason", "roster", "on_post", "capacity", "obstacles", "supply_days", "remark", "extra",
)  # fmt: skip
COLUMNS = ("line", "uscc", "enterprise_id", "managing_area_id", "version_id", "day", *VALUES)

INCOMING = """
CREATE TEMP TABLE incoming_report (
    line integer NOT NULL, uscc text NOT NULL, enterprise_id bigint NOT NULL, managing_area_id bigint NOT NULL,
    version_id bigint NOT NULL, day date NOT NULL, state text NOT NULL, closed_reason text NOT NULL,
    roster integer NOT NULL, on_post integer NOT NULL, capacity numeric(5, 1), obstacles text[] NOT NULL,
    supply_days numeric(5, 1), remark text NOT NULL, extra jsonb NOT NULL
) ON COMMIT DROP
"""
NOT_IN_BUSINESS = """
DELETE FROM incoming_report AS i USING registry_enterprise AS e
WHERE e.id = i.enterprise_id AND (e.closed_on <= i.day OR e.established_on > i.day)
RETURNING i.line, i.uscc, i.day
"""
# The first report of a day. A report that somebody sends meanwhile wins the place and is corrected below. In one order,
# so that two files wait for each other and do not embrace.
INSERT = f"""
INSERT INTO reporting_dailyreport (
    incident_id, enterprise_id, day, managing_area_id, playbook_version_id, {", ".join(VALUES)},
    warning_reason, channel, reported_by_name, reported_by_id, submitted_at, revision, is_late)
SELECT %(incident)s, i.enterprise_id, i.day, i.managing_area_id, i.version_id, {", ".join(f"i.{v}" for v in VALUES)},
    '', %(channel)s, %(name)s, %(actor)s, %(now)s, 1,
    (i.day, i.managing_area_id) IN (SELECT * FROM unnest(%(late_days)s::date[], %(late_areas)s::bigint[]))
FROM incoming_report AS i
ORDER BY i.enterprise_id, i.day
ON CONFLICT (incident_id, enterprise_id, day) DO NOTHING
RETURNING 1
"""  # noqa: S608
# Locked in one order for the same reason, and before anything is read of what stands: nobody corrects it meanwhile.
LOCK = """
SELECT FROM reporting_dailyreport AS r
JOIN incoming_report AS i ON i.enterprise_id = r.enterprise_id AND i.day = r.day
WHERE r.incident_id = %(incident)s
ORDER BY r.id FOR NO KEY UPDATE OF r
"""
CHANGED = f"""
CREATE TEMP TABLE changed_report ON COMMIT DROP AS
SELECT r.id FROM reporting_dailyreport AS r
JOIN incoming_report AS i ON i.enterprise_id = r.enterprise_id AND i.day = r.day
WHERE r.incident_id = %(incident)s
    AND ({", ".join(f"r.{v}" for v in VALUES)}) IS DISTINCT FROM ({", ".join(f"i.{v}" for v in VALUES)})
"""  # noqa: S608
HISTORY = """
INSERT INTO reporting_supersededreport (
    report_id, revision, values, channel, reported_by_id, reported_by_name, submitted_at)
SELECT r.id, r.revision, jsonb_build_object(
        'state', r.state, 'closed_reason', r.closed_reason, 'roster', r.roster, 'on_post', r.on_post,
        'capacity', r.capacity::text, 'obstacles', to_jsonb(r.obstacles), 'supply_days', r.supply_days::text,
        'remark', r.remark, 'extra', r.extra, 'warning_reason', r.warning_reason, 'client_key', r.client_key::text),
    r.channel, r.reported_by_id, r.reported_by_name, r.submitted_at
FROM reporting_dailyreport AS r JOIN changed_report USING (id)
"""
CORRECT = f"""
UPDATE reporting_dailyreport AS r SET
    {", ".join(f"{v} = i.{v}" for v in VALUES)}, playbook_version_id = i.version_id, warning_reason = '',
    channel = %(channel)s, reported_by_name = %(name)s, reported_by_id = %(actor)s, submitted_at = %(now)s,
    seconds_taken = NULL, client_key = NULL, revision = r.revision + 1
FROM incoming_report AS i, changed_report AS c
WHERE c.id = r.id AND i.enterprise_id = r.enterprise_id AND i.day = r.day
"""  # noqa: S608
# A correction counts where its day counted.
AREA_OF_THE_DAY = """
UPDATE incoming_report AS i SET managing_area_id = r.managing_area_id
FROM reporting_dailyreport AS r
WHERE r.incident_id = %(incident)s AND r.enterprise_id = i.enterprise_id AND r.day = i.day
    AND r.managing_area_id <> i.managing_area_id
"""
# A column that the file does not have says nothing: what the enterprise answered stays.
KEPT = {
    "reason": "closed_reason = CASE WHEN i.state = 'closed' THEN r.closed_reason ELSE '' END",
    "capacity": "capacity = r.capacity",
    "obstacles": "obstacles = r.obstacles",
    "supply_days": "supply_days = r.supply_days",
    "remark": "remark = r.remark",
}
CELLS = "SELECT DISTINCT day, managing_area_id FROM incoming_report"
# What the rows would do, before anything is written.
COUNTS = f"""
SELECT count(*), count(r.id), count(r.id) FILTER (
    WHERE ({", ".join(f"r.{v}" for v in VALUES)}) IS DISTINCT FROM ({", ".join(f"i.{v}" for v in VALUES)}))
FROM incoming_report AS i
LEFT JOIN reporting_dailyreport AS r
    ON r.incident_id = %(incident)s AND r.enterprise_id = i.enterprise_id AND r.day = i.day
"""  # noqa: S608
NEW = """
SELECT i.line, i.uscc, e.name, i.day, i.state, i.on_post, i.roster FROM incoming_report AS i
JOIN registry_enterprise AS e ON e.id = i.enterprise_id
WHERE NOT EXISTS (SELECT FROM reporting_dailyreport AS r
    WHERE r.incident_id = %(incident)s AND r.enterprise_id = i.enterprise_id AND r.day = i.day)
ORDER BY i.line LIMIT %(limit)s
"""
SHOWN = ("state", "closed_reason", "roster", "on_post", "capacity", "supply_days", "remark")
CHANGES = f"""
SELECT i.line, i.uscc, e.name, {", ".join(f"r.{v}, i.{v}" for v in SHOWN)} FROM incoming_report AS i
JOIN registry_enterprise AS e ON e.id = i.enterprise_id
JOIN reporting_dailyreport AS r
    ON r.incident_id = %(incident)s AND r.enterprise_id = i.enterprise_id AND r.day = i.day
WHERE ({", ".join(f"r.{v}" for v in VALUES)}) IS DISTINCT FROM ({", ".join(f"i.{v}" for v in VALUES)})
ORDER BY i.line LIMIT %(limit)s
"""  # noqa: S608
# Rows that jump against the last report of the fortnight before. Cheap first: nearly all rows fail the conditions.
JUMPS = """
WITH last AS (
    SELECT DISTINCT ON (r.enterprise_id) r.enterprise_id, r.day, r.roster, r.on_post, r.capacity
    FROM reporting_dailyreport AS r
    WHERE r.incident_id = %(incident)s AND r.day < %(day)s AND r.day >= %(day)s - 14
    ORDER BY r.enterprise_id, r.day DESC
)
SELECT i.line, i.state, i.closed_reason, i.roster, i.on_post, i.capacity, last.roster, last.on_post, last.capacity
FROM incoming_report AS i JOIN last USING (enterprise_id)
WHERE i.day = %(day)s AND (
    i.roster <> last.roster AND abs(i.roster - last.roster) * 100 >= %(roster)s * last.roster
    OR i.on_post <> last.on_post AND abs(i.on_post - last.on_post) * 100 >= %(on_post)s * last.roster
    OR last.capacity - i.capacity >= %(capacity)s AND i.on_post >= last.on_post)
ORDER BY i.line
"""
OF_A_CELL = "SELECT line, uscc, enterprise_id FROM incoming_report WHERE day = %(day)s AND managing_area_id = %(area)s"
# Answers to questions of days and areas, and rows without one: a file that has no column for it leaves what is stored.
ANSWERED = """
SELECT i.line, c.name, i.extra->>c.name FROM incoming_report AS i
JOIN unnest(%(days)s::date[], %(areas)s::bigint[], %(names)s::text[]) AS c (day, area_id, name)
    ON c.day = i.day AND c.area_id = i.managing_area_id
WHERE i.extra ? c.name
"""
UNANSWERED = """
SELECT i.line, c.name, '' FROM incoming_report AS i
JOIN unnest(%(days)s::date[], %(areas)s::bigint[], %(names)s::text[], %(has_columns)s::boolean[])
    AS c (day, area_id, name, has_column) ON c.day = i.day AND c.area_id = i.managing_area_id
LEFT JOIN reporting_dailyreport AS r
    ON r.incident_id = %(incident)s AND r.enterprise_id = i.enterprise_id AND r.day = i.day
WHERE NOT i.extra ? c.name AND (c.has_column OR NOT COALESCE(r.extra, '{}') ? c.name)
"""
REFUSE = "DELETE FROM incoming_report WHERE line = ANY(%(lines)s)"
# What an import wrote and nobody corrected since: of its channel, at its moment.
WRITTEN = """
CREATE TEMP TABLE written_report ON COMMIT DROP AS
SELECT r.id, r.revision, r.day, r.managing_area_id FROM reporting_dailyreport AS r
WHERE r.incident_id = %(incident)s AND r.channel = 'import' AND r.submitted_at = %(written)s
ORDER BY r.id FOR NO KEY UPDATE
"""
CORRECTED_SINCE = """
SELECT count(*) FROM reporting_supersededreport AS s JOIN reporting_dailyreport AS r ON r.id = s.report_id
WHERE r.incident_id = %(incident)s AND s.channel = 'import' AND s.submitted_at = %(written)s
"""
KEEP_UNDONE = HISTORY.replace("changed_report", "written_report").rstrip() + " WHERE written_report.revision > 1\n"
# The values before the import, as a correction of it: what stood in between stays in the history.
RESTORE = """
UPDATE reporting_dailyreport AS r SET
    state = s.values->>'state', closed_reason = s.values->>'closed_reason', roster = (s.values->>'roster')::integer,
    on_post = (s.values->>'on_post')::integer, capacity = (s.values->>'capacity')::numeric,
    obstacles = ARRAY(SELECT jsonb_array_elements_text(s.values->'obstacles')),
    supply_days = (s.values->>'supply_days')::numeric, remark = s.values->>'remark', extra = s.values->'extra',
    warning_reason = s.values->>'warning_reason', client_key = (s.values->>'client_key')::uuid,
    channel = s.channel, reported_by_id = s.reported_by_id, reported_by_name = s.reported_by_name,
    submitted_at = s.submitted_at, seconds_taken = NULL, revision = w.revision + 1
FROM written_report AS w
JOIN reporting_supersededreport AS s ON s.report_id = w.id AND s.revision = w.revision - 1
WHERE r.id = w.id AND w.revision > 1
"""
REMOVE = "DELETE FROM reporting_dailyreport AS r USING written_report AS w WHERE r.id = w.id AND w.revision = 1"
CELLS_WRITTEN = "SELECT DISTINCT day, managing_area_id FROM written_report"
