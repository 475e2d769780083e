from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.command.situation.actions.figures import keep_figures
from fugong.command.situation.logic.bulletin_sections import read_bulletins
from fugong.command.situation.logic.figures import read_indicators
from fugong.command.situation.permissions import can_draft_bulletin, can_see_figures
from fugong.core.registries import NavigationEntry, PlaybookSection, Ticker, navigation, playbook_sections, tickers
from fugong.core.viewer import service_viewer

tickers.register(
    "situation.figures", Ticker("situation.figures", 0.5, lambda: keep_figures(actor=service_viewer("figures")))
)
playbook_sections.register("indicators", PlaybookSection("indicators", read_indicators))
playbook_sections.register("bulletins", PlaybookSection("bulletins", read_bulletins))
navigation.register(
    "situation.board",
    NavigationEntry(
        name="situation.board",
        order=20,
        label=_("Situation"),
        icon="layout-dashboard",
        url_name="situation:board",
        per_incident=True,
        may=lambda viewer: bool(can_see_figures(viewer)),
    ),
)
navigation.register(
    "situation.bulletin",
    NavigationEntry(
        name="situation.bulletin",
        order=90,
        label=_("Bulletin"),
        icon="speakerphone",
        url_name="situation:bulletin",
        per_incident=True,
        may=lambda viewer: bool(can_draft_bulletin(viewer)),
    ),
)
