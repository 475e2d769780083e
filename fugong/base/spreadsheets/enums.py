from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ImportState(TextChoices):
    """uploaded → checking → unmatched | checked | failed; unmatched, checked → uploaded (matched by hand);
    checked → writing → written | failed; written → undoing → undone | written."""

    UPLOADED = "uploaded", _("waiting for the check")
    CHECKING = "checking", _("being checked")
    UNMATCHED = "unmatched", _("columns to be matched")
    CHECKED = "checked", _("checked, not yet imported")
    WRITING = "writing", _("being imported")
    WRITTEN = "written", _("imported")
    FAILED = "failed", _("failed")
    UNDOING = "undoing", _("being undone")
    UNDONE = "undone", _("undone")


# State of an import → the states that may follow.
IMPORT_STEPS: dict[ImportState, frozenset[ImportState]] = {
    ImportState.UPLOADED: frozenset({ImportState.CHECKING}),
    ImportState.CHECKING: frozenset(
        {ImportState.CHECKING, ImportState.UNMATCHED, ImportState.CHECKED, ImportState.FAILED}
    ),
    ImportState.UNMATCHED: frozenset({ImportState.UPLOADED}),
    ImportState.CHECKED: frozenset({ImportState.UPLOADED, ImportState.WRITING}),
    ImportState.WRITING: frozenset({ImportState.WRITTEN, ImportState.FAILED}),
    ImportState.WRITTEN: frozenset({ImportState.UNDOING}),
    ImportState.FAILED: frozenset(),
    ImportState.UNDOING: frozenset({ImportState.UNDONE, ImportState.WRITTEN}),
    ImportState.UNDONE: frozenset(),
}
# A job is at work, or about to be.
IMPORT_AT_WORK = frozenset({ImportState.UPLOADED, ImportState.CHECKING, ImportState.WRITING, ImportState.UNDOING})
