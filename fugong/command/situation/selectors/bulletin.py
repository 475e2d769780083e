from __future__ import annotations

from datetime import date

from django.utils import timezone

from fugong.base.accounts.selectors import headquarters_of
from fugong.base.areas.models import Area
from fugong.base.areas.selectors import area_tree
from fugong.base.documents.logic.official import OfficialDocument
from fugong.command.situation.logic.bulletin import REST, BulletinFacts, Statement, compose
from fugong.command.situation.logic.figures import Ratio
from fugong.command.situation.permissions import can_draft_bulletin
from fugong.command.situation.selectors.board import area_rows
from fugong.command.situation.selectors.figures import Figure, figures_on, ratios_before
from fugong.core import clock
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident
from fugong.record.registry.logic.reasons import reason_words
from fugong.record.reporting.logic.tally import summed
from fugong.record.reporting.selectors.counts import excluded_by_area, state_counts


def _statements(figures: list[Figure], before: dict[str, Ratio]) -> tuple[Statement, ...]:
    return tuple(
        Statement(figure.indicator, figure.unit, figure.ratio, before.get(figure.indicator.code)) for figure in figures
    )


def _in_words(excluded: dict[str, int]) -> dict[str, int]:
    """Reason as the bulletin writes it → enterprises, the most frequent first."""
    ordered = sorted(excluded.items(), key=lambda item: (-item[1], item[0]))
    return {reason_words(code, "zh"): number for code, number in ordered}


def bulletin_draft(viewer: Viewer, incident: Incident, day: date, area: Area) -> OfficialDocument:
    """The bulletin of a day as the figures stand now; a draft, marked as one. Raises like `bulletin_facts`."""
    return compose(bulletin_facts(viewer, incident, day, area))


def bulletin_facts(viewer: Viewer, incident: Incident, day: date, area: Area) -> BulletinFacts:
    """What the bulletin of a day says, as the figures stand now.

    The day before is compared only when it has reports. 10 queries. Raises `Denied` and `OutOfScope`.
    """
    can_draft_bulletin(viewer).require()
    ids = area_tree().within(area)
    figures = figures_on(viewer, incident, day, area)
    before = ratios_before(viewer, incident, day, area)
    # Figures without a sentence stand on the board only.
    own = [figure for figure in figures if figure.area.pk == area.pk and figure.indicator.sentence]
    rows = area_rows(figures, area, {})
    headquarters = headquarters_of(area)
    name = headquarters.name if headquarters else area.name
    return BulletinFacts(
        organisation=name,
        issuer=f"{name}办公室" if headquarters else area.name,
        area_name=area.name,
        day=day,
        hour=timezone.localtime(clock.now()).hour if day == clock.today() else None,
        states=state_counts(incident.pk, day, ids),
        excluded=_in_words(summed(excluded_by_area(incident.pk, day), ids)),
        statements=_statements(own, before),
        rows=tuple((row.area.name if row.area else REST, row.ratios) for row in rows),
    )
