from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fugong.base.spreadsheets.logic.columns import ADDED_COLUMNS
from fugong.base.spreadsheets.logic.kinds import ImportKind, Scope
from fugong.base.spreadsheets.models import ImportRun
from fugong.core.text import listed
from fugong.core.viewer import Viewer


def _text(value: Any) -> str:
    return "" if value is None else value.isoformat() if isinstance(value, date) else str(value)


class ScopeForm(forms.Form):
    """What a kind asks for beside the file."""

    def __init__(self, viewer: Viewer, kind: ImportKind, scope: Scope, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files)
        self._asked = dict(kind.fields(viewer, scope))
        self._scope = scope
        self.fields.update(self._asked)

    def scope(self) -> dict[str, str]:
        """The scope of the import, by value, from a valid form."""
        return {**self._scope, **{name: _text(self.cleaned_data.get(name)) for name in self._asked}}


class StartForm(ScopeForm):
    """A file, and what its kind asks for beside it."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("One table with a heading row, as .xlsx, .xls or .csv."),
        allow_empty_file=True,  # the check says what is missing, with the way to mend it
        error_messages={"required": _("Choose the file.")},
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv,.txt"}),
    )


class ColumnsForm(forms.Form):
    """Which heading of a file is which field of ours; nothing chosen: the column is not used."""

    def __init__(self, kind: ImportKind, run: ImportRun, samples: Mapping[str, list[str]], data: Any = None) -> None:
        super().__init__(data)
        self._names = names = kind.columns(run.scope)
        self.header: list[str] = [text for text in run.table.get("header", []) if text not in ADDED_COLUMNS]
        field_of = {heading: field for field, heading in run.table.get("found", {}).items()}
        choices = [("", _("not used")), *((field, names.label_of(field)) for field in names.usual)]
        sheets = run.table.get("sheets", [])
        if len(sheets) > 1:
            self.fields["sheet"] = forms.ChoiceField(
                label=_("Sheet"), choices=[(name, name) for name in sheets], initial=run.table.get("sheet")
            )
        for position, heading in enumerate(self.header):
            self.fields[f"column_{position}"] = forms.ChoiceField(
                label=heading,
                choices=choices,
                required=False,
                initial=field_of.get(heading, ""),
                help_text=listed(samples.get(heading, [])),
            )

    def chosen(self) -> dict[str, str]:
        return {heading: self.cleaned_data[f"column_{n}"] for n, heading in enumerate(self.header)}

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("sheet", self.fields["sheet"].initial if "sheet" in self.fields else None) != (
            self.fields["sheet"].initial if "sheet" in self.fields else None
        ):
            return values  # another sheet has other headings
        taken = [value for name, value in values.items() if name.startswith("column_") and value]
        for name, value in values.items():
            if name.startswith("column_") and value and taken.count(value) > 1:
                self.add_error(name, _("Another column is matched to this field too. Leave one of them unused."))
        missing = [self._names.label_of(field) for field in self._names.needed if field not in taken]
        if missing:
            raise forms.ValidationError(
                _("No column is matched to: %(fields)s. Without it no row can be recognised.")
                % {"fields": listed(missing)}
            )
        return values
