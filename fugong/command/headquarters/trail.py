"""What the acts of this room are called in the trail."""

from __future__ import annotations

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from fugong.command.headquarters.enums import StepKind
from fugong.command.headquarters.models import Directive
from fugong.core.oversight import Named, TrailSubject, trail_subjects, trail_verbs
from fugong.core.viewer import Viewer

_MOST = 50
_VERBS = {
    "headquarters.bodies.set_up": _("set up the bodies of an incident"),
    "headquarters.duty.entered": _("put somebody on duty"),
    "headquarters.duty.removed": _("took somebody off the duty roster"),
    "headquarters.meeting.prepared": _("made an agenda"),
    "headquarters.meeting.item_added": _("put an item on an agenda"),
    "headquarters.meeting.opened": _("opened a meeting"),
    "headquarters.meeting.item_ended": _("ended an item of an agenda"),
    "headquarters.meeting.closed": _("adjourned a meeting"),
    "headquarters.meeting.paper_taken": _("took a paper of a meeting along"),
}
for _verb, _words in _VERBS.items():
    trail_verbs.register(_verb, _words)
for _kind in StepKind:
    trail_verbs.register(f"headquarters.directive.{_kind}", format_lazy("{} · {}", _("directive"), _kind.label))


def _directives(viewer: Viewer, ids: list[str]) -> dict[str, Named]:
    rows = Directive.objects.filter(pk__in=ids).order_by("pk")
    return {str(row.pk): Named(row.title, row.number) for row in rows}


def _directive_ids(viewer: Viewer, text: str) -> list[str]:
    named = Directive.objects.filter(title__icontains=text).order_by("pk")
    return [str(pk) for pk in named.values_list("pk", flat=True)[:_MOST]]


trail_subjects.register("headquarters.directive", TrailSubject(_("directive"), _directives, _directive_ids))
