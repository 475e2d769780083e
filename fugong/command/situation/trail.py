"""What the acts of this room are called in the trail."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.core.oversight import trail_verbs

_VERBS = {
    "situation.figures.repaired": _("counted figures again"),
    "situation.figure.exported": _("took a figure along as a workbook"),
    "situation.crossing.exported": _("took a crossing of a figure along as a workbook"),
    "situation.outputs.deleted": _("deleted old files of bulletins"),
    "situation.target.set": _("set a target"),
    "situation.indicator.stated": _("stated an indicator"),
    "situation.indicator.ended": _("ended an indicator"),
    "situation.bulletin.taken": _("took a bulletin along"),
    "situation.bulletin.draft_taken": _("took the draft bulletin along"),
    "situation.bulletin.drafted": _("took the figures and drafted a bulletin"),
    "situation.bulletin.figures_taken": _("took the figures of a bulletin anew"),
    "situation.bulletin.saved": _("changed the text of a bulletin"),
    "situation.bulletin.submitted": _("sent a bulletin for approval"),
    "situation.bulletin.returned": _("sent a bulletin back"),
    "situation.bulletin.discarded": _("discarded the draft of a bulletin"),
    "situation.bulletin.published": _("approved and published a bulletin"),
    "situation.bulletin.revision_drafted": _("began the revision of a bulletin"),
    "situation.bulletin_template.saved": _("changed a template of bulletins"),
}
for _verb, _words in _VERBS.items():
    trail_verbs.register(_verb, _words)
