"""The second reader of every form: pyxform, by which the makers of XLSForm decide what is one."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from fugong.base.questionnaires.logic.sheets import FormIssue, Sheets

# pyxform counts the rows that it is given, the heading being the first.
_ROW = re.compile(r"\[row : (\d+)\]\s*")
_SHEET = re.compile(r"'(survey|choices|settings)' sheet")


def refusals(sheets: Sheets) -> list[FormIssue]:
    """What pyxform has against the form; it stops at the first fault."""
    given = {
        sheet: [{row.headings[name]: cell for name, cell in row.cells.items() if cell} for row in rows]
        for sheet, rows in sheets.rows.items()
        if rows
    }
    # Slow to import, and few processes of ours read a form.
    from pyxform.errors import PyXFormError
    from pyxform.xls2xform import convert

    try:
        convert(xlsform=given, validate=False)
    except PyXFormError as error:
        return [_issue(str(error), sheets)]
    return []


def _issue(text: str, sheets: Sheets) -> FormIssue:
    row, sheet = _ROW.search(text), _SHEET.search(text)
    name = sheet[1] if sheet else "survey"
    place = int(row[1]) - 2 if row else -1
    rows = sheets.rows[name]
    number = rows[place].number if 0 <= place < len(rows) else 1
    why = _("pyxform refuses it: %(text)s") % {"text": _ROW.sub("", text).rstrip(".")}
    return FormIssue(name, number, "", "", why, _("Mend what it names"))
