from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from fugong.core import clock
from fugong.core.decision import ALLOWED, Decision, allowed_if
from fugong.core.roles import SEES_AREA, Role
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident
from fugong.record.registry.models import Enterprise
from fugong.record.registry.permissions import can_register_enterprise
from fugong.record.reporting.enums import Channel
from fugong.record.reporting.models import DayExport

# Who enters reports on behalf within the area of the own mandate.
ON_BEHALF = (Role.BUREAU_CLERK, Role.TOWNSHIP_CADRE, Role.DUTY_OFFICER)
# Who brings in files of reports for the area of the own mandate.
FILES = (Role.BUREAU_CLERK, Role.DUTY_OFFICER)
# Who speaks for a body about its area.
TOTAL_ROLES = (Role.BUREAU_CLERK, Role.DUTY_OFFICER, Role.TOWNSHIP_CADRE)


def _takes_reports(enterprise: Enterprise) -> Decision:
    if enterprise.closed_on is not None and enterprise.closed_on <= clock.today():
        return Decision(False, _("The enterprise is closed for good; nothing is reported for it."))
    if enterprise.merged_into_id is not None:
        return Decision(False, _("The enterprise was merged into another; report for that one."))
    return ALLOWED


def can_report(viewer: Viewer, enterprise: Enterprise) -> Decision:
    """Its reporter reports for an enterprise; an official on behalf comes by another door."""
    if not (alive := _takes_reports(enterprise)):
        return alive
    return allowed_if(
        viewer.acts_for(enterprise.pk, Role.REPORTER),
        _("You do not report for this enterprise; its bureau clerk gives this right."),
    )


def can_report_on_behalf(viewer: Viewer, enterprise: Enterprise) -> Decision:
    """An official of the area enters what an enterprise tells by telephone or at the gate, or its liaison officer."""
    if not (alive := _takes_reports(enterprise)):
        return alive
    if viewer.acts_for(enterprise.pk, Role.LIAISON_OFFICER):
        return ALLOWED
    return allowed_if(
        viewer.holds(enterprise.managing_area_id, *ON_BEHALF),
        _("Reports on behalf are entered by bureau clerks, township cadres and duty officers of the area."),
    )


def can_send(viewer: Viewer, enterprise: Enterprise, channel: str) -> Decision:
    """By the door it comes through: the enterprise's own, or the officials'; never both in one condition."""
    return (can_report_on_behalf if channel == Channel.ON_BEHALF else can_report)(viewer, enterprise)


def can_report_day(viewer: Viewer, incident: Incident, day: date, *, is_opened: bool = False) -> Decision:
    """A reporter reports the present day of an open incident; another day once the duty officer has opened it.

    Officials report any day of the incident so far, as a file or on behalf.
    """
    if incident.ended_on is not None and incident.ended_on < day:
        return Decision(False, _("The incident has ended; nothing is reported for it any more."))
    if not incident.started_on <= day <= clock.today():
        return Decision(False, _("Choose a day of the incident, today at the latest."))
    return allowed_if(
        is_opened or day == clock.today() or viewer.has(*ON_BEHALF, Role.LIAISON_OFFICER),
        _("Only today is reported here. The duty officer can open another day for you."),
    )


def can_lock_day(viewer: Viewer, area_id: int) -> Decision:
    return allowed_if(
        viewer.holds(area_id, Role.DUTY_OFFICER, Role.COMMANDER, Role.BUREAU_CLERK),
        _("A day is locked by the duty officer, the commander or a bureau clerk of the area."),
    )


def can_open_lock(viewer: Viewer, area_id: int | None) -> Decision:
    return allowed_if(
        viewer.holds(area_id, Role.DUTY_OFFICER),
        _("A locked day is opened by the duty officer of the area."),
    )


def can_set_due_time(viewer: Viewer, area_id: int) -> Decision:
    return allowed_if(
        viewer.holds(area_id, Role.DUTY_OFFICER, Role.COMMANDER),
        _("Due times are set by the duty officer or the commander of the area."),
    )


def can_ask_item(viewer: Viewer, area_id: int) -> Decision:
    return allowed_if(
        viewer.holds(area_id, *FILES),
        _("Further questions are asked by bureau clerks and duty officers of the area."),
    )


def can_see_missing(viewer: Viewer) -> Decision:
    return allowed_if(viewer.has(*SEES_AREA), _("Who has not reported is shown to officials of the area."))


def can_fetch_day_export(viewer: Viewer, export: DayExport) -> Decision:
    """A file is fetched by the person who asked for it, while the reports may be seen."""
    mine = allowed_if(viewer.id == export.actor_id, _("Another person asked for this file; ask for your own."))
    return mine and can_see_missing(viewer)


def can_end_day_export(viewer: Viewer, export: DayExport) -> Decision:
    """The job ends it in the name of the person who asked."""
    return allowed_if(viewer.id == export.actor_id, _("Another person asked for this file; ask for your own."))


def can_remind(viewer: Viewer, area_id: int) -> Decision:
    return allowed_if(
        viewer.holds(area_id, *ON_BEHALF),
        _("Reminders are sent by bureau clerks, township cadres and duty officers of the area."),
    )


def can_open_outbox(viewer: Viewer) -> Decision:
    """Whoever works in the hand without a network: reporters, and the officers who look after enterprises."""
    return allowed_if(
        viewer.has(Role.REPORTER, Role.LIAISON_OFFICER),
        _("This page is for those who report for an enterprise or look after one."),
    )


def can_forget_drafts(viewer: Viewer) -> Decision:
    return allowed_if(viewer.is_service, _("What nobody sends is forgotten by the server itself."))


def can_import_reports(viewer: Viewer) -> Decision:
    return allowed_if(
        viewer.is_service or viewer.has(*FILES),
        _("Files of reports are brought in by bureau clerks and duty officers."),
    )


def can_take_over_history(viewer: Viewer) -> Decision:
    """Books of another system carry the hours at which it received its reports: only who runs the server vouches."""
    return allowed_if(viewer.is_service, _("Books of another system are brought in on the server only."))


def can_take_over_reports(viewer: Viewer, kept: Enterprise, dropped: Enterprise) -> Decision:
    """Part of a merge, which was asked for both enterprises: the second must lead to the first by now."""
    if dropped.merged_into_id != kept.pk:
        return Decision(False, _("Reports go to another enterprise only when the two are merged."))
    return can_register_enterprise(viewer, kept.managing_area_id)


def can_see_totals(viewer: Viewer) -> Decision:
    return allowed_if(viewer.is_service or viewer.has(*SEES_AREA), _("Totals of areas are seen by officials."))


def can_state_total(viewer: Viewer, area_id: int) -> Decision:
    """A body states the total of its own area, or of one beneath it."""
    return allowed_if(
        viewer.holds(area_id, *TOTAL_ROLES),
        _("Totals are stated by bureau clerks, duty officers and township cadres of the area."),
    )


def can_state_total_of_day(viewer: Viewer, incident: Incident, day: date) -> Decision:
    """Totals are of a day of the incident that has come."""
    first, last = incident.days(clock.today())
    return allowed_if(
        first <= day <= last, _("The day lies outside the incident, or has not come yet. Choose another day.")
    )
