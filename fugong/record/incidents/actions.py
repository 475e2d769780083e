from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fugong.base.areas.models import Area
from fugong.base.audit.actions import record
from fugong.core import clock
from fugong.core.events import announce
from fugong.core.registries import playbook_sections
from fugong.core.viewer import Viewer
from fugong.record.incidents import permissions
from fugong.record.incidents.events import PlaybookLoaded
from fugong.record.incidents.logic.playbook import Playbook, PlaybookError
from fugong.record.incidents.logic.risk import levels_of
from fugong.record.incidents.models import AreaRisk, Incident, PlaybookVersion
from fugong.record.incidents.selectors import playbook_on


@transaction.atomic
def load_playbook(*, actor: Viewer, playbook: Playbook) -> PlaybookVersion:
    """Keep a version of a playbook. The same files again change nothing.

    Raises `PlaybookError` when files changed under an unchanged version, or two versions share a day: what a report
    was answered by must stay readable.
    """
    permissions.can_load_playbook(actor).require()
    same = PlaybookVersion.objects.filter(code=playbook.code)
    known = same.filter(version=playbook.version).first()
    if known is not None and known.digest == playbook.digest:
        return known
    if known is not None:
        raise PlaybookError("playbook.toml", "version", _("The files changed. Give the playbook a new version."))
    if same.filter(effective_from=playbook.effective_from).exists():
        raise PlaybookError(
            "playbook.toml", "effective_from", _("Another version takes effect on that day. Choose a later day.")
        )
    version = PlaybookVersion.objects.create(
        code=playbook.code,
        version=playbook.version,
        effective_from=playbook.effective_from,
        content=playbook.content,
        digest=playbook.digest,
        loaded_at=clock.now(),
    )
    if playbook.folder is not None:
        for section in playbook_sections.values():
            section.keep(actor, playbook.folder)
    record(
        actor=actor,
        verb="incidents.playbook.loaded",
        subject=f"incidents.playbook:{version.pk}",
        area_id=None,  # a playbook serves every area
        detail={"code": version.code, "version": version.version, "digest": version.digest},
    )
    announce(PlaybookLoaded(version.code, version.effective_from))
    return version


@transaction.atomic
def open_incident(
    *,
    actor: Viewer,
    slug: str,
    name: str,
    area: Area,
    playbook_code: str,
    started_on: date,
    name_en: str = "",
    is_drill: bool = False,
) -> Incident:
    """Open an incident in an area by a loaded playbook.

    Raises `PlaybookVersion.DoesNotExist` when no version of the playbook is loaded.
    """
    permissions.can_open_incident(actor, area.pk).require()
    if not PlaybookVersion.objects.filter(code=playbook_code).exists():
        raise PlaybookVersion.DoesNotExist(playbook_code)
    incident = Incident.objects.create(
        slug=slug,
        name=name,
        name_en=name_en,
        area=area,
        playbook_code=playbook_code,
        started_on=started_on,
        is_drill=is_drill,
    )
    record(
        actor=actor,
        verb="incidents.incident.opened",
        subject=f"incidents.incident:{incident.pk}",
        area_id=incident.area_id,
        detail={"slug": slug, "playbook": playbook_code, "drill": is_drill},
    )
    return incident


@transaction.atomic
def set_area_risk(
    *, actor: Viewer, incident: Incident, area: Area, level: str, valid_from: date, source: str, decided_by: str = ""
) -> AreaRisk:
    """Set the risk level of an area from a day on; it holds for the areas beneath that have none of their own.

    `level`: a code of the playbook's levels, or "" to follow the area above again. `source` names the document,
    `decided_by` who decided, the actor unless said. The same day again corrects the entry; what stood before is in the
    trail. Raises `ValidationError`.
    """
    permissions.can_set_area_risk(actor, area.pk).require()
    if not area.path.startswith(incident.area.path):
        raise ValidationError(_("The area lies outside the incident."))
    if valid_from < incident.started_on:
        raise ValidationError(_("The incident began later than that. Choose a later day."))
    known = [entry.code for entry in levels_of(playbook_on(incident, valid_from).content)]
    if level and level not in known:
        raise ValidationError(
            _("The playbook has no level “%(level)s”. It has: %(levels)s")
            % {"level": level, "levels": ", ".join(known) or "—"}
        )
    Incident.objects.select_for_update().get(pk=incident.pk)
    risk = AreaRisk.objects.filter(incident=incident, area=area, valid_from=valid_from).first()
    before = {"level": risk.level, "source": risk.source, "decided_by": risk.decided_by_name} if risk else None
    risk = risk or AreaRisk(incident=incident, area=area, valid_from=valid_from)
    risk.level, risk.source = level, source.strip()
    risk.decided_by_name = decided_by.strip() or actor.name
    risk.entered_by_name, risk.entered_at = actor.name, clock.now()
    risk.full_clean()
    risk.save()
    record(
        actor=actor,
        verb="incidents.risk.set",
        subject=f"areas.area:{area.pk}",
        area_id=area.pk,
        detail={
            "incident": incident.slug,
            "level": level,
            "valid_from": valid_from.isoformat(),
            "source": risk.source,
            "before": before,
        },
    )
    return risk
