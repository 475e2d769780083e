"""The table of a park or a county as it is taken along: its enterprises with what they said last."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from fugong.base.spreadsheets.logic.columns import Names
from fugong.base.spreadsheets.logic.writer import Cell
from fugong.core import clock
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident
from fugong.record.incidents.selectors import playbook_on
from fugong.record.registry.selectors.enterprises import enterprises_for
from fugong.record.reporting.enums import ReportState
from fugong.record.reporting.logic.checks import field_label
from fugong.record.reporting.logic.columns import names_of
from fugong.record.reporting.logic.section import ReportSection
from fugong.record.reporting.logic.words import shown
from fugong.record.reporting.models import DailyReport
from fugong.record.reporting.selectors.items import questions_of
from fugong.record.reporting.selectors.places import incident_of, places_to_report

TEMPLATE = (
    "uscc", "name", "day", "state", "reason", "roster", "on_post", "capacity", "obstacles", "supply_days", "remark",
)  # fmt: skip
_LOOKED_BACK = timedelta(days=14)


def _section(incident: Incident) -> ReportSection:
    return ReportSection(playbook_on(incident, clock.today()).content["report"])


def names_in(scope: Mapping[str, str]) -> Names:
    """The fields of a file of reports in an incident, with the further items of its playbook."""
    incident = incident_of(scope)
    section = _section(incident)
    questions = questions_of(incident)
    asked = [*section.items, *questions.asked_on(clock.today())]
    now = {item["name"] for item in asked}
    ended = [item for item in questions.all if item["name"] not in now]
    # Two counties may ask in the same words: such a column goes by its short name alone. What has ended gives way.
    of_now = _labels(asked)
    items = {
        item["name"]: tuple(
            label for label in item["label"].values() if labels[label] == 1 and (labels is of_now or not of_now[label])
        )
        for labels, rows in ((_labels(ended), ended), (of_now, asked))
        for item in rows
    }
    own = {"uscc": _("Credit code"), "name": _("Enterprise"), "day": _("Day"), "reason": _("Reason for being closed")}
    fields = ("state", "roster", "on_post", "capacity", "obstacles", "supply_days")
    labels = own | {field: field_label(field) for field in fields} | {"remark": _("Remark")}
    return names_of(items, labels)


def _labels(items: Iterable[Mapping[str, Any]]) -> Counter[str]:
    """Label → how many of the items are called so."""
    return Counter(label for item in items for label in set(item["label"].values()))


def filled_rows(viewer: Viewer, scope: Mapping[str, str]) -> Iterator[Sequence[Cell]]:
    """One row per enterprise that the viewer may report for, with today's day and the values of its last report."""
    incident, today = incident_of(scope), clock.today()
    section = _section(incident)
    words = {name: dict(section.choices(name)) for name in ("closed_reasons", "obstacles")}
    places = places_to_report(viewer, incident)
    since = today - _LOOKED_BACK
    reports = DailyReport.objects.filter(incident=incident, day__gte=since, day__lt=today).order_by("day", "pk")
    last = {report.enterprise_id: report for report in reports.iterator()}
    rows = enterprises_for(viewer).active_on(today).filter(uscc__isnull=False).order_by("name", "pk")
    for code, name, pk in rows.values_list("uscc", "name", "pk").iterator():
        if code not in places:
            continue
        yield code, name, today.isoformat(), *_said(last.get(pk), words)


def _said(report: DailyReport | None, words: Mapping[str, Mapping[str, str]]) -> Sequence[Cell]:
    if report is None:
        return ("",) * 8
    return (
        str(ReportState(report.state).label),
        words["closed_reasons"].get(report.closed_reason, report.closed_reason),
        report.roster,
        report.on_post,
        shown(report.capacity),
        "; ".join(words["obstacles"].get(code, code) for code in report.obstacles),
        shown(report.supply_days),
        "",
    )
