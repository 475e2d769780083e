"""The reports of a day as a sheet: every answer in a column of its own, also of questions that have ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from django.db.models import F, Func, QuerySet, TextField
from django.utils.translation import gettext as _

from fugong.base.areas.models import Area
from fugong.base.areas.selectors import area_tree
from fugong.base.spreadsheets.logic.writer import Cell, SheetData
from fugong.core import clock
from fugong.core.decision import OutOfScope
from fugong.core.text import in_language
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident
from fugong.record.reporting.enums import CorrectionReason
from fugong.record.reporting.logic.checks import field_label
from fugong.record.reporting.logic.words import shown
from fugong.record.reporting.models import DailyReport, DayExport
from fugong.record.reporting.selectors.duties import report_section
from fugong.record.reporting.selectors.items import questions_of

# So many reports are read at once, and told as progress.
BATCH = 2_000


def reports_of_day(viewer: Viewer, incident: Incident, day: date, area: Area) -> QuerySet[DailyReport]:
    """The reports that count in an area on a day, of the areas that the viewer sees, by area and name."""
    within = [pk for pk in area_tree().within(area) if viewer.covers(pk)]
    rows = DailyReport.objects.filter(incident=incident, day=day, managing_area_id__in=within)
    return rows.select_related("enterprise").order_by("managing_area__path", "enterprise__name", "pk")


def day_sheet(
    viewer: Viewer, incident: Incident, day: date, reports: QuerySet[DailyReport], each: Callable[[int], None]
) -> SheetData:
    """The sheet of reports that the viewer may see (`reports_of_day`), read while they are written.

    `each` is told how many so far, after each batch.
    """
    section = report_section(incident, day)
    lists = {name: dict(section.choices(name)) for name in ("closed_reasons", "obstacles", "warning_reasons")}
    items = _items(incident, day, reports, section.items)
    fields = ("state", "roster", "on_post", "capacity", "supply_days")
    labels = {name: field_label(name) for name in fields} | {"supply_days": section.supply_label}
    header = (
        _("Credit code"), _("Enterprise"), _("Area"), _("Day"), labels["state"], _("Reason for being closed"),
        labels["roster"], labels["on_post"], labels["capacity"], field_label("obstacles"), labels["supply_days"],
        *items.values(), _("Remark"), _("Reason for the unusual"), _("Reported by"), _("Channel"), _("Received at"),
        _("Late"), _("Revision"), _("Reason for the correction"),
    )  # fmt: skip

    def rows() -> Iterator[tuple[Cell, ...]]:
        areas, done = area_tree().areas, 0
        for report in reports.iterator(chunk_size=BATCH):
            if viewer.covers(report.managing_area_id):
                yield _row(report, str(areas[report.managing_area_id]), items, lists)
            done += 1
            if done % BATCH == 0:
                each(done)
        each(done)

    return SheetData(f"{day.isoformat()}", header, rows())


def _items(
    incident: Incident, day: date, reports: QuerySet[DailyReport], playbook: list[dict[str, Any]]
) -> dict[str, str]:
    """Name → heading of the further items: those asked on the day where the reports count, and any other answered."""
    questions = questions_of(incident)
    known = {item["name"]: item for item in (*playbook, *questions.all)}
    areas = reports.order_by("managing_area").values_list("managing_area", flat=True).distinct()
    names = Func(F("extra"), function="jsonb_object_keys", output_field=TextField())
    answered = reports.annotate(answered=names).order_by("answered").values_list("answered", flat=True).distinct()
    asked = [item["name"] for item in playbook]
    asked += [item["name"] for pk in areas for item in questions.on(pk, day)]
    return {name: _heading(name, known.get(name)) for name in dict.fromkeys((*asked, *answered))}


def _heading(name: str, item: Mapping[str, Any] | None) -> str:
    """“Tents (顶) · Asked by Dongchangfu”; the bare name where nobody knows the question any more."""
    if item is None:
        return name
    label = in_language(item["label"])
    label = f"{label} ({item['unit']})" if item.get("unit") else label
    return f"{label} · {in_language(item['hint'])}" if item.get("area") else label


def _row(
    report: DailyReport, area: str, items: Mapping[str, str], lists: Mapping[str, Mapping[str, str]]
) -> tuple[Cell, ...]:
    reason = report.correction_reason
    return (
        report.enterprise.code,
        report.enterprise.name,
        area,
        report.day,
        report.get_state_display(),
        lists["closed_reasons"].get(report.closed_reason, report.closed_reason),
        report.roster,
        report.on_post,
        report.capacity,
        "; ".join(lists["obstacles"].get(code, code) for code in report.obstacles),
        report.supply_days,
        *(shown(report.extra.get(name)) for name in items),
        report.remark,
        lists["warning_reasons"].get(report.warning_reason, report.warning_reason),
        report.reported_by_name,
        report.get_channel_display(),
        clock.local(report.submitted_at),
        _("yes") if report.is_late else "",
        report.revision,
        str(CorrectionReason(reason).label) if reason else "",
    )


def export_for(viewer: Viewer, pk: int) -> DayExport:
    """An export that the viewer asked for. Raises `OutOfScope` for anybody else's."""
    run = DayExport.objects.filter(pk=pk, actor_id=viewer.id).select_related("actor", "incident", "area").first()
    if run is None:
        raise OutOfScope(f"export {pk}")
    return run
