from __future__ import annotations

from django.db import close_old_connections, connection
from procrastinate.contrib.django import app

from fugong.core import clock
from fugong.core.jobs import job
from fugong.core.viewer import service_viewer
from fugong.record.desk.actions.clocks import judge_watched, take_obstacles
from fugong.record.desk.actions.ending import escalate_request
from fugong.record.desk.actions.people import hand_over_request, remind_of_request
from fugong.record.desk.selectors.people import in_hands_of_absent
from fugong.record.desk.selectors.queue import overdue_for, to_remind, watched_for
from fugong.record.reporting.selectors.readings import reports_with_obstacles

_DESK = service_viewer("desk")


def _fresh_connection() -> None:
    if not connection.in_atomic_block:
        close_old_connections()


def run_clocks() -> None:
    """Broken promises go up, watched answers are judged, work of the absent goes over, the right people are told: each
    request in a transaction of its own.

    A worker that dies in the middle has done some of them wholly and the others not at all; the next run goes on.
    """
    for request in overdue_for(_DESK):
        escalate_request(actor=_DESK, request=request)
    for request in watched_for(_DESK):
        judge_watched(actor=_DESK, request=request)
    for request in in_hands_of_absent(_DESK):
        hand_over_request(actor=_DESK, request=request)
    for request in to_remind(_DESK):
        remind_of_request(actor=_DESK, request=request)


@app.periodic(cron="* * * * *")
@job(name="desk.tick", queueing_lock="desk.tick", lock="desk.tick")
def tick(timestamp: int) -> None:
    """Every minute, also at night: what falls due does so in service hours only."""
    _fresh_connection()
    run_clocks()


@job(name="desk.read_reports")
def read_reports(incident_id: int) -> None:
    """Reports that came as a file: their obstacles become requests, watched answers are judged."""
    _fresh_connection()
    for report in reports_with_obstacles(_DESK, incident_id, clock.today()):
        take_obstacles(actor=_DESK, report=report)
    run_clocks()
