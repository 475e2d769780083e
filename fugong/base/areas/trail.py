"""What the acts of this room are called in the trail."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.base.areas.selectors import area_tree
from fugong.core.oversight import Named, TrailSubject, trail_subjects, trail_verbs
from fugong.core.viewer import Viewer

_VERBS = {
    "areas.area.imported": _("imported areas"),
}
for _verb, _words in _VERBS.items():
    trail_verbs.register(_verb, _words)


def _areas(viewer: Viewer, ids: list[str]) -> dict[str, Named]:
    areas = area_tree().areas
    return {pk: Named(str(areas[int(pk)]), areas[int(pk)].code) for pk in ids if pk.isdecimal() and int(pk) in areas}


def _area_ids(viewer: Viewer, text: str) -> list[str]:
    return [str(area.pk) for area in area_tree().areas.values() if text == area.code or text in area.name]


trail_subjects.register("areas.area", TrailSubject(_("area"), _areas, _area_ids))
