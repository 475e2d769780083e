"""What areas ask besides the playbook. Like a form, the questions are no secret to those who report."""

from __future__ import annotations

from datetime import date
from typing import Any

from fugong.base.areas.selectors import area_tree
from fugong.core import clock
from fugong.core.decision import OutOfScope
from fugong.core.memo import once_per_request
from fugong.core.text import in_language
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident
from fugong.record.incidents.selectors import playbook_on
from fugong.record.reporting.logic.section import ReportSection
from fugong.record.reporting.models import AreaItem
from fugong.record.reporting.selectors.book import book_of
from fugong.record.reporting.selectors.duties import Duty


class Questions:
    """All questions that the areas of an incident ask or asked, read once; what is asked where comes from memory."""

    def __init__(self, incident: Incident) -> None:
        self._rows = book_of(incident).items
        self._tree = area_tree() if self._rows else None
        if self._tree is not None:
            for row in self._rows:
                row.area = self._tree.areas[row.area_id]
        self._found: dict[tuple[int, date], tuple[dict[str, Any], ...]] = {}

    @property
    def all(self) -> tuple[dict[str, Any], ...]:
        """Of any area and day."""
        return tuple(_as_asked(item) for item in self._rows)

    def asked_on(self, day: date) -> tuple[dict[str, Any], ...]:
        """Of any area on a day."""
        return tuple(_as_asked(row) for row in self._of_day(day))

    def _of_day(self, day: date) -> list[AreaItem]:
        return [row for row in self._rows if row.valid_from <= day and (row.valid_to or day) >= day]

    def on(self, area_id: int, day: date) -> tuple[dict[str, Any], ...]:
        """Of the area and those above it on a day, the widest area first."""
        if self._tree is None:
            return ()
        if (area_id, day) not in self._found:
            asked = self._of_day(day)
            chain = reversed(self._tree.ancestors(self._tree.areas[area_id]))
            self._found[area_id, day] = tuple(
                _as_asked(row) for above in chain for row in asked if row.area_id == above.pk
            )
        return self._found[area_id, day]


@once_per_request
def questions_of(incident: Incident) -> Questions:
    """The questions of the areas of an incident. One query in a request."""
    return Questions(incident)


def key_of(item: AreaItem) -> str:
    """The name under which reports keep the answer; the point keeps it apart from the names of a playbook."""
    return f"{item.area.code}.{item.name}"


def _as_asked(item: AreaItem) -> dict[str, Any]:
    """In the shape of a playbook's item, with its unit, its area, and whether it must be answered."""
    return {
        "name": key_of(item),
        "type": item.type,
        "label": {"zh": item.label_zh, "en": item.label_en},
        "hint": {"zh": f"{item.area.name}增设", "en": f"Asked by {item.area.name_en or item.area.name}"},
        "unit": item.unit,
        "is_required": item.is_required,
        "area": item.area.code,
    }


def section_for(incident: Incident, area_id: int, day: date) -> ReportSection:
    """What the enterprises of an area are asked on a day: the playbook's items, then those of the areas."""
    return ReportSection(playbook_on(incident, day).content["report"], questions_of(incident).on(area_id, day))


def item_labels(incident: Incident) -> dict[str, str]:
    """Name → what it is called, of every further item that the playbook asks today or an area asks or asked."""
    section = ReportSection(playbook_on(incident, clock.today()).content["report"], questions_of(incident).all)
    return {item["name"]: in_language(item["label"]) for item in section.items}


def section_of(duty: Duty) -> ReportSection:
    """What a duty asks: by the area that its report counts in, or would."""
    area_id = duty.report.managing_area_id if duty.report else duty.enterprise.managing_area_id
    return section_for(duty.incident, area_id, duty.day)


def items_seen(viewer: Viewer, incident: Incident) -> list[AreaItem]:
    """The questions of an incident for the viewer's areas and those above, the latest first."""
    tree = area_tree()
    above = {area.pk for pk in viewer.area_ids if pk in tree.areas for area in tree.ancestors(tree.areas[pk])}
    rows = AreaItem.objects.filter(incident=incident).select_related("area").order_by("-valid_from", "-pk")
    return [row for row in rows if viewer.covers(row.area_id) or row.area_id in above]


def item_for(viewer: Viewer, incident: Incident, pk: int) -> AreaItem:
    """One question of the viewer's areas. Raises `OutOfScope`."""
    item = next((item for item in items_seen(viewer, incident) if item.pk == pk), None)
    if item is None:
        raise OutOfScope(f"item {pk}")
    return item
