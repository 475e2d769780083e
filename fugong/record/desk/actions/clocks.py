"""What happens by itself: broken promises go up, obstacles of reports become requests, reports judge answers."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from fugong.core import clock
from fugong.core.text import in_language
from fugong.core.viewer import Viewer
from fugong.record.desk import permissions
from fugong.record.desk.actions.case import Case
from fugong.record.desk.actions.opening import Asked, open_request
from fugong.record.desk.enums import Channel, EntryKind, RequestEnd, RequestState
from fugong.record.desk.logic.section import NobodyToTurnTo
from fugong.record.desk.logic.watching import METRICS, Verdict, verdict
from fugong.record.desk.models import Request
from fugong.record.desk.selectors.rules import NoDesk, section_on
from fugong.record.reporting.models import DailyReport
from fugong.record.reporting.selectors.duties import report_section
from fugong.record.reporting.selectors.readings import reports_since


@transaction.atomic
def judge_watched(*, actor: Viewer, request: Request) -> Verdict:
    """Hold an answer against the reports since: it moved and ends, it did not and comes back one level up, or wait."""
    permissions.can_run_clocks(actor).require()
    case = Case.held(actor, request)
    row = case.row
    if row.state != RequestState.WATCHING or row.watch_from is None or row.watch_until is None:
        return Verdict.OPEN
    section = section_on(row.incident, clock.today())
    metric = METRICS[row.watch_metric]
    reports = reports_since(actor, row.incident_id, [row.enterprise_id], row.watch_from).get(row.enterprise_id, [])
    assert row.watch_target is not None
    found = verdict(
        [(report.day, metric.value(report)) for report in reports],
        row.watch_target,
        needed=section.watch_days,
        last_day=row.watch_until,
        today=clock.today(),
    )
    if found == Verdict.OPEN:
        return found
    last = metric.value(reports[-1]) if reports else None
    words = _("%(metric)s: %(last)s, to reach %(target)s") % {
        "metric": metric.label,
        "last": "—" if last is None else last,
        "target": f"{row.watch_target:f}".rstrip("0").rstrip("."),
    }
    if found == Verdict.MOVED:
        case.told(EntryKind.MOVED, words)
        case.end(RequestEnd.SOLVED)
    else:
        case.told(EntryKind.NOT_MOVED, words)
        case.come_back()
    case.saved()
    return found


@transaction.atomic
def take_obstacles(*, actor: Viewer, report: DailyReport) -> list[Request]:
    """Each obstacle of a report becomes a request, or is recognised in the one that is open; nobody types it again."""
    permissions.can_run_clocks(actor).require()
    if not report.obstacles or report.day != clock.today():
        return []
    try:
        section = section_on(report.incident, report.day)
    except NoDesk:
        return []
    labels = {row["code"]: in_language(row) for row in report_section(report.incident, report.day).content["obstacles"]}
    opened = []
    for obstacle in report.obstacles:
        category = section.for_obstacle(obstacle)
        if category is None:
            continue
        short = max(report.roster - report.on_post, 0)
        title = labels.get(obstacle, obstacle)
        if category.metric == "on_post" and short:
            title = _("%(what)s: %(people)d people short") % {"what": title, "people": short}
        asked = Asked(
            category=category.code,
            title=title,
            text=report.remark,
            people_waiting=short if category.metric == "on_post" else report.roster,
            channel=Channel.REPORT,
            obstacle=obstacle,
            asked_by_name=report.reported_by_name,
        )
        try:
            request = open_request(actor=actor, incident=report.incident, enterprise=report.enterprise, asked=asked)
        except NobodyToTurnTo:
            continue
        opened.append(request)
    return opened
