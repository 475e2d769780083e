"""The nightly check of the figures."""

from __future__ import annotations

from datetime import date

from procrastinate.contrib.django import app

from fugong.command.situation.actions.figures import repair_figures
from fugong.core import clock
from fugong.core.viewer import service_viewer
from fugong.record.incidents.selectors import incidents_over

_ACTOR = service_viewer("figures")
# Days that the nightly check holds against the facts: those that people still correct.
CHECKED_DAYS = 14


@app.periodic(cron="17 3 * * *")
@app.task(name="situation.check_figures", queueing_lock="situation.check_figures", pass_context=False)
def check_figures(timestamp: int) -> None:
    """In the night: hold the last days of every open incident against the facts; what differs is mended, on record."""
    today = clock.today()
    for incident in incidents_over(today, today):
        first, last = incident.days(today)
        since = max(first, date.fromordinal(last.toordinal() - CHECKED_DAYS))
        repair_figures(actor=_ACTOR, incident=incident, first_day=since, last_day=last)
