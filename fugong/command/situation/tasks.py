"""The nightly check of the figures; the figures, files and later corrections of bulletins."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import translation
from django.utils.translation import gettext as _
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from fugong.base.accounts.selectors import viewer_by_id, viewer_for
from fugong.base.documents.logic.pdf import PdfUnavailable
from fugong.command.situation.actions import bulletin_figures, bulletin_outputs
from fugong.command.situation.actions.figures import repair_figures
from fugong.command.situation.logic.bulletin_changes import changes_as_json
from fugong.command.situation.models import Bulletin, BulletinOutput
from fugong.command.situation.selectors.bulletin_book import content_of
from fugong.command.situation.selectors.bulletins import bulletin_for
from fugong.core import clock
from fugong.core.decision import Denied, OutOfScope
from fugong.core.files import write_bytes, write_side
from fugong.core.jobs import job
from fugong.core.viewer import Viewer, service_viewer
from fugong.record.incidents.selectors import incidents_over

_ACTOR = service_viewer("figures")
# Days that the nightly check holds against the facts: those that people still correct.
CHECKED_DAYS = 14
_ATTEMPTS = 4
_RETRY = RetryStrategy(max_attempts=_ATTEMPTS, wait=2)


@app.periodic(cron="17 3 * * *")
@app.task(name="situation.check_figures", queueing_lock="situation.check_figures", pass_context=False)
def check_figures(timestamp: int) -> None:
    """In the night: hold the last days of every open incident against the facts; what differs is mended, on record."""
    today = clock.today()
    for incident in incidents_over(today, today):
        first, last = incident.days(today)
        since = max(first, date.fromordinal(last.toordinal() - CHECKED_DAYS))
        repair_figures(actor=_ACTOR, incident=incident, first_day=since, last_day=last)


@app.periodic(cron="41 3 * * *")
@app.task(name="situation.forget_outputs", queueing_lock="situation.forget_outputs", pass_context=False)
def forget_outputs(timestamp: int) -> None:
    """In the night: files of bulletins whose days are over."""
    bulletin_outputs.forget_outputs(actor=_ACTOR)


def _person(user_id: int | None) -> Viewer:
    """Whoever asked, with the rights of now; without one the server's own console did."""
    if user_id is None:
        return service_viewer("console")
    return viewer_by_id(user_id, clock.today())


def _is_last(context: JobContext) -> bool:
    return context.job.attempts + 1 >= _ATTEMPTS


@job(name=bulletin_figures.JOB, retry=_RETRY, pass_context=True)
def take_figures(context: JobContext, bulletin_id: int, user_id: int | None, asked_at: str) -> None:
    """Count the figures of a draft for whoever asked. A draft that is gone or waits no longer is left alone.

    Repeated after a death it counts anew: nothing of a count stays before its end.
    """
    bulletin = Bulletin.objects.select_related("incident", "area").filter(pk=bulletin_id).first()
    asked = datetime.fromisoformat(asked_at)
    if bulletin is None or bulletin.figures_asked_at != asked:
        return
    actor = _person(user_id)
    try:
        members = bulletin_figures.count_figures(actor=actor, bulletin=bulletin)
        bulletin_figures.keep_figures(actor=actor, bulletin=bulletin, members=members, asked_at=asked)
    except (Denied, OutOfScope) as error:
        bulletin_figures.fail_figures(actor=_ACTOR, bulletin=bulletin, reason=str(error))
    except Exception:
        if _is_last(context):
            reason = _("The server could not count them; its administrators see why. The text is kept.")
            bulletin_figures.fail_figures(actor=_ACTOR, bulletin=bulletin, reason=reason)
        raise


@job(name=bulletin_outputs.JOB, retry=_RETRY, pass_context=True)
def make_output(context: JobContext, output_id: int) -> None:
    """Make a file of a bulletin, or list its later corrections, as far as whoever asked may see it now."""
    output = BulletinOutput.objects.select_related("actor", "bulletin__incident").filter(pk=output_id).first()
    if output is None or not output.is_waiting:
        return
    try:
        with translation.override(output.language or None):
            made_of = _make(output)
    except (PdfUnavailable, Denied, OutOfScope) as error:
        bulletin_outputs.end_output(actor=_ACTOR, output=output, failed=str(error))
    except Exception:
        if _is_last(context):
            reason = _("The server could not make it; its administrators see why. Ask for it again later.")
            bulletin_outputs.end_output(actor=_ACTOR, output=output, failed=reason)
        raise
    else:
        bulletin_outputs.end_output(actor=_ACTOR, output=output, made_of=made_of)


def _make(output: BulletinOutput) -> str:
    """Write the file, whole or not at all; returns of which text and figures it is."""
    actor = viewer_for(output.actor, clock.today())
    bulletin = bulletin_for(actor, output.bulletin.incident, output.bulletin_id)
    if output.form == bulletin_outputs.OutputForm.CHANGES:
        as_of = clock.now()
        changes = changes_as_json(bulletin_outputs.list_changes(actor=actor, bulletin=bulletin))
        write_side(output.file_name, {"as_of": as_of.isoformat(), "changes": changes})
    else:
        write_bytes(output.file_name, content_of(actor, bulletin, output.form))
    return bulletin.made_of
