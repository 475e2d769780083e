from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from fugong.base.areas import permissions
from fugong.base.areas.logic.rows import AreaRow, BadAreaFile
from fugong.base.areas.models import Area
from fugong.base.audit.actions import record
from fugong.core.viewer import Viewer

_WRITTEN = ("name", "name_en", "short_name", "level", "is_local", "is_reporting", "valid_from", "valid_to")


@dataclass(frozen=True, slots=True)
class AreaImport:
    """What a file of areas does to the tree: rows read, codes new, changed, the same; `ended`: with a last day."""

    read: int
    new: int
    changed: int
    same: int
    ended: int


def _row_of(known: dict[str, Area], row: AreaRow) -> Area:
    """The area as the row states it, not saved yet."""
    area = known.get(row.code) or Area(code=row.code)
    for name in _WRITTEN:
        setattr(area, name, getattr(row, name))
    area.parent = known[row.parent] if row.parent else None
    area.path = f"{area.parent.path if area.parent else ''}{row.code}/"
    return area


def _one_root(known: dict[str, Area]) -> None:
    roots = sorted(area.code for area in known.values() if area.parent_id is None)
    if len(roots) > 1:
        raise BadAreaFile(
            _("A place has one area at the top; here are %(codes)s. Give all but one a parent.")
            % {"codes": ", ".join(roots)}
        )


def _state(area: Area) -> tuple[object, ...]:
    return (*(getattr(area, name) for name in _WRITTEN), area.parent_id, area.path, area.successor_id)


def _write(rows: list[AreaRow]) -> AreaImport:
    known = {area.code: area for area in Area.objects.order_by("path")}
    before = {code: _state(area) for code, area in known.items()}
    named = {row.code for row in rows}
    for row in rows:
        known[row.code] = _row_of(known, row)
        known[row.code].save()
    # An area that moved in the tree takes along those beneath it that the file does not name.
    for area in sorted(known.values(), key=lambda area: area.path.count("/")):
        if area.code not in named and area.parent is not None:
            path = f"{known[area.parent.code].path}{area.code}/"
            if path != area.path:
                area.path = path
                area.save()
    for row in rows:
        area = known[row.code]
        area.successor = known[row.successor] if row.successor else None
        area.save()
    _one_root(known)
    new = len(known) - len(before)
    changed = sum(1 for row in rows if row.code in before and before[row.code] != _state(known[row.code]))
    ended = sum(1 for row in rows if row.valid_to is not None)
    return AreaImport(len(rows), new, changed, len(rows) - new - changed, ended)


@transaction.atomic
def preview_areas(*, actor: Viewer, rows: list[AreaRow]) -> AreaImport:
    """What `import_areas` would do with these rows; nothing is kept. Raises `BadAreaFile` as it does."""
    permissions.can_import_areas(actor).require()
    point = transaction.savepoint()
    try:
        return _write(rows)
    finally:
        transaction.savepoint_rollback(point)


@transaction.atomic
def import_areas(*, actor: Viewer, rows: list[AreaRow], source: str) -> AreaImport:
    """Write the tree of a file, parents first: new codes are added, known ones brought up to date, none removed.

    `source` names the file for the trail. Raises `BadAreaFile` when the place would have two areas at the top.
    """
    permissions.can_import_areas(actor).require()
    done = _write(rows)
    record(
        actor=actor,
        verb="areas.area.imported",
        subject="areas.file:" + source,
        area_id=None,  # the tree is the whole place's
        detail={"rows": done.read, "new": done.new, "changed": done.changed},
    )
    return done
