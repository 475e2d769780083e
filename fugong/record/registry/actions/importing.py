"""What the command and the jobs do with the file of an import."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fugong.base.audit.actions import record
from fugong.base.spreadsheets.logic.columns import ColumnMap
from fugong.base.spreadsheets.logic.issues import Issue
from fugong.base.spreadsheets.logic.reader import Table, UnreadableFile, read_table
from fugong.base.spreadsheets.logic.writer import MOST_ROWS, SheetData, write_xlsx
from fugong.core import clock
from fugong.core.files import kept_path, side_path, write_side
from fugong.core.viewer import Viewer
from fugong.record.registry import permissions
from fugong.record.registry.actions.facts import state_facts_in_bulk
from fugong.record.registry.actions.incoming import Incoming
from fugong.record.registry.enums import EnterpriseKind, ImportState
from fugong.record.registry.logic.columns import ADDED_COLUMNS, label_of, recognise, score, signature
from fugong.record.registry.logic.import_issues import topic
from fugong.record.registry.models import ColumnChoice, Enterprise, ImportedEnterprise, ImportRun

# Rows that the preview lists under each tab; the counts and the corrected file are whole.
LISTED = 2000
_LONGEST_SHOWN = 100
# Before-images outlive the time in which an import can be undone.
_IMAGES_KEPT = timedelta(hours=48)


@dataclass
class RunFile:
    """The kept file of an import as a table, with its columns matched by hand, from memory, or by their names."""

    run: ImportRun

    def table(self) -> Table:
        """Raises `UnreadableFile`."""
        return read_table(kept_path(self.run.sha256), sheet=self.run.sheet or None, score=score)

    def chosen(self, table: Table) -> dict[str, str]:
        """Heading → field as matched for this file, else as the body matched such a header before."""
        if self.run.columns or not self.run.body_name:
            return dict(self.run.columns)
        key = hashlib.sha256(signature(table.header).encode()).hexdigest()
        known = ColumnChoice.objects.filter(body_name=self.run.body_name, signature=key).first()
        return dict(known.columns) if known else {}

    def incoming(self, actor: Viewer) -> Incoming:
        """The file ready to be loaded. Raises `UnreadableFile`, also when a needed column is missing."""
        table = self.table()
        columns = recognise(table.header, self.chosen(table))
        if columns.missing:
            raise UnreadableFile(
                _("No column for %(fields)s was found. Name the columns 企业名称 and 统一社会信用代码.")
                % {"fields": ", ".join(label_of(field) for field in columns.missing)}
            )
        return self.with_columns(actor, table, columns)

    def with_columns(self, actor: Viewer, table: Table, columns: ColumnMap) -> Incoming:
        name = f"{self.run.side}-progress.json"
        return Incoming(
            actor, table, columns, self.run.default_area, told=lambda done: write_side(name, {"done": done})
        )


def _labelled(values: dict[str, tuple[Any, Any]]) -> list[dict[str, str]]:
    kinds = dict(EnterpriseKind.choices)

    def shown(column: str, value: Any) -> str:
        if column == "kind":
            return str(kinds.get(value, value))
        return "" if value is None else str(value)

    return [
        {
            "label": str(Enterprise._meta.get_field(column.removesuffix("_id")).verbose_name),  # type: ignore[union-attr]
            "before": shown(column, before),
            "after": shown(column, after),
        }
        for column, (before, after) in values.items()
    ]


class Preview:
    """What the clerk sees before confirming: counts, issues, changes, and the corrected file."""

    def __init__(self, incoming: Incoming) -> None:
        self._incoming = incoming
        self._columns = incoming.columns
        self._fields = {incoming.columns.header[at]: name for name, at in incoming.columns.found.items()}
        self._refused: dict[int, list[Issue]] = {}
        for issue in sorted(incoming.outcome.refused):
            self._refused.setdefault(issue.row, []).append(issue)
        self._names: dict[int, str] = {}
        self._is_shifted = False

    def counts(self) -> dict[str, int]:
        outcome = self._incoming.outcome
        return {
            "read": outcome.read,
            "new": outcome.new,
            "changed": outcome.changed,
            "same": outcome.same,
            "accepted": outcome.accepted,
            "warned": len({issue.row for issue in outcome.warnings}),
            "refused": outcome.refused_rows,
        }

    def write_corrected(self, run: ImportRun) -> None:
        """The refused rows with their own columns, what is wrong and how to mend it; for sending again."""
        self._read_names()
        place = side_path(f"{run.side}.xlsx")
        place.unlink(missing_ok=True)
        if not self._refused:
            return
        place.parent.mkdir(parents=True, exist_ok=True)
        kept = [n for n, heading in enumerate(self._columns.header) if heading not in ADDED_COLUMNS]
        header = [self._columns.header[n] for n in kept]
        added = [_("What is wrong"), _("How to mend it")]
        if self._is_shifted:
            added.append(_("Cells too many"))
        write_xlsx(place, [SheetData(_("To mend"), [*header, *added], self._corrected(kept))])

    def _corrected(self, kept: list[int]) -> Iterator[list[str]]:
        width = len(self._columns.header)
        for number, (line, cells) in enumerate(self._incoming.table.rows()):
            if line in self._refused and number < MOST_ROWS:
                issues = self._refused[line]
                surplus = " | ".join(cell for cell in cells[width:] if cell)
                reasons = dict.fromkeys(f"{issue.column}: {issue.reason}" for issue in issues)
                mends = dict.fromkeys(issue.mend for issue in issues)
                yield [*(cells[n] for n in kept), "\n".join(reasons), "\n".join(mends), surplus]

    def _read_names(self) -> None:
        lines = {issue.row for issue in self._incoming.outcome.warnings} | self._refused.keys()
        at = self._columns.found["name"]
        for line, cells in self._incoming.table.rows():
            if line in lines:
                self._names[line] = cells[at][:_LONGEST_SHOWN]
                self._is_shifted |= line in self._refused and len(cells) > len(self._columns.header)

    def _issues(self, issues: list[Issue]) -> dict[str, Any]:
        """Rows counted by topic, and the first issues. A row with two faults is counted under its first."""
        topics: Counter[str] = Counter()
        samples: dict[str, str] = {}
        listed: list[dict[str, Any]] = []
        seen: set[int] = set()
        for issue in sorted(issues):
            field = self._fields.get(issue.column, "")
            name = topic(field, issue.column, issue.value)
            if issue.row not in seen:
                seen.add(issue.row)
                topics[name] += 1
                samples.setdefault(name, issue.reason)
            if len(listed) < LISTED:
                listed.append(issue._asdict() | {"name": self._names.get(issue.row, ""), "field": field, "topic": name})
        counted = [(name, count, samples[name]) for name, count in topics.most_common()]
        return {"topics": counted, "rows": listed}

    def listing(self) -> dict[str, Any]:
        """What is kept beside the evidence for the tabs of the preview; after `write_corrected`."""
        outcome = self._incoming.outcome
        return {
            "refused": self._issues(outcome.refused),
            "warnings": self._issues(outcome.warnings),
            "changed": [
                {"row": change.line, "code": change.code, "name": change.name, "changes": _labelled(change.columns)}
                for change in self._incoming.changes(LISTED)
            ],
            "new": [
                {"row": line, "code": code, "name": name, "area": str(area), "kind": str(EnterpriseKind(kind).label)}
                for line, code, name, area, kind in self._incoming.additions(LISTED)
            ],
        }


@transaction.atomic
def close_written(*, actor: Viewer, run: ImportRun, incoming: Incoming) -> None:
    """Write the accepted rows of a run, in this transaction, and note what became of them."""
    permissions.can_import_enterprises(actor).require()
    incoming.load()
    incoming.wait_for_others()
    now = clock.now()
    old = ImportRun.objects.filter(written_at__lt=now - _IMAGES_KEPT)
    ImportedEnterprise.objects.filter(run__in=old).delete()
    incoming.write(run.pk, now)
    state_facts_in_bulk(actor=actor, rows=list(incoming.stated_facts(clock.today())), source=run.source)
    incoming.drop()
    outcome = incoming.outcome
    run.counts = Preview(incoming).counts()
    run.state, run.written_at, run.finished_at = ImportState.WRITTEN, now, clock.now()
    run.save()
    record(
        actor=actor,
        verb="registry.enterprise.imported",
        subject=f"registry.file:{run.sha256[:16]}",
        detail={
            "file": run.name,
            "sha256": run.sha256,
            "import": run.pk,
            "read": outcome.read,
            "new": outcome.new,
            "changed": outcome.changed,
            "refused": outcome.refused_rows,
        },
    )
