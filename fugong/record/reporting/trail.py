"""What the acts of this room are called in the trail."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.core.oversight import Named, TrailSubject, trail_subjects, trail_verbs
from fugong.core.viewer import Viewer
from fugong.record.registry.selectors.oversight import enterprise_ids_like, enterprises_named
from fugong.record.reporting.models import DailyReport

_VERBS = {
    "reporting.report.submitted": _("reported the day"),
    "reporting.report.corrected": _("corrected a report"),
    "reporting.report.imported": _("imported reports from a file"),
    "reporting.report.history_taken_over": _("took over the history of an enterprise"),
    "reporting.report.taken_over": _("took over the reports of a merged entry"),
    "reporting.drafts.forgotten": _("forgot forms that nobody sent"),
    "reporting.day.reminded": _("reminded those who had not reported"),
    "reporting.day.exported": _("took along the reports of a day"),
    "reporting.export.asked": _("asked for the reports of a day as a file"),
    "reporting.export.written": _("the file of a day's reports was written"),
    "reporting.export.failed": _("the file of a day's reports could not be written"),
    "reporting.export.fetched": _("fetched the file of a day's reports"),
    "reporting.day.locked": _("locked a day"),
    "reporting.lock.opened": _("opened a locked day"),
    "reporting.due_time.set": _("set when reports are due"),
    "reporting.item.asked": _("asked a further question in the reports"),
    "reporting.item.ended": _("ended a further question of the reports"),
    "reporting.total.stated": _("stated the totals of an area"),
    "reporting.total.corrected": _("corrected the totals of an area"),
}
for _verb, _words in _VERBS.items():
    trail_verbs.register(_verb, _words)

_MOST = 500


def _reports(viewer: Viewer, ids: list[str]) -> dict[str, Named]:
    rows = list(DailyReport.objects.filter(pk__in=ids).order_by("pk").values_list("pk", "enterprise_id", "day"))
    names = enterprises_named(viewer, {enterprise for _pk, enterprise, _day in rows})
    return {
        str(pk): Named(names[enterprise].name, f"{names[enterprise].note} {day}", names[enterprise].url)
        for pk, enterprise, day in rows
    }


def _report_ids(viewer: Viewer, text: str) -> list[str]:
    of_them = DailyReport.objects.filter(enterprise_id__in=enterprise_ids_like(viewer, text)).order_by("-day", "-pk")
    return [str(pk) for pk in of_them.values_list("pk", flat=True)[:_MOST]]


trail_subjects.register("reporting.report", TrailSubject(_("daily report"), _reports, _report_ids))
