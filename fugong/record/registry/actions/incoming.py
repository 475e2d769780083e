"""The rows of one file in a table of the transaction: judged, held against the register, written in sets."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from fugong.base.areas.models import Area
from fugong.base.areas.selectors import area_tree
from fugong.base.spreadsheets.logic.issues import Fault, Issue
from fugong.base.spreadsheets.logic.kinds import AddedRow, ChangedRow, Delivery
from fugong.base.spreadsheets.logic.outcome import ImportOutcome
from fugong.base.spreadsheets.logic.reader import UnreadableFile
from fugong.core import clock
from fugong.core.bulk import all_rows, copy_rows, execute, one_row
from fugong.core.events import announce
from fugong.record.registry.actions.facts import state_facts_in_bulk
from fugong.record.registry.actions.import_undo import CALLED_OTHERWISE, TURN
from fugong.record.registry.actions.incoming_news import IncomingNews
from fugong.record.registry.actions.traits import renew_traits
from fugong.record.registry.enums import EnterpriseKind
from fugong.record.registry.events import RegisterChanged
from fugong.record.registry.logic.places import Place, PlaceBook
from fugong.record.registry.logic.rows import EnterpriseContext, EnterpriseRows, ParsedEnterprise
from fugong.record.registry.models import Enterprise, ImportedEnterprise
from fugong.record.registry.permissions import can_register_enterprise

COLUMNS = (
    "uscc", "name", "kind", "managing_area_id", "registered_area_id", "established_on", "registered_address",
    "business_scope", "capital_amount", "capital_currency",
)  # fmt: skip
_STATED = ("headcount", "industry", "revenue", "assets", "above_scale", "as_of", "contacts")
# What a file may change of an enterprise that the register has.
_CHANGEABLE = tuple(column for column in COLUMNS if column not in ("uscc", "managing_area_id"))

_INCOMING = """
CREATE TEMP TABLE incoming_enterprise (
    line integer NOT NULL, uscc text NOT NULL, name text NOT NULL, kind text NOT NULL, managing_area_id bigint NOT NULL,
    registered_area_id bigint, established_on date, registered_address text NOT NULL, business_scope text NOT NULL,
    capital_amount numeric(20, 2), capital_currency text NOT NULL, headcount integer, industry text NOT NULL,
    revenue numeric(20, 2), assets numeric(20, 2), above_scale text NOT NULL, as_of date,
    contacts jsonb NOT NULL
) ON COMMIT DROP
"""
# In one order, so that nobody embraces; from here nobody moves or edits what is looked at below.
_HOLD = """
SELECT FROM registry_enterprise AS e JOIN incoming_enterprise AS i ON i.uscc = e.uscc
ORDER BY e.id FOR NO KEY UPDATE OF e
"""
# Before-images outlive the time in which an import can be undone.
_IMAGES_KEPT = timedelta(hours=48)
# The queue of an import may be long where a web request would have given up.
_PATIENT = "SET LOCAL lock_timeout = 0"
# A cell that says nothing does not erase what the register knows; who manages an enterprise is decided by people, so a
# file does not move it.
_DIFFERS = """
e.uscc = i.uscc AND (
    e.name <> i.name OR e.kind <> i.kind
    OR i.registered_area_id IS NOT NULL AND e.registered_area_id IS DISTINCT FROM i.registered_area_id
    OR i.established_on IS NOT NULL AND e.established_on IS DISTINCT FROM i.established_on
    OR i.registered_address <> '' AND e.registered_address <> i.registered_address
    OR i.business_scope <> '' AND e.business_scope <> i.business_scope
    OR i.capital_amount IS NOT NULL
        AND (e.capital_amount, e.capital_currency) IS DISTINCT FROM (i.capital_amount, i.capital_currency)
)
"""
_RESULT = {
    "name": "i.name",
    "kind": "i.kind",
    "registered_area_id": "COALESCE(i.registered_area_id, e.registered_area_id)",
    "established_on": "COALESCE(i.established_on, e.established_on)",
    "registered_address": "COALESCE(NULLIF(i.registered_address, ''), e.registered_address)",
    "business_scope": "COALESCE(NULLIF(i.business_scope, ''), e.business_scope)",
    "capital_amount": "COALESCE(i.capital_amount, e.capital_amount)",
    "capital_currency": "CASE WHEN i.capital_amount IS NULL THEN e.capital_currency ELSE i.capital_currency END",
}
_UPDATE = f"""
UPDATE registry_enterprise AS e SET
    {", ".join(f"{column} = {value}" for column, value in _RESULT.items())}, updated_at = %(now)s
