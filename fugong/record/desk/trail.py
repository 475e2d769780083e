"""What the acts of this room are called in the trail."""

from __future__ import annotations

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from fugong.core.oversight import Named, TrailSubject, trail_subjects, trail_verbs
from fugong.core.viewer import Viewer
from fugong.record.desk.enums import EntryKind
from fugong.record.desk.models import Request

_MOST = 50
_VERBS = {
    "desk.queue.exported": _("exported the queue of requests"),
    "desk.requests.imported": _("imported requests"),
    "desk.root.named": _("named a root problem"),
    "desk.root.solved": _("solved a root problem"),
    "desk.route.set": _("set who answers requests"),
    "desk.route.ended": _("ended who answers requests"),
    "desk.absence.noted": _("noted an absence at the desk"),
    "desk.absence.ended": _("ended an absence at the desk"),
    "desk.hours.set": _("set the service hours of a body"),
}
for _verb, _words in _VERBS.items():
    trail_verbs.register(_verb, _words)
for _kind in EntryKind:
    trail_verbs.register(f"desk.request.{_kind}", format_lazy("{} · {}", _("request"), _kind.label))


def _requests(viewer: Viewer, ids: list[str]) -> dict[str, Named]:
    rows = Request.objects.filter(pk__in=ids).order_by("pk")
    return {str(row.pk): Named(row.title, row.number) for row in rows}


def _request_ids(viewer: Viewer, text: str) -> list[str]:
    named = Request.objects.filter(number__istartswith=text).order_by("pk")
    return [str(pk) for pk in named.values_list("pk", flat=True)[:_MOST]]


trail_subjects.register("desk.request", TrailSubject(_("request"), _requests, _request_ids))
