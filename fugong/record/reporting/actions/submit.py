from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from fugong.base.audit.actions import record
from fugong.core import clock
from fugong.core.bulk import insert_once
from fugong.core.events import announce
from fugong.core.turns import take_turns
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident
from fugong.record.incidents.selectors import playbook_on
from fugong.record.registry.models import Enterprise
from fugong.record.reporting import permissions
from fugong.record.reporting.enums import OWN_WORD, Channel, CorrectionReason
from fugong.record.reporting.events import ReportSubmitted
from fugong.record.reporting.logic.checks import Finding, ReportValues, check_report
from fugong.record.reporting.logic.names import turn_of_day, turn_of_report
from fugong.record.reporting.logic.section import rules_of
from fugong.record.reporting.logic.times import Locked
from fugong.record.reporting.models import DailyReport, SupersededReport
from fugong.record.reporting.selectors.items import section_for
from fugong.record.reporting.selectors.locks import DayRules, times_on
from fugong.record.reporting.selectors.stands import stands_on

FIELDS = (
    "state", "closed_reason", "roster", "on_post", "capacity", "obstacles", "supply_days", "remark", "extra",
)  # fmt: skip


class ReportRefused(ValueError):
    """The report has errors, or warnings without a reason; nothing was written. Of several: `incident` refuses."""

    incident: Incident | None = None

    def __init__(self, errors: Sequence[Finding], warnings: Sequence[Finding]) -> None:
        super().__init__("; ".join(finding.text for finding in (*errors, *warnings)))
        self.errors, self.warnings = tuple(errors), tuple(warnings)


class ReportLocked(ValueError):
    """The day takes no report any more; `locked` says why, since when and who opens it. Nothing was written."""

    def __init__(self, locked: Locked) -> None:
        super().__init__(locked.words)
        self.locked = locked


@dataclass(frozen=True, slots=True)
class Sending:
    """How a report came: by which channel, how many seconds it took, under which key of the device.

    `correction_reason`: a code of `CorrectionReason`, asked when a report is corrected after its due time. On behalf:
    `means` (a code of `Means`) and `told_by` say how it was learnt and from whom. `seen` is the revision that the
    sender had before the eyes, 0 for none, None when unknown. `gives_way`: the sender saw another report and chose
    that one; this one goes into the history only.
    """

    channel: Channel = Channel.PHONE
    seconds: int | None = None
    client_key: UUID | None = None
    warning_reason: str = ""
    correction_reason: str = ""
    means: str = ""
    told_by: str = ""
    seen: int | None = None
    gives_way: bool = False


def _as_json(values: ReportValues) -> dict[str, Any]:
    """Values as the history keeps them."""
    plain = {name: getattr(values, name) for name in FIELDS} | {"obstacles": list(values.obstacles)}
    for name in ("capacity", "supply_days"):
        plain[name] = None if plain[name] is None else str(plain[name])
    return plain | {"extra": dict(values.extra)}


def _keep_history(report: DailyReport) -> None:
    SupersededReport.objects.create(
        report=report,
        revision=report.revision,
        values=_as_json(report.said())
        | {
            "warning_reason": report.warning_reason,
            "client_key": None if report.client_key is None else str(report.client_key),
            "correction_reason": report.correction_reason,
            "is_late": report.is_late,
            "means": report.means,
            "told_by": report.told_by,
        },
        channel=report.channel,
        reported_by_id=report.reported_by_id,
        reported_by_name=report.reported_by_name,
        submitted_at=report.submitted_at,
    )


def _gives_way(report: DailyReport, sending: Sending) -> bool:
    """The enterprise's own word goes before one entered on its behalf by somebody who had not seen it."""
    if sending.gives_way:
        return True
    on_behalf = sending.channel == Channel.ON_BEHALF
    return on_behalf and report.channel in OWN_WORD and sending.seen != report.revision


