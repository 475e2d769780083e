from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from fugong.base.areas.models import Area
from fugong.base.audit.actions import record
from fugong.core import clock
from fugong.core.viewer import Viewer
from fugong.record.incidents import permissions
from fugong.record.incidents.logic.playbook import Playbook, PlaybookError
from fugong.record.incidents.models import Incident, PlaybookVersion


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
    record(
        actor=actor,
        verb="incidents.playbook.loaded",
        subject=f"incidents.playbook:{version.pk}",
        detail={"code": version.code, "version": version.version, "digest": version.digest},
    )
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
        detail={"slug": slug, "playbook": playbook_code, "drill": is_drill},
    )
    return incident
