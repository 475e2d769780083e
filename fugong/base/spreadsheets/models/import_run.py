from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fugong.base.spreadsheets.enums import IMPORT_AT_WORK, IMPORT_STEPS, ImportState
from fugong.base.spreadsheets.logic.kinds import source_of
from fugong.core import constraints
from fugong.core.viewer import Viewer

UNDO_WITHIN = timedelta(hours=24)


class ImportRun(models.Model):
    """One file on its way in. The file itself is kept under its hash, its issues as JSON beside it.

    `kind` names an entry of `import_kinds`; `scope` is what it asked for beside the file (incident, day, area …), by
    value; `table` is what was read from the file (sheets, header, which column is which field), `columns` heading →
    field as mapped by hand, `counts` the rows by fate, `area_id` the smallest area in which the accepted ones lie;
    `language` the one in which the sender reads reasons.
    """

    kind = models.TextField(_("kind of file"))
    state = models.TextField(_("state"), choices=ImportState.choices, default=ImportState.UPLOADED)
    name = models.TextField(_("file"))
    sha256 = models.TextField(_("hash of the file"))
    size = models.BigIntegerField(_("bytes"))
    language = models.TextField(_("language"))
    actor_id = models.BigIntegerField(_("account of the sender"), null=True)
    actor_name = models.TextField(_("imported by"))
    body_name = models.TextField(_("body"), blank=True)
    scope = models.JSONField(_("scope"), default=dict)
    sheet = models.TextField(_("sheet"), blank=True)
    columns = models.JSONField(_("columns"), default=dict)
    table = models.JSONField(_("table"), default=dict)
    counts = models.JSONField(_("counts"), default=dict)
    area_id = models.BigIntegerField(_("area of its rows"), null=True, blank=True)
    failure = models.TextField(_("reason of the failure"), blank=True)
    uploaded_at = models.DateTimeField(_("uploaded at"))
    started_at = models.DateTimeField(_("work began at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("work ended at"), null=True, blank=True)
    written_at = models.DateTimeField(_("imported at"), null=True, blank=True)
    file_deleted_at = models.DateTimeField(_("file deleted at"), null=True, blank=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-pk"]
        constraints = [
            constraints.one_of(
                "import_state_known", "state", ImportState.values, _("This state of an import does not exist.")
            ),
            constraints.check(
                "import_written_is_dated",
                ~Q(state__in=[ImportState.WRITTEN, ImportState.UNDOING, ImportState.UNDONE])
                | Q(written_at__isnull=False),
                _("An import that was written needs the time at which it was."),
            ),
            constraints.check(
                "import_failure_has_reason",
                ~Q(state=ImportState.FAILED) | ~Q(failure=""),
                _("A failed import needs the reason."),
            ),
        ]
        indexes = [models.Index(fields=["kind", "actor_id", "-id"], name="import_run_by_sender")]

    def __str__(self) -> str:
        return self.name

    @property
    def at_work(self) -> bool:
        return ImportState(self.state) in IMPORT_AT_WORK

    @property
    def undo_until(self) -> datetime | None:
        """The last moment at which the import can be undone; None before it is written."""
        return self.written_at + UNDO_WITHIN if self.written_at else None

    def matter_of(self, sender: Viewer) -> int | None:
        """The id of the area whose matter it is: the smallest over its rows, the sender's own before one was read."""
        return self.area_id or sender.home_area_id

    @property
    def side(self) -> str:
        """Where its results lie beside the evidence, without the ending."""
        return f"imports/{self.pk}"

    @property
    def source(self) -> str:
        """Under which name what it states stands."""
        return source_of(self.pk)

    def may_become(self, state: ImportState) -> bool:
        return state in IMPORT_STEPS[ImportState(self.state)]


class ColumnChoice(models.Model):
    """How a body mapped a header by hand; the next file with the same headings is mapped so."""

    kind = models.TextField(_("kind of file"))
    body_name = models.TextField(_("body"))
    signature = models.TextField(_("headings"))
    columns = models.JSONField(_("columns"), default=dict)
    chosen_at = models.DateTimeField(_("chosen at"))

    class Meta:
        verbose_name = _("choice of columns")
        verbose_name_plural = _("choices of columns")
        ordering = ["pk"]
        constraints = [
            constraints.unique(
                "column_choice_of_kind_once",
                "kind",
                "body_name",
                "signature",
                message=_("These headings are mapped already."),
            ),
        ]

    def __str__(self) -> str:
        return self.signature[:12]
