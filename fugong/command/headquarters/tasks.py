from __future__ import annotations

from django.db import close_old_connections, connection
from procrastinate.contrib.django import app

from fugong.command.headquarters.actions.directives import remind_of_directive
from fugong.command.headquarters.actions.meetings import prepare_meeting
from fugong.command.headquarters.selectors.agenda import to_prepare
from fugong.command.headquarters.selectors.directives import to_remind
from fugong.command.headquarters.selectors.rules import NoHeadquarters, section_on
from fugong.core import clock
from fugong.core.jobs import job
from fugong.core.memo import remembering
from fugong.core.viewer import service_viewer
from fugong.record.desk.selectors.rules import service_clock
from fugong.record.incidents.models import Incident

_HEADQUARTERS = service_viewer("headquarters")


def _amber_hours(incident: Incident) -> int:
    try:
        return section_on(incident, clock.today()).amber_hours
    except NoHeadquarters:
        return 0


def run_clocks() -> None:
    """Owners are told once of what is late or near, in service hours; agendas are made. Each in its own transaction."""
    now = clock.now()
    with remembering():  # the playbook of an incident is read once, not per directive
        due = to_remind(_HEADQUARTERS, _amber_hours)
    for directive, reminder in due:
        if service_clock(directive.owner_body, clock.day_of(now)).opening(now) <= now:
            remind_of_directive(actor=_HEADQUARTERS, directive=directive, of=reminder)
    for incident, area, kind in to_prepare(_HEADQUARTERS):
        prepare_meeting(actor=_HEADQUARTERS, incident=incident, area=area, kind=kind)


@app.periodic(cron="* * * * *")
@job(name="headquarters.tick", queueing_lock="headquarters.tick", lock="headquarters.tick")
def tick(timestamp: int) -> None:
    """Every minute, also at night: what is to be said at night is said in the morning."""
    if not connection.in_atomic_block:
        close_old_connections()
    run_clocks()