def _set_aside(actor: Viewer, report: DailyReport, values: ReportValues, sending: Sending) -> DailyReport:
    """Keep what was sent in the history, beside the report that stands."""
    SupersededReport.objects.create(
        report=report,
        revision=report.revision,
        values=_as_json(values)
        | {
            "warning_reason": sending.warning_reason,
            "client_key": None if sending.client_key is None else str(sending.client_key),
            "means": sending.means,
            "told_by": sending.told_by,
        },
        channel=sending.channel,
        reported_by_id=actor.id,
        reported_by_name=actor.name,
        submitted_at=clock.now(),
        was_set_aside=True,
    )
    report.revision += 1
    report.save(update_fields=["revision"])
    _put_on_record(actor, report, "set_aside")
    return report


def _has_arrived(report: DailyReport, key: UUID | None, values: ReportValues) -> bool:
    """The device sends again what it believes lost; meanwhile it may even have been corrected.

    Other values under the same key are no repetition: somebody went back to the page and mended a number.
    """
    if key is None:
        return False
    if report.client_key == key and report.said() == values:
        return True
    if report.revision == 1:
        return False
    said, known = _as_json(values), report.superseded.filter(values__client_key=str(key)).order_by("revision")
    return any(_same(said, one.values) for one in known)


def _same(said: dict[str, Any], stored: dict[str, Any]) -> bool:
    numbers = ("capacity", "supply_days")
    return all(said[name] == stored[name] for name in FIELDS if name not in numbers) and all(
        (said[name] is None) == (stored[name] is None)
        and (said[name] is None or Decimal(said[name]) == Decimal(stored[name]))
        for name in numbers
    )


def _check(
    incident: Incident, before: DailyReport | None, area_id: int, day: date, values: ReportValues, reason: str
) -> int:
    """The playbook version the report is held against. Raises `ReportRefused`."""
    section = section_for(incident, area_id, day)
    errors, warnings = check_report(values, before.said() if before else None, rules_of(section))
    if errors or (warnings and not reason):
        raise ReportRefused(errors, warnings)
    return playbook_on(incident, day).pk


@transaction.atomic
def submit_report(
    *,
    actor: Viewer,
    incident: Incident,
    enterprise: Enterprise,
    day: date,
    values: ReportValues,
    sending: Sending,
) -> DailyReport:
    """Send or correct the report of an enterprise for a day; a correction keeps what stood before.

    The same device key again, or the same values again, changes nothing and returns what is stored: a report that was
    sent twice is stored once. The enterprise's own word stands before one entered on its behalf unseen, which the
    history keeps as set aside. Raises `Denied`; `ReportLocked`; `ReportRefused` for errors, for warnings without a
    reason, and for a correction after the due time without one.
    """
    permissions.can_send(actor, enterprise, sending.channel).require()
    return _submit(actor, incident, enterprise, day, values, sending)


@transaction.atomic
def submit_reports(
    *,
    actor: Viewer,
    enterprise: Enterprise,
    day: date,
    said: Sequence[tuple[Incident, ReportValues]],
    sending: Sending,
) -> list[DailyReport]:
    """Send the report of an enterprise's day to several incidents: all of them or none.

    Raises what `submit_report` does; a `ReportRefused` names the incident that refuses.
    """
    permissions.can_send(actor, enterprise, sending.channel).require()
    stored = []
    # In one order, so that two senders wait for each other and do not embrace.
    for incident, values in sorted(said, key=lambda one: one[0].pk):
        try:
            stored.append(_submit(actor, incident, enterprise, day, values, sending))
        except ReportRefused as refused:
            refused.incident = incident
            raise
    return stored


