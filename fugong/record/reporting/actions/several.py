from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident
from fugong.record.registry.models import Enterprise
from fugong.record.reporting import permissions
from fugong.record.reporting.actions.submit import ReportRefused, Sending, submit_report
from fugong.record.reporting.logic.checks import ReportValues
from fugong.record.reporting.models import DailyReport


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
            report = submit_report(
                actor=actor, incident=incident, enterprise=enterprise, day=day, values=values, sending=sending
            )
        except ReportRefused as refused:
            refused.incident = incident
            raise
        stored.append(report)
    return stored
