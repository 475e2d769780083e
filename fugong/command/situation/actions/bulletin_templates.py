from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fugong.base.areas.models import Area
from fugong.base.audit.actions import record
from fugong.command.situation import permissions
from fugong.command.situation.actions.bulletins import TextFaulty
from fugong.command.situation.enums import BulletinKind
from fugong.command.situation.logic.bulletin_text import LONGEST_TEXT, template_faults
from fugong.command.situation.models import BulletinTemplate
from fugong.command.situation.selectors.figures import indicators_on
from fugong.core import clock
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident


@transaction.atomic
def save_template(
    *, actor: Viewer, incident: Incident, area: Area, kind: str, title: str, text: str, version: int
) -> BulletinTemplate:
    """Keep a template as its next version; bulletins that were begun with an earlier one stay as they are.

    `version`: the one that was opened (0: that of the playbook). Raises `TextFaulty` with the places of faulty fields,
    `ValidationError` when somebody saved meanwhile.
    """
    permissions.can_edit_template(actor, area.pk).require()
    title, text = title.strip(), text.replace("\r\n", "\n").strip()
    if kind not in BulletinKind.values:
        raise ValidationError(_("This kind of bulletin does not exist."))
    if not title or "\n" in title or not text or len(text) > LONGEST_TEXT or "\x00" in title + text:
        raise ValidationError(_("A template needs a title of one line and a text."))
    codes = [item.code for item in indicators_on(incident, clock.today())]
    faults = template_faults(title, codes) + template_faults(text, codes)
    if faults:
        raise TextFaulty(faults)
    template = BulletinTemplate(
        incident=incident,
        area=area,
        kind=kind,
        version=version + 1,
        title=title,
        text=text,
        made_by_name=actor.name,
        made_at=clock.now(),
    )
    template.validate_constraints()
    template.save()
    record(
        actor=actor,
        verb="situation.bulletin_template.saved",
        subject=f"situation.bulletin_template:{template.pk}",
        area_id=area.pk,
        detail={"area": area.code, "kind": kind, "version": template.version},
    )
    return template