def _submit(
    actor: Viewer, incident: Incident, enterprise: Enterprise, day: date, values: ReportValues, sending: Sending
) -> DailyReport:
    take_turns(shared=turn_of_day(incident.pk, day), alone=turn_of_report(incident.pk, enterprise.pk, day))
    # Other senders wait for this one's turn; a file that brings the day meanwhile is met by the insert.
    stands = stands_on(incident, enterprise, day)
    report = stands.report and _held(stands.report.pk)
    if report is not None and _has_arrived(report, sending.client_key, values):
        return report
    area_id = report.managing_area_id if report else enterprise.managing_area_id
    _require_open(actor, incident, enterprise, day, area_id, stands.rules)
    version_id = _check(incident, stands.before, area_id, day, values, sending.warning_reason)
    is_late = clock.now() > times_on(incident, area_id, day).due_at
    if report is None:
        report = _fill(
            DailyReport(incident=incident, enterprise=enterprise, day=day), actor, values, sending, version_id
        )
        report.managing_area_id, report.is_late = area_id, is_late
        if insert_once(report):
            return _told(actor, report, "submitted")
        # A file brought the same day in between: this report corrects it.
        report = _held(DailyReport.objects.get(incident=incident, enterprise=enterprise, day=day).pk)
    if report.said() == values and report.warning_reason == sending.warning_reason:
        return report
    if _gives_way(report, sending):
        return _set_aside(actor, report, values, sending)
    reason = _reason_of_correction(sending, is_needed=is_late)
    _keep_history(report)
    report.revision += 1
    report.correction_reason = reason
    _fill(report, actor, values, sending, version_id).save()
    return _told(actor, report, "corrected")


def _held(pk: int) -> DailyReport:
    """A report that keeps still from now on."""
    return DailyReport.objects.select_for_update().get(pk=pk)


def _require_open(
    actor: Viewer, incident: Incident, enterprise: Enterprise, day: date, area_id: int, rules: DayRules
) -> None:
    """Raise `ReportLocked` for a locked day, `Denied` for one that this person does not report."""
    if locked := rules.locked(area_id, enterprise.pk, day):
        raise ReportLocked(locked)
    is_opened = day != clock.today() and rules.opened(area_id, enterprise.pk, day) is not None
    permissions.can_report_day(actor, incident, day, is_opened=is_opened).require()


def _reason_of_correction(sending: Sending, *, is_needed: bool) -> str:
    """The code to store. Raises `ReportRefused` when one is needed and none, or an unknown one, is given."""
    reason = sending.correction_reason
    if (reason or is_needed) and reason not in CorrectionReason.values:
        finding = Finding(
            "error", "correction_reason", _("A correction after the due time gives its reason"), _("Choose a reason")
        )
        raise ReportRefused([finding], [])
    return reason


def _put_on_record(actor: Viewer, report: DailyReport, what: str) -> None:
    record(
        actor=actor,
        verb=f"reporting.report.{what}",
        subject=f"reporting.report:{report.pk}",
        area_id=report.managing_area_id,
        detail={"enterprise": report.enterprise_id, "day": report.day.isoformat(), "revision": report.revision},
    )


def _told(actor: Viewer, report: DailyReport, what: str) -> DailyReport:
    """Put it on record and announce it to the books above."""
    _put_on_record(actor, report, what)
    announce(
        ReportSubmitted(
            report.pk,
            report.incident_id,
            report.enterprise_id,
            report.day,
            frozenset({report.managing_area_id}),
            tuple(report.obstacles),
        )
    )
    return report


def _fill(report: DailyReport, actor: Viewer, values: ReportValues, sending: Sending, version_id: int) -> DailyReport:
    for name in FIELDS:
        setattr(report, name, getattr(values, name))
    report.obstacles, report.extra = list(values.obstacles), dict(values.extra)
    report.playbook_version_id = version_id
    report.warning_reason = sending.warning_reason
    report.channel = sending.channel
    report.means, report.told_by = sending.means, sending.told_by
    report.seconds_taken = sending.seconds
    report.client_key = sending.client_key
    report.reported_by_id, report.reported_by_name = actor.id, actor.name
    report.submitted_at = clock.now()
    return report
