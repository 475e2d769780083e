from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any, NoReturn

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fugong.base.areas.models import Area
from fugong.base.audit.actions import record
from fugong.command.situation import permissions
from fugong.command.situation.actions.figures import Span, mark_figures
from fugong.command.situation.logic.figures import TEXTS, check_indicator
from fugong.command.situation.models import IncidentIndicator, IndicatorTarget
from fugong.command.situation.selectors.indicators import indicators_on
from fugong.core import clock
from fugong.core.viewer import Viewer, service_viewer
from fugong.record.incidents.models import Incident

_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,49}")


def _refuse(key: str, message: str) -> NoReturn:
    raise ValidationError({key.partition("[")[0].partition(".")[0]: message})


def _check_day(incident: Incident, day: date) -> None:
    if day < incident.started_on:
        raise ValidationError({"valid_from": _("The incident began later than that. Choose a later day.")})
    if day > clock.today():
        raise ValidationError({"valid_from": _("This day lies in the future. State it on the day itself.")})


@transaction.atomic
def state_indicator(
    *, actor: Viewer, incident: Incident, content: dict[str, Any], valid_from: date, reason: str
) -> IncidentIndicator:
    """State what a figure means in an incident from a day on, up to the next statement of its code.

    A code of its own stands beside the others; the code of a known figure changes that one from the day on, and days
    before keep what they had. Raises `ValidationError` by key.
    """
    permissions.can_define_figures(actor, incident.area_id).require()
    _check_day(incident, valid_from)
    if not isinstance(content.get("code"), str) or not _CODE.fullmatch(content["code"]):
        _refuse("code", _("A code has lower-case letters, digits, hyphens and underscores."))
    check_indicator(_refuse, content)
    for name in TEXTS:
        for language in ("zh", "en"):
            if not str(content.get(name, {}).get(language, "")).strip():
                _refuse(name, _("The text is missing. Give it in both languages, zh and en."))
    return _state(actor, incident, content["code"], content, valid_from, reason)


@transaction.atomic
def end_indicator(*, actor: Viewer, incident: Incident, code: str, valid_from: date, reason: str) -> IncidentIndicator:
    """Take a figure off the board from a day on; days before keep it. Raises `ValidationError`."""
    permissions.can_define_figures(actor, incident.area_id).require()
    _check_day(incident, valid_from)
    held = [indicator.code for indicator in indicators_on(incident, valid_from)]
    if code not in held:
        _refuse("code", _("There is no such figure on that day."))
    if held == [code]:
        _refuse("code", _("It is the last figure of the board."))
    return _state(actor, incident, code, {}, valid_from, reason)


def _state(
    actor: Viewer, incident: Incident, code: str, content: dict[str, Any], valid_from: date, reason: str
) -> IncidentIndicator:
    stated = IncidentIndicator(
        incident=incident,
        code=code,
        valid_from=valid_from,
        content=content,
        reason=reason.strip(),
        stated_by_name=actor.name,
        stated_at=clock.now(),
    )
    stated.full_clean()
    stated.save()
    record(
        actor=actor,
        verb="situation.indicator.stated" if content else "situation.indicator.ended",
        subject=f"situation.indicator:{stated.pk}",
        area_id=incident.area_id,
        detail={"incident": incident.slug, "code": code, "valid_from": valid_from.isoformat(), "content": content},
        reason=stated.reason,
    )
    mark_figures(actor=service_viewer("figures"), spans=[Span(incident.pk, None, valid_from, None)])
    return stated


@transaction.atomic
def set_target(
    *,
    actor: Viewer,
    incident: Incident,
    area: Area,
    code: str,
    valid_from: date,
    value: Decimal | None,
    source: str,
) -> IndicatorTarget:
    """Set what a figure is to reach in an area, and beneath it where no own target is set, from a day on.

    `value`: in the figure's own unit, None to end the target. Raises `ValidationError`.
    """
    permissions.can_set_target(actor, area.pk).require()
    if not area.path.startswith(incident.area.path):
        raise ValidationError(_("The area lies outside the incident."))
    _check_day(incident, valid_from)
    if code not in [indicator.code for indicator in indicators_on(incident, valid_from)]:
        raise ValidationError({"code": _("There is no such figure on that day.")})
    target = IndicatorTarget(
        incident=incident,
        area=area,
        code=code,
        valid_from=valid_from,
        value=value,
        source=source.strip(),
        stated_by_name=actor.name,
        stated_at=clock.now(),
    )
    target.full_clean()
    target.save()
    record(
        actor=actor,
        verb="situation.target.set",
        subject=f"areas.area:{area.pk}",
        area_id=area.pk,
        detail={
            "incident": incident.slug,
            "code": code,
            "valid_from": valid_from.isoformat(),
            "value": None if value is None else str(value),
            "source": target.source,
        },
    )
    # Boards are drawn once per version of their figures: this one rises though nothing is counted otherwise.
    mark_figures(actor=service_viewer("figures"), spans=[Span(incident.pk, None, valid_from, None)])
    return target
