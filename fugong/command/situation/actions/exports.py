"""Figures taken along as workbooks, each on record."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from fugong.base.areas.models import Area
from fugong.base.audit.actions import record
from fugong.command.situation import permissions
from fugong.command.situation.logic.limits import require_few
from fugong.command.situation.selectors.crossing import Asked, crossing
from fugong.command.situation.selectors.crossing_book import crossing_book
from fugong.command.situation.selectors.figure_book import figure_book
from fugong.command.situation.selectors.opened import opened_figure
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident


def _put_on_record(actor: Viewer, area: Area, day: date, what: str, detail: dict[str, str]) -> None:
    record(
        actor=actor,
        verb=f"situation.{what}.exported",
        subject=f"areas.area:{area.pk}",
        area_id=area.pk,
        detail={"area": area.code, "day": day.isoformat()} | detail,
    )


@transaction.atomic
def export_figure(*, actor: Viewer, incident: Incident, day: date, area: Area, code: str) -> bytes | None:
    """The figure with everything behind it as a workbook; the taking is on record. None: no such figure that day.

    Raises `OutOfScope` for an area that the viewer does not see, and `TooLarge`.
    """
    permissions.can_see_figures(actor).require()
    opened = opened_figure(actor, incident, day, area, code)
    if opened is None:
        return None
    require_few(sum(opened.expected.values()))
    _put_on_record(actor, area, day, "figure", {"code": code, "incident": incident.slug})
    return figure_book(actor, incident, opened)


@transaction.atomic
def export_crossing(*, actor: Viewer, incident: Incident, day: date, area: Area, asked: Asked) -> bytes | None:
    """A crossing as a workbook; the taking is on record. None: no such figure that day. Raises as `export_figure`."""
    permissions.can_see_figures(actor).require()
    found = crossing(actor, incident, day, area, asked)
    if found is None:
        return None
    if found.too_many:
        require_few(found.too_many)
    detail = {"code": asked.code, "rows": asked.rows, "columns": asked.columns, "incident": incident.slug}
    _put_on_record(actor, area, day, "crossing", detail)
    return crossing_book(actor, found)
