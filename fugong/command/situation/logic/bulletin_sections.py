"""The section `bulletins.toml` of a playbook: the texts that bulletins begin with."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from fugong.command.situation.enums import BulletinKind
from fugong.command.situation.logic.bulletin_text import template_faults
from fugong.core.registries import Folder

FILE = "bulletins.toml"


def read_bulletins(folder: Folder) -> list[dict[str, Any]]:
    """The templates by kind; none where the playbook brings none.

    Raises `PlaybookError` naming the field that nothing stands behind, and its place.
    """
    if not folder.has(FILE):
        return []
    indicators = folder.toml("indicators.toml").get("indicator", [])
    codes = [str(item.get("code")) for item in indicators if isinstance(item, dict)]
    items = folder.toml(FILE).get("template")
    if not isinstance(items, list):
        folder.fail(FILE, "template", _("Write each template as [[template]]."))
    found = []
    for number, item in enumerate(items):
        key = f"template[{number}]"
        if not isinstance(item, dict) or item.get("kind") not in BulletinKind.values:
            folder.fail(FILE, f"{key}.kind", _("Choose one of: %(names)s.") % {"names": ", ".join(BulletinKind.values)})
        for name in ("title", "text"):
            if not isinstance(item.get(name), str) or not item[name].strip():
                folder.fail(FILE, f"{key}.{name}", _("Give a text."))
            for fault in template_faults(item[name].strip(), codes):
                place = _("line %(line)d, column %(column)d") % {"line": fault.line, "column": fault.column}
                folder.fail(FILE, f"{key}.{name}, {place}", f"{fault.quoted}: {fault.why}. {fault.mend}")
        found.append({name: item[name].strip() for name in ("kind", "title", "text")})
    return found
