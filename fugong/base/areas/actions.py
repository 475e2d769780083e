from __future__ import annotations

from django.db import transaction
from django.db.models import F, TextField, Value
from django.db.models.functions import Concat

from fugong.base.areas import permissions
from fugong.base.areas.logic.rows import AreaRow
from fugong.base.areas.models import Area
from fugong.base.audit.actions import record
from fugong.core.viewer import Viewer


def _follow_parents() -> None:
    """Areas that the file does not name move with their parents; a level further down at each turn."""
    due = Concat("parent__path", "code", Value("/"), output_field=TextField())
    children = Area.objects.filter(parent__isnull=False).annotate(due=due).exclude(path=F("due")).order_by("pk")
    while moved := list(children.values_list("pk", "due")):
        for pk, path in moved:
            Area.objects.filter(pk=pk).update(path=path)


@transaction.atomic
def import_areas(*, actor: Viewer, rows: list[AreaRow], source: str) -> tuple[int, int]:
    """Write the tree of a file, parents first: new codes are added, known ones brought up to date, none removed.

    Returns (new, known). `source` names the file for the trail.
    """
    permissions.can_import_areas(actor).require()
    known = {area.code: area for area in Area.objects.all()}
    before = len(known)
    for row in rows:
        area = known.get(row.code) or Area(code=row.code)
        parent = known[row.parent] if row.parent else None
        area.name, area.name_en, area.short_name = row.name, row.name_en, row.short_name
        area.level, area.is_local, area.is_reporting = row.level, row.is_local, row.is_reporting
        area.valid_from, area.valid_to = row.valid_from, row.valid_to
        area.parent = parent
        area.path = f"{parent.path if parent else ''}{row.code}/"
        area.save()
        known[row.code] = area
    _follow_parents()
    for row in rows:
        Area.objects.filter(code=row.code).update(successor=known[row.successor] if row.successor else None)
    new = len(known) - before
    record(
        actor=actor,
        verb="areas.area.imported",
        subject="areas.file:" + source,
        detail={"rows": len(rows), "new": new},
    )
    return new, len(rows) - new
