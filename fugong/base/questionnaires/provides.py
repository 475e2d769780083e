from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fugong.base.questionnaires.actions.forms import load_form
from fugong.base.questionnaires.logic.sheets import FormRefused
from fugong.base.questionnaires.logic.xlsform import Definition, read_form
from fugong.base.questionnaires.permissions import can_see_forms
from fugong.base.spreadsheets.logic.unreadable import UnreadableFile
from fugong.core.registries import Folder, NavigationEntry, PlaybookSection, navigation, playbook_sections
from fugong.core.viewer import Viewer

PATTERN = "form-*.xlsx"


def _read(folder: Folder) -> list[tuple[Any, Definition]]:
    """The forms of a playbook: each `form-CODE.xlsx` is the form of that code."""
    found = []
    for path in folder.files(PATTERN):
        try:
            definition = read_form(path)
        except FormRefused as error:
            first = error.issues[0]
            words = _("%(why)s. %(mend)s.") % {"why": first.why, "mend": first.mend}
            folder.fail(path.name, f"{first.sheet} {first.row} {first.column}", words)
        except UnreadableFile as error:
            folder.fail(path.name, "", str(error))
        if path.stem != f"form-{definition.code}":
            folder.fail(
                path.name,
                "settings form_id",
                _("The file of the form “%(code)s” is called form-%(code)s.xlsx.") % {"code": definition.code},
            )
        found.append((path, definition))
    return found


def _section(folder: Folder) -> list[dict[str, Any]]:
    return [{"code": form.code, "title": form.content["title"]} for _path, form in _read(folder)]


def _keep(actor: Viewer, folder: Folder) -> None:
    """The forms that came with a playbook, each as a version of its own."""
    for path, definition in _read(folder):
        load_form(actor=actor, definition=definition, path=path, file_name=path.name)


playbook_sections.register("forms", PlaybookSection("forms", _section, _keep))
navigation.register(
    "questionnaires.forms",
    NavigationEntry(
        name="questionnaires.forms",
        order=47,
        label=gettext_lazy("Forms"),
        icon="list-check",
        url_name="questionnaires:forms",
        per_incident=False,
        may=lambda viewer: bool(can_see_forms(viewer)),
    ),
)
