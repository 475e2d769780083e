"""Rows of label and value for the receipt."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from fugong.core.text import in_language
from fugong.record.reporting.enums import ReportState
from fugong.record.reporting.logic.section import ReportSection
from fugong.record.reporting.logic.words import shown
from fugong.record.reporting.models import DailyReport


def _delta(now: Any, before: Any) -> str:
    if now is None or before is None or now == before:
        return ""
    change = now - before
    return f"{'+' if change > 0 else '−'}{shown(abs(change))}"


def report_rows(
    report: DailyReport, previous: DailyReport | None, section: ReportSection
) -> list[tuple[str, str, str]]:
    """(label, value, difference to the report before) of what was said."""
    labels = dict(section.choices("obstacles"))
    reasons = dict(section.choices("closed_reasons"))
    state = str(ReportState(report.state).label)
    if report.closed_reason:
        state = f"{state} · {reasons.get(report.closed_reason, report.closed_reason)}"
    rows = [
        (str(_("State")), state, ""),
        (
            str(_("On post / roster")),
            f"{report.on_post} / {report.roster}",
            _delta(report.on_post, previous.on_post if previous else None),
        ),
    ]
    if report.capacity is not None:
        before = previous.capacity if previous else None
        rows.append((str(_("Capacity used")), f"{shown(report.capacity)}%", _delta(report.capacity, before)))
    if report.supply_days is not None:
        before = previous.supply_days if previous else None
        rows.append((section.supply_label, shown(report.supply_days), _delta(report.supply_days, before)))
    rows.append(
        (
            str(_("What holds you up")),
            "、".join(labels.get(code, code) for code in report.obstacles) or str(_("Nothing")),
            "",
        )
    )
    rows += [
        (in_language(item["label"]), report.extra[item["name"]], "")
        for item in section.items
        if item["name"] in report.extra
    ]
    if report.remark:
        rows.append((str(_("Remark")), report.remark, ""))
    return rows
