from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fugong.base.areas.models import Area
from fugong.base.areas.selectors import area_tree
from fugong.base.audit.actions import record
from fugong.base.spreadsheets.logic.issues import Fault, Issue
from fugong.base.spreadsheets.logic.outcome import ImportOutcome
from fugong.base.spreadsheets.logic.reader import Table, UnreadableFile, read_table
from fugong.core import clock
from fugong.core.bulk import all_rows, copy_rows, execute
from fugong.core.viewer import Viewer
from fugong.record.registry import permissions
from fugong.record.registry.logic.columns import recognise, score
from fugong.record.registry.logic.places import Place, PlaceBook
from fugong.record.registry.logic.rows import EnterpriseContext, EnterpriseRows, ParsedEnterprise

_COLUMNS = (
    "uscc", "name", "kind", "managing_area_id", "registered_area_id", "established_on", "registered_address",
    "business_scope", "capital_amount", "capital_currency",
)  # fmt: skip

_INCOMING = """
CREATE TEMP TABLE incoming_enterprise (
    line integer NOT NULL, uscc text NOT NULL, name text NOT NULL, kind text NOT NULL, managing_area_id bigint NOT NULL,
    registered_area_id bigint, established_on date, registered_address text NOT NULL, business_scope text NOT NULL,
    capital_amount numeric(20, 2), capital_currency text NOT NULL
) ON COMMIT DROP
"""
# A cell that says nothing does not erase what the register knows; who manages an enterprise is decided by people, so a
# file does not move it.
_UPDATE = """
UPDATE registry_enterprise AS e SET
    name = i.name,
    kind = i.kind,
    registered_area_id = COALESCE(i.registered_area_id, e.registered_area_id),
    established_on = COALESCE(i.established_on, e.established_on),
    registered_address = COALESCE(NULLIF(i.registered_address, ''), e.registered_address),
    business_scope = COALESCE(NULLIF(i.business_scope, ''), e.business_scope),
    capital_amount = COALESCE(i.capital_amount, e.capital_amount),
    capital_currency = CASE WHEN i.capital_amount IS NULL THEN e.capital_currency ELSE i.capital_currency END,
    updated_at = %(now)s
FROM incoming_enterprise AS i
WHERE e.uscc = i.uscc AND (
    e.name <> i.name OR e.kind <> i.kind
    OR i.registered_area_id IS NOT NULL AND e.registered_area_id IS DISTINCT FROM i.registered_area_id
    OR i.established_on IS NOT NULL AND e.established_on IS DISTINCT FROM i.established_on
    OR i.registered_address <> '' AND e.registered_address <> i.registered_address
    OR i.business_scope <> '' AND e.business_scope <> i.business_scope
    OR i.capital_amount IS NOT NULL
        AND (e.capital_amount, e.capital_currency) IS DISTINCT FROM (i.capital_amount, i.capital_currency)
)
"""
_INSERT = f"""
INSERT INTO registry_enterprise ({", ".join(_COLUMNS)}, created_at, updated_at)
SELECT {", ".join(f"i.{column}" for column in _COLUMNS)}, %(now)s, %(now)s
FROM incoming_enterprise AS i
WHERE NOT EXISTS (SELECT FROM registry_enterprise AS e WHERE e.uscc = i.uscc)
ORDER BY i.uscc
ON CONFLICT (uscc) DO NOTHING
"""  # noqa: S608
# In one order, so that two files wait for each other and do not embrace; then nobody moves what is looked at below.
_LOCK = """
SELECT FROM registry_enterprise AS e JOIN incoming_enterprise AS i ON i.uscc = e.uscc
ORDER BY e.id FOR NO KEY UPDATE OF e
"""
_FOREIGN = """
DELETE FROM incoming_enterprise AS i USING registry_enterprise AS e
WHERE e.uscc = i.uscc AND e.managing_area_id <> ALL(%(mine)s)
RETURNING i.line, i.uscc, e.managing_area_id
"""
_CLOSED_BEFORE = """
DELETE FROM incoming_enterprise AS i USING registry_enterprise AS e
WHERE e.uscc = i.uscc AND e.closed_on < i.established_on
RETURNING i.line, i.established_on, e.closed_on
"""


