from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from fugong.base.areas.models import Area
from fugong.command.situation.logic.bulletin_text import default_text
from fugong.command.situation.models import BulletinTemplate
from fugong.command.situation.permissions import can_draft_bulletin
from fugong.command.situation.selectors.figures import indicators_on
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident
from fugong.record.incidents.selectors import playbook_on

DEFAULT_TITLE = "{area}企业复工复产进展情况"


@dataclass(frozen=True, slots=True)
class TemplateText:
    """What a bulletin begins with. `version` 0: the playbook's own words, or those made of its indicators."""

    kind: str
    title: str
    text: str
    version: int
    made_by_name: str = ""


def template_for(viewer: Viewer, incident: Incident, area: Area, kind: str, day: date) -> TemplateText:
    """The latest template of a kind in an area; else that of the playbook on a day. Raises `Denied`."""
    can_draft_bulletin(viewer).require()
    own = BulletinTemplate.objects.filter(incident=incident, area=area, kind=kind).order_by("-version").first()
    if own is not None:
        return TemplateText(kind, own.title, own.text, own.version, own.made_by_name)
    shipped: list[dict[str, Any]] = playbook_on(incident, day).content.get("bulletins", [])
    for item in shipped:
        if item["kind"] == kind:
            return TemplateText(kind, item["title"], item["text"], 0)
    indicators = [item for item in indicators_on(incident, day) if item.content.get("sentence")]
    text = default_text([item.code for item in indicators], [item.content["sentence"] for item in indicators])
    return TemplateText(kind, DEFAULT_TITLE, text, 0)
