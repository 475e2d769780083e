from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from fugong.core.registries import (
    DetailField,
    NavigationEntry,
    PlaybookSection,
    RequestKind,
    navigation,
    playbook_sections,
    request_kinds,
)
from fugong.core.roles import Role
from fugong.record.desk.logic.section import DEFAULT_KIND, read_section
from fugong.record.desk.permissions import can_see_requests


def _goods(detail: dict[str, Any]) -> str:
    return _now("%(item)s, %(quantity)s %(unit)s") % {
        "item": detail.get("item", ""),
        "quantity": detail.get("quantity", ""),
        "unit": detail.get("unit", ""),
    }


request_kinds.register(DEFAULT_KIND, RequestKind(DEFAULT_KIND, _("problem")))
request_kinds.register(
    "goods",
    RequestKind(
        "goods",
        _("goods"),
        (
            DetailField("item", _("What is needed"), "text", is_required=False),
            DetailField("quantity", _("How many"), "integer", is_required=False),
            DetailField("unit", _("Unit"), "text", is_required=False),
        ),
        _goods,
    ),
)
playbook_sections.register("requests", PlaybookSection("requests", read_section))
navigation.register(
    "desk.queue",
    NavigationEntry(
        name="desk.queue",
        order=40,
        label=_("Requests"),
        icon="inbox",
        url_name="desk:queue",
        per_incident=True,
        may=lambda viewer: bool(can_see_requests(viewer)),
    ),
)
navigation.register(
    "desk.my",
    NavigationEntry(
        name="desk.my",
        order=15,
        label=_("Requests"),
        icon="inbox",
        url_name="desk_my:inbox",
        per_incident=False,
        may=lambda viewer: viewer.has(Role.REPORTER),
    ),
)
