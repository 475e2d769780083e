from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fugong.command.situation.actions.figures import keep_figures
from fugong.command.situation.logic.bulletin_sections import read_bulletins
from fugong.command.situation.logic.figures import read_indicators
from fugong.command.situation.permissions import can_draft_bulletin, can_see_figures
from fugong.command.situation.selectors.agenda import agenda_of_figures
from fugong.command.situation.selectors.rollup import marks_waiting
from fugong.core.agendas import AgendaSource, agenda_sources
from fugong.core.registries import (
    NavigationEntry,
    PlaybookSection,
    Ticker,
    navigation,
    playbook_sections,
    tickers,
)
from fugong.core.viewer import service_viewer
from fugong.core.watching import Finding, Gauge, HealthCheck, fault, gauges, health_checks, warning, well

tickers.register(
    "situation.figures", Ticker("situation.figures", 0.5, lambda: keep_figures(actor=service_viewer("figures")))
)
agenda_sources.register(
    "situation", AgendaSource("situation", 20, _("Figures past their threshold"), agenda_of_figures)
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

_WATCHING = service_viewer("watching")
# Figures are counted twice a second; a minute means that nobody does it.
_BEHIND, _STANDS = 10, 60


def _health() -> Finding:
    """Figures are counted as facts come in."""
    waiting, seconds = marks_waiting(_WATCHING)
    words = {"waiting": waiting, "seconds": seconds}
    if seconds >= _STANDS:
        return fault(
            gettext("%(waiting)d marks wait to be counted, the oldest for %(seconds)d seconds: nobody counts.") % words,
            gettext("Start it: systemctl start fugong-worker, or 'fugong worker'. Then: fugong figures --recount"),
        )
    if seconds >= _BEHIND:
        return warning(
            gettext("%(waiting)d marks wait to be counted, the oldest for %(seconds)d seconds.") % words,
            gettext("Boards show the hour of the last count. Look again in a minute; the worker may be too slow."),
        )
    return well(gettext("The figures are counted up to now."))


def _marks() -> Iterable[tuple[tuple[str, ...], float]]:
    waiting, seconds = marks_waiting(_WATCHING)
    return [(("waiting",), float(waiting)), (("oldest_seconds",), seconds)]


health_checks.register("marks", HealthCheck("marks", 42, _("Figures"), _health))
gauges.register(
    "fugong_marks", Gauge("fugong_marks", "Marks that wait to be counted, and the oldest", ("what",), _marks)
)