FROM incoming_enterprise AS i
WHERE {_DIFFERS}
"""  # noqa: S608
_BEFORE = f"""
INSERT INTO registry_importedenterprise (run_id, enterprise_pk, before)
SELECT %(run)s, e.id, to_jsonb(e) FROM registry_enterprise AS e JOIN incoming_enterprise AS i ON {_DIFFERS}
"""  # noqa: S608
_INSERT = f"""
WITH entered AS (
    INSERT INTO registry_enterprise ({", ".join(COLUMNS)}, created_at, updated_at)
    SELECT {", ".join(f"i.{column}" for column in COLUMNS)}, %(now)s, %(now)s
    FROM incoming_enterprise AS i
    WHERE NOT EXISTS (SELECT FROM registry_enterprise AS e WHERE e.uscc = i.uscc)
    ORDER BY i.uscc
    ON CONFLICT (uscc) DO NOTHING
    RETURNING id
)
INSERT INTO registry_importedenterprise (run_id, enterprise_pk, before) SELECT %(run)s, id, NULL FROM entered
"""  # noqa: S608
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
_MERGED = """
DELETE FROM incoming_enterprise AS i USING registry_enterprise AS e, registry_enterprise AS kept
WHERE e.uscc = i.uscc AND kept.id = e.merged_into_id
RETURNING i.line, i.uscc, kept.name, COALESCE(kept.uscc, kept.provisional_id)
"""
_COUNTS = """
SELECT count(*), count(e.id) FROM incoming_enterprise AS i LEFT JOIN registry_enterprise AS e ON e.uscc = i.uscc
"""
# In its columns, or by a fact or a contact; enterprises that the file enters are not among them.
_CHANGED = f"""
SELECT count(*) FROM (
    SELECT i.line FROM incoming_enterprise AS i JOIN registry_enterprise AS e ON {_DIFFERS} UNION {IncomingNews.LINES}
) AS changed
"""  # noqa: S608
_CHANGES = f"""
SELECT i.line, e.uscc, i.name, {", ".join(f"e.{column}, {_RESULT[column]}" for column in _CHANGEABLE)}
FROM incoming_enterprise AS i JOIN registry_enterprise AS e ON {_DIFFERS} ORDER BY i.line LIMIT %(limit)s
"""  # noqa: S608
_NEW = """
SELECT i.line, i.uscc, i.name, i.managing_area_id, i.kind FROM incoming_enterprise AS i
WHERE NOT EXISTS (SELECT FROM registry_enterprise AS e WHERE e.uscc = i.uscc) ORDER BY i.line LIMIT %(limit)s
"""
_TOUCHED_AREAS = """
SELECT DISTINCT e.managing_area_id FROM registry_importedenterprise AS i
JOIN registry_enterprise AS e ON e.id = i.enterprise_pk WHERE i.run_id = %(run)s
"""
# A file does not move an enterprise: its rows lie where the register has them.
_AREAS = """
SELECT DISTINCT COALESCE(e.managing_area_id, i.managing_area_id)
FROM incoming_enterprise AS i LEFT JOIN registry_enterprise AS e ON e.uscc = i.uscc
"""


class IncomingEnterprises:
    """The rows of one register within one transaction: judged and compared, or judged and written."""

    def __init__(self, delivery: Delivery) -> None:
        self.outcome = ImportOutcome()
        self._delivery = delivery
        self._actor = delivery.actor
        self._areas: dict[str, Area] = {}
        self._news: IncomingNews

    def check(self) -> None:
        """Judge the rows and count what is new, changed and the same."""
        self._load()
        self._settle()
        accepted, known = one_row(_COUNTS)
        (self.outcome.changed,) = one_row(_CHANGED)
        self.outcome.new, self.outcome.same = accepted - known, known - self.outcome.changed

    def changes(self, limit: int) -> list[ChangedRow]:
        """The first rows that change an enterprise, what is known of it, or whom to call there."""
        found: dict[int, ChangedRow] = {}
        for line, code, name, *pairs in all_rows(_CHANGES, {"limit": limit}):
            sides = zip(_CHANGEABLE, zip(pairs[::2], pairs[1::2], strict=True), strict=True)
            differing = [_labelled(column, before, after) for column, (before, after) in sides if before != after]
            found[line] = ChangedRow(line, code, name, differing)
        for line, code, name, change in self._news.changes(limit):
            row = found.get(line) or ChangedRow(line, code, name, [])
            found[line] = replace(row, changes=[*row.changes, change])
        return [found[line] for line in sorted(found)[:limit]]

    def additions(self, limit: int) -> list[AddedRow]:
        """The first rows that enter an enterprise, with its managing area and kind."""
        areas = area_tree().areas
        return [
            AddedRow(line, code, name, (str(areas[pk]), str(EnterpriseKind(kind).label)))
            for line, code, name, pk, kind in all_rows(_NEW, {"limit": limit})
        ]

    def write(self, now: datetime) -> None:
        """Enter and change enterprises and their dated facts, keeping what was before under the run."""
        self._load()
        execute(TURN)
        values = {"now": now, "run": self._delivery.run_id}
        old = ImportedEnterprise.objects.filter(run__written_at__lt=now - _IMAGES_KEPT, before__isnull=False)
        old.exclude(before={}).update(before={})
        # What somebody enters by hand in this moment is waited for, and then known.
        self.outcome.new = execute(_INSERT, values)
        execute(_HOLD)
        self._settle()
        accepted, _known = one_row(_COUNTS)
        (self.outcome.changed,) = one_row(_CHANGED)
        self.outcome.same = accepted - self.outcome.new - self.outcome.changed
        altered = execute(_BEFORE, values)
        execute(_UPDATE, values)
        renew_traits(actor=self._actor, enterprise_ids=(pk for (pk,) in all_rows(CALLED_OTHERWISE, values)))
        state_facts_in_bulk(actor=self._actor, rows=list(self._news.facts()), source=self._delivery.source)
        self._news.enter_contacts(now=now, name=self._actor.name, source=self._delivery.source)
        if self.outcome.new or altered:
            announce(RegisterChanged(frozenset(pk for (pk,) in all_rows(_TOUCHED_AREAS, values))))

    def close(self) -> None:
        self._news.close()
        execute("DROP TABLE incoming_enterprise")

    def _load(self) -> None:
        """Fill the table with the rows that can be accepted; refusals and warnings go into the outcome."""
        self._areas = {area.code: area for area in area_tree().areas.values()}
        execute(_PATIENT)
        execute(_INCOMING)
        copy_rows("incoming_enterprise", ("line", *COLUMNS, *_STATED), self._accepted(self._parser()))
        execute("ANALYZE incoming_enterprise")

    def _settle(self) -> None:
        """Refuse what only the register gives away: managed elsewhere, merged into another enterprise, closed before.

        What is left is accepted: where it lies, and which facts and contacts in it are news.
        """
        tree = area_tree()
        if not self._actor.covers_root:
            found = all_rows(_FOREIGN, {"mine": list(self._actor.area_ids)})
            self.outcome.refuse_late([self._outside(line, code, tree.areas[pk]) for line, code, pk in found])
        self.outcome.refuse_late([self._merged(*row) for row in all_rows(_MERGED)])
        self.outcome.refuse_late([self._closed_before(*row) for row in all_rows(_CLOSED_BEFORE)])
        self.outcome.area_id = tree.smallest_over(pk for (pk,) in all_rows(_AREAS))
        self._news = IncomingNews(self._delivery.run_id)

    def _parser(self) -> EnterpriseRows:
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
        context = EnterpriseContext(book, clock.today(), self._delivery.scope.get("area", "") or root.code)
        return EnterpriseRows(self._delivery.columns, context)

    def _accepted(self, parser: EnterpriseRows) -> Iterator[tuple[Any, ...]]:
        outcome = self.outcome
        for line, cells in self._delivery.rows(outcome):
            enterprise, refusals, warnings = parser.parse(line, cells)
            if enterprise is not None:
                area = self._areas.get(enterprise.managing_area or "")
                if area is None or not can_register_enterprise(self._actor, area.pk):
                    refusals = [self._outside(enterprise.line, enterprise.uscc, area)]
                    enterprise = None
            outcome.refused += refusals
            if enterprise is not None:
                outcome.warnings += warnings
                yield self._as_row(enterprise)

    def _as_row(self, enterprise: ParsedEnterprise) -> tuple[Any, ...]:
        registered = self._areas.get(enterprise.registered_area or "")
        return (
            enterprise.line,
            enterprise.uscc,
            enterprise.name,
            str(enterprise.kind),
            self._areas[enterprise.managing_area or ""].pk,
            registered.pk if registered else None,
            enterprise.established_on,
            enterprise.address,
            enterprise.scope_text,
            enterprise.capital_amount,
            enterprise.capital_currency or "" if enterprise.capital_amount is not None else "",
            enterprise.headcount,
            enterprise.industry,
            enterprise.revenue,
            enterprise.assets,
            enterprise.above_scale,
            enterprise.as_of,
            json.dumps([contact._asdict() for contact in enterprise.contacts], ensure_ascii=False),
        )

    def _outside(self, line: int, code: str, area: Area | None) -> Issue:
        fault = Fault(
            _("Its area %(area)s lies outside your mandate") % {"area": area.name if area else "—"},
            _("Leave the row to the bureau of that area"),
            _("Outside the mandate"),
        )
        return Issue.of(line, self._delivery.columns.label("uscc"), code, fault)

    def _closed_before(self, line: int, established_on: date, closed_on: date) -> Issue:
        """The closing day in the register was entered by people; a file that has it begin later is not believed."""
        fault = Fault(
            _("By the register it closed on %(day)s, before it was established") % {"day": closed_on.isoformat()},
            _("Check the date"),
            _("Dates that contradict each other"),
        )
        return Issue.of(line, self._delivery.columns.label("established_on"), established_on.isoformat(), fault)

    def _merged(self, line: int, code: str, name: str, kept: str) -> Issue:
        fault = Fault(
            _("This entry was merged into %(name)s") % {"name": name},
            _("Write the code %(code)s, or leave the row out") % {"code": kept},
            _("Merged into another"),
        )
        return Issue.of(line, self._delivery.columns.label("uscc"), code, fault)


def _labelled(column: str, before: Any, after: Any) -> tuple[str, str, str]:
    """A change as the preview shows it: what the column is called, before, after."""
    kinds = dict(EnterpriseKind.choices)

    def shown(value: Any) -> str:
        if column == "kind":
            return str(kinds.get(value, value))
        if column == "registered_area_id":
            return str(area_tree().areas.get(value, ""))
        return "" if value is None else str(value)

    label = Enterprise._meta.get_field(column.removesuffix("_id")).verbose_name  # type: ignore[union-attr]
    return str(label), shown(before), shown(after)
