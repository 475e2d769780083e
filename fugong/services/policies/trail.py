"""What the acts of this room are called in the trail."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.core.oversight import Named, TrailSubject, trail_subjects, trail_verbs
from fugong.core.viewer import Viewer
from fugong.services.policies.models import Measure

_MOST = 50
_VERBS = {
    "policies.catalogue.loaded": _("loaded policy measures"),
    "policies.measure.told": _("told enterprises of a measure"),
    "policies.version.drafted": _("drafted a measure"),
    "policies.version.dropped": _("threw a draft of a measure away"),
    "policies.version.published": _("published a measure"),
    "policies.question.answered": _("answered a question of the measures"),
}
for _verb, _words in _VERBS.items():
    trail_verbs.register(_verb, _words)


def _measures(viewer: Viewer, ids: list[str]) -> dict[str, Named]:
    rows = Measure.objects.filter(pk__in=ids).order_by("pk")
    return {str(row.pk): Named(str(row), row.code) for row in rows}


def _measure_ids(viewer: Viewer, text: str) -> list[str]:
    named = Measure.objects.filter(title__icontains=text).order_by("pk")
    return [str(pk) for pk in named.values_list("pk", flat=True)[:_MOST]]


trail_subjects.register("policies.measure", TrailSubject(_("policy measure"), _measures, _measure_ids))
