from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fugong.base.spreadsheets.logic.kinds import ImportKind, Scope, import_kinds
from fugong.core.agendas import AgendaSource, agenda_sources
from fugong.core.plans import PlanSource, plan_sources
from fugong.core.registries import (
    ApiScope,
    DaySheetSource,
    DetailField,
    NavigationEntry,
    PlaybookSection,
    RequestKind,
    api_scopes,
    day_sheet_sources,
    navigation,
    playbook_sections,
    request_kinds,
)
from fugong.core.roles import Role
from fugong.record.desk.actions.incoming import IncomingRequests, undo_requests
from fugong.record.desk.logic.plan_words import plan_words
from fugong.record.desk.logic.request_rows import names
from fugong.record.desk.logic.section import DEFAULT_KIND, read_section
from fugong.record.desk.permissions import can_see_requests, can_take_request
from fugong.record.desk.selectors import plan
from fugong.record.desk.selectors.agenda import agenda_of_desk
from fugong.record.desk.selectors.needs import request_needs


def _goods(detail: dict[str, Any]) -> str:
    return gettext("%(item)s, %(quantity)s %(unit)s") % {
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


def _home(scope: Scope) -> tuple[str, str]:
    """The queue, where the rows are found."""
    return gettext("Requests"), reverse("desk:queue", args=[scope["incident"]]) + "?pile=all"


def _notes() -> dict[str, tuple[str, str]]:
    """Field → what to write there, and an example."""
    return {
        "code": (gettext("18 characters; the column is text, so that no digit is lost"), "91371522MA3DK2XXXX"),
        "name": (gettext("the full name; enough where only one enterprise is called so"), ""),
        "category": (gettext("a category of the playbook"), gettext("Staff · Staff shortage")),
        "title": (gettext("in a few words, 80 characters at most"), gettext("20 grinders short")),
        "people": (gettext("people, a whole number"), "20"),
        "number": (gettext("your own number of it; sent again, the row is recognised by it"), "12345-0001"),
    }


import_kinds.register(
    "requests",
    ImportKind(
        name="requests",
        title=_("Import requests"),
        row_label=_("Request"),
        verb="desk.requests.imported",
        may=can_take_request,
        columns=lambda _scope: names(),
        open=IncomingRequests,
        home=_home,
        code_field="code",
        added_columns=(_("What is asked"), _("Category"), _("Body")),
        notes=_notes,
        undo=lambda actor, written: undo_requests(actor=actor, written=written),
    ),
)
for _name, _order, _label in (
    ("requests:read", 50, _("read own requests and how they stand")),
    ("requests:write", 60, _("open requests, add a word, rate")),
):
    api_scopes.register(_name, ApiScope(_name, _order, _label, lambda viewer: viewer.has(Role.REPORTER)))
day_sheet_sources.register("desk", DaySheetSource("desk", request_needs))
plan_sources.register("desk", PlanSource("desk", 20, _("Request"), plan.plan_facts, plan.plan_progress, plan_words))
agenda_sources.register("desk", AgendaSource("desk", 30, _("Requests and root problems"), agenda_of_desk))
