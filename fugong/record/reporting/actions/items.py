"""Questions that an area asks besides the playbook."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fugong.base.areas.models import Area
from fugong.base.audit.actions import record
from fugong.core import clock
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident
from fugong.record.reporting import permissions
from fugong.record.reporting.models import AreaItem


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: short name, wording in both languages, kind of answer (`ItemType`), unit, from when to when."""

    name: str
    label_zh: str
    label_en: str
    type: str
    valid_from: date
    source: str
    unit: str = ""
    is_required: bool = False
    valid_to: date | None = None


@transaction.atomic
def ask_item(*, actor: Viewer, incident: Incident, area: Area, question: Question) -> AreaItem:
    """Ask the enterprises managed in the area a further question from a day on.

    Days gone by are not asked anew: their reports are in. Raises `Denied`, `ValidationError`.
    """
    permissions.can_ask_item(actor, area.pk).require()
    if not area.path.startswith(incident.area.path):
        raise ValidationError(_("The area lies outside the incident."))
    if question.valid_from < clock.today():
        raise ValidationError({"valid_from": _("Days gone by are reported already. Choose today or a later day.")})
    item = AreaItem(
        incident=incident,
        area=area,
        name=question.name.strip().lower(),
        label_zh=question.label_zh.strip(),
        label_en=question.label_en.strip(),
        type=question.type,
        unit=question.unit.strip(),
        is_required=question.is_required,
        valid_from=question.valid_from,
        valid_to=question.valid_to,
        source=question.source.strip(),
        decided_by_name=actor.name,
        decided_at=clock.now(),
    )
    item.full_clean()
    item.save()
    _put_on_record(actor, item, "asked")
    return item


@transaction.atomic
def end_item(*, actor: Viewer, item: AreaItem, last_day: date) -> AreaItem:
    """Stop asking after a day; what was answered stays. Raises `Denied`, `ValidationError`."""
    permissions.can_ask_item(actor, item.area_id).require()
    item = AreaItem.objects.select_for_update().get(pk=item.pk)
    item.valid_to = last_day if item.valid_to is None else min(item.valid_to, last_day)
    item.full_clean()
    item.save(update_fields=["valid_to"])
    _put_on_record(actor, item, "ended")
    return item


def _put_on_record(actor: Viewer, item: AreaItem, what: str) -> None:
    record(
        actor=actor,
        verb=f"reporting.item.{what}",
        subject=f"areas.area:{item.area_id}",
        area_id=item.area_id,
        detail={
            "incident": item.incident.slug,
            "name": item.name,
            "label": item.label_zh,
            "from": item.valid_from.isoformat(),
            "to": item.valid_to.isoformat() if item.valid_to else None,
            "source": item.source,
        },
    )
