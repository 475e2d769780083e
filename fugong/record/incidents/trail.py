"""What the acts of this room are called in the trail."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.core.oversight import Named, TrailSubject, trail_subjects, trail_verbs
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident

_VERBS = {
    "incidents.incident.opened": _("opened an incident"),
    "incidents.playbook.loaded": _("loaded a playbook"),
    "incidents.risk.set": _("set a risk level"),
}
for _verb, _words in _VERBS.items():
    trail_verbs.register(_verb, _words)


def _incidents(viewer: Viewer, ids: list[str]) -> dict[str, Named]:
    return {str(row.pk): Named(str(row), row.slug) for row in Incident.objects.filter(pk__in=ids).order_by("pk")}


def _incident_ids(viewer: Viewer, text: str) -> list[str]:
    named = Incident.objects.filter(name__icontains=text).order_by("pk")
    return [str(pk) for pk in named.values_list("pk", flat=True)[:50]]


trail_subjects.register("incidents.incident", TrailSubject(_("incident"), _incidents, _incident_ids))
