"""What the acts of this room are called in the trail."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.base.questionnaires.models import Form
from fugong.core.oversight import Named, TrailSubject, trail_subjects, trail_verbs
from fugong.core.viewer import Viewer

_VERBS = {
    "questionnaires.form.loaded": _("loaded a form"),
    "questionnaires.form.asked": _("had a form asked in visits"),
    "questionnaires.form.stopped": _("stopped asking a form in visits"),
    "questionnaires.answers.kept": _("filled a form in"),
    "questionnaires.answers.exported": _("exported the answers to a form"),
}
for _verb, _words in _VERBS.items():
    trail_verbs.register(_verb, _words)


def _forms(viewer: Viewer, ids: list[str]) -> dict[str, Named]:
    return {str(row.pk): Named(row.code, str(row.pk)) for row in Form.objects.filter(pk__in=ids).order_by("pk")}


def _find(viewer: Viewer, text: str) -> list[str]:
    return [str(pk) for pk in Form.objects.filter(code__icontains=text).order_by("pk").values_list("pk", flat=True)]


trail_subjects.register("questionnaires.form", TrailSubject(_("form"), _forms, _find))
