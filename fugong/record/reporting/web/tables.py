"""Rows of label and value for the receipt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from fugong.core.text import in_language
from fugong.record.reporting.enums import Channel, CorrectionReason, Means, ReportState
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


def _source(channel: str, name: str, means: str, told_by: str) -> str:
    """Who entered a report and how: 李 · official on behalf (telephone, told by 王)."""
    how = [str(Means(means).label)] if means else []
    how += [_("told by %(name)s") % {"name": told_by}] if told_by else []
    words = f"{name} · {Channel(channel).label}"
    return f"{words} ({', '.join(how)})" if how else words


def history_row(report: DailyReport, labels: Mapping[str, str]) -> dict[str, Any]:
    """A day of the enterprise's own history, with every word that was said of it before or set aside.

    `labels`: what the further items are called; one that nobody knows any more goes by its name.
    """
    before = [
        {
            "on_post": old.values["on_post"],
            "roster": old.values["roster"],
            "at": old.submitted_at,
            "source": _source(
                old.channel, old.reported_by_name, old.values.get("means", ""), old.values.get("told_by", "")
            ),
            "was_set_aside": old.was_set_aside,
        }
        for old in sorted(report.superseded.all(), key=lambda old: old.submitted_at)
    ]
    reason = report.correction_reason
    return {
        "day": report.day,
        "state_label": report.get_state_display(),
        "roster": report.roster,
        "on_post": report.on_post,
        "capacity": shown(report.capacity),
        "items": [(labels.get(name, name), value) for name, value in sorted(report.extra.items())],
        "source": _source(report.channel, report.reported_by_name, report.means, report.told_by),
        "revision": report.revision,
        "submitted_at": report.submitted_at,
        "is_late": report.is_late,
        "correction": CorrectionReason(reason).label if reason else "",
        "before": before,
    }