def _parser(table: Table, default_area: str) -> EnterpriseRows:
    columns = recognise(table.header)
    if columns.missing:
        raise UnreadableFile(
            _("No column for %(fields)s was found. Name the columns 企业名称 and 统一社会信用代码.")
            % {"fields": ", ".join(columns.missing)}
        )
    tree = area_tree()
    root = tree.root()
    if root is None:
        raise UnreadableFile(_("No areas are loaded yet. Load them first: fugong import-areas FILE"))
    book = PlaceBook(
        Place(
            area.code,
            area.name,
            area.short_name,
            tree.areas[area.successor_id].code if area.successor_id else "",
        )
        for area in tree.areas.values()
    )
    context = EnterpriseContext(book, clock.today(), default_area or root.code)
    return EnterpriseRows(columns, context)


def _accepted(
    table: Table, parser: EnterpriseRows, outcome: ImportOutcome, actor: Viewer, areas: dict[str, Area]
) -> Iterator[tuple[Any, ...]]:
    """The rows to write; what is refused or doubtful goes into the outcome on the way."""
    for line, cells in table.rows():
        outcome.read += 1
        enterprise, refusals, warnings = parser.parse(line, cells)
        if enterprise is not None:
            area = areas.get(enterprise.managing_area or "")
            if area is None or not actor.covers(area.pk):
                refusals = [_outside(enterprise.line, parser.label("uscc"), enterprise.uscc, area)]
                enterprise = None
        outcome.refused += refusals
        if enterprise is not None:
            outcome.warnings += warnings
            yield _as_row(enterprise, areas)


def _outside(line: int, column: str, code: str, area: Area | None) -> Issue:
    fault = Fault(
        _("Its area %(area)s lies outside your mandate") % {"area": area.name if area else "—"},
        _("Leave the row to the bureau of that area"),
    )
    return Issue.of(line, column, code, fault)


def _leave_to_others(actor: Viewer, outcome: ImportOutcome, column: str) -> None:
    """An enterprise that another area manages is not changed by a file that places it here."""
    tree = area_tree()
    found = all_rows(_FOREIGN, {"mine": list(actor.area_ids)})
    outcome.refuse_late([_outside(line, column, code, tree.areas[area_id]) for line, code, area_id in found])


def _leave_closed(outcome: ImportOutcome, column: str) -> None:
    """The closing day in the register was entered by people; a file that has it begin later is not believed."""
    issues = []
    for line, established_on, closed_on in all_rows(_CLOSED_BEFORE):
        fault = Fault(
            _("By the register it closed on %(day)s, before it was established") % {"day": closed_on.isoformat()},
            _("Check the date"),
        )
        issues.append(Issue.of(line, column, established_on.isoformat(), fault))
    outcome.refuse_late(issues)


def _as_row(enterprise: ParsedEnterprise, areas: dict[str, Area]) -> tuple[Any, ...]:
    registered = areas.get(enterprise.registered_area or "")
    return (
        enterprise.line,
        enterprise.uscc,
        enterprise.name,
        str(enterprise.kind),
        areas[enterprise.managing_area or ""].pk,
        registered.pk if registered else None,
        enterprise.established_on,
        enterprise.address,
        enterprise.scope_text,
        enterprise.capital_amount,
        enterprise.capital_currency or "" if enterprise.capital_amount is not None else "",
    )


@transaction.atomic
def import_enterprises(*, actor: Viewer, path: Path, default_area: str = "") -> ImportOutcome:
    """Bring in a register from .xlsx, .xls or .csv: the accepted rows all or none, the refused ones named.

    A row is recognised by its credit code. `default_area`: code of the managing area for rows that tell none.
    Raises `UnreadableFile` when nothing can be read, `Denied` without the right.
    """
    permissions.can_import_enterprises(actor).require()
    table = read_table(path, score=score)
    outcome = ImportOutcome()
    areas = {area.code: area for area in area_tree().areas.values()}
    execute(_INCOMING)
    parser = _parser(table, default_area)
    copy_rows("incoming_enterprise", ("line", *_COLUMNS), _accepted(table, parser, outcome, actor, areas))
    now = {"now": clock.now()}
    outcome.new = execute(_INSERT, now)
    execute(_LOCK)
    if not actor.covers_root:
        _leave_to_others(actor, outcome, parser.label("uscc"))
    _leave_closed(outcome, parser.label("established_on"))
    outcome.changed = execute(_UPDATE, now)
    outcome.same = outcome.read - outcome.refused_rows - outcome.new - outcome.changed
    execute("DROP TABLE incoming_enterprise")
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    record(
        actor=actor,
        verb="registry.enterprise.imported",
        subject=f"registry.file:{digest[:16]}",
        detail={
            "file": path.name,
            "sha256": digest,
            "read": outcome.read,
            "new": outcome.new,
            "changed": outcome.changed,
            "refused": outcome.refused_rows,
        },
    )
    return outcome
