"""The kept file of an import as a delivery, and the writing of it: shared by the command and the jobs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from fugong.base.audit.actions import record
from fugong.base.spreadsheets import permissions
from fugong.base.spreadsheets.enums import ImportState
from fugong.base.spreadsheets.logic.columns import Names, signature_key
from fugong.base.spreadsheets.logic.kinds import Delivery, ImportKind, import_kinds
from fugong.base.spreadsheets.logic.outcome import ImportOutcome
from fugong.base.spreadsheets.logic.reader import Table, UnreadableFile, read_table
from fugong.base.spreadsheets.models import ColumnChoice, ImportRun
from fugong.core import clock
from fugong.core.files import kept_path, write_side
from fugong.core.text import listed
from fugong.core.viewer import Viewer


@dataclass
class RunFile:
    """The kept file of an import as a table, with its columns matched by hand, from memory, or by their names."""

    run: ImportRun

    @property
    def kind(self) -> ImportKind:
        return import_kinds[self.run.kind]

    @property
    def names(self) -> Names:
        return self.kind.columns(self.run.scope)

    def table(self) -> Table:
        """Raises `UnreadableFile`."""
        return read_table(kept_path(self.run.sha256), sheet=self.run.sheet or None, score=self.names.score)

    def chosen(self, table: Table) -> dict[str, str]:
        """Heading → field as matched for this file, else as the body matched such a header before."""
        if self.run.columns or not self.run.body_name:
            return dict(self.run.columns)
        key = signature_key(table.header)
        choices = ColumnChoice.objects.filter(kind=self.run.kind, body_name=self.run.body_name, signature=key)
        known = choices.first()
        return dict(known.columns) if known else {}

    def delivery(self, actor: Viewer, table: Table) -> Delivery:
        """The file with its columns, which may lack some that are needed."""
        columns = self.names.recognise(table.header, self.chosen(table))
        name = f"{self.run.side}-progress.json"
        return Delivery(
            self.run.pk,
            actor,
            table,
            columns,
            self.run.scope,
            told=lambda done: write_side(name, {"done": done}),
        )


def _missing(names: Names, fields: Iterable[str]) -> str:
    spelt = [(names.label_of(field), names.usual[field][0]) for field in fields]
    return _("No column for %(fields)s was found. Name it so, or as usual: %(headings)s.") % {
        "fields": listed(label for label, _usual in spelt),
        "headings": listed(usual for _label, usual in spelt),
    }


@transaction.atomic
def write_run(*, actor: Viewer, run: ImportRun) -> ImportOutcome:
    """Write the accepted rows of a run within the caller's transaction, and note what became of them.

    Raises `UnreadableFile`, also when a needed column is missing.
    """
    file = RunFile(run)
    permissions.can_import(actor, file.kind).require()
    delivery = file.delivery(actor, file.table())
    if delivery.columns.missing:
        raise UnreadableFile(_missing(file.names, delivery.columns.missing))
    now = clock.now()
    incoming = file.kind.open(delivery)
    incoming.write(now)
    incoming.close()
    outcome = incoming.outcome
    run.counts, run.area_id = outcome.counts(), outcome.area_id
    run.state, run.written_at, run.finished_at = ImportState.WRITTEN, now, clock.now()
    run.save()
    record(
        actor=actor,
        verb=file.kind.verb,
        subject=f"spreadsheets.import:{run.pk}",
        area_id=run.matter_of(actor),
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
    return outcome
