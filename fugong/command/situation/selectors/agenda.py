"""What figures have for the meeting of a headquarters: what fell, what lies below its target, who has not reported."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fugong.base.areas.models import Area
from fugong.base.areas.selectors import area_tree
from fugong.command.situation.logic.figures import Indicator, Ratio
from fugong.command.situation.selectors.figures import Before, Figure, before, cells_on, figures_on, scopes_of
from fugong.command.situation.selectors.indicators import targets_on
from fugong.command.situation.selectors.rollup import ALWAYS
from fugong.core.agendas import Proposal, SeenFigure
from fugong.core.memo import once_per_request
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident
from fugong.record.incidents.selectors import incident_by_id

_POINTS = 100


def agenda_of_figures(
    viewer: Viewer, incident_id: int, area_id: int, day: date, thresholds: Mapping[str, float]
) -> list[Proposal]:
    """Rates of the area's parts that fell or lie below their target, and parts of which too many are missing."""
    incident, area = incident_by_id(incident_id), area_tree().areas[area_id]
    figures, compared = _read(viewer, incident, day, area)
    indicators = list({figure.indicator.code: figure.indicator for figure in figures}.values())
    targets = targets_on(viewer, incident, day, scopes_of(area), indicators)
    found = []
    for figure in figures:
        if not figure.indicator.is_rate or figure.value is None:
            continue
        then = compared.of(figure.area).get(figure.indicator.code)
        target = targets.get((figure.indicator.code, figure.area.pk))
        proposal = _worse(incident, figure, then, target, thresholds["fall_points"])
        if proposal is not None:
            found.append(proposal)
    return found + _missing(viewer, incident, day, area_id, thresholds["missing_percent"])


@once_per_request
def _read(viewer: Viewer, incident: Incident, day: date, area: Area) -> tuple[list[Figure], Before]:
    """The figures of the board and what they are compared with; read once for an agenda in both languages."""
    figures = [figure for figure in figures_on(viewer, incident, day, area) if figure.indicator.on_board]
    return figures, before(viewer, incident, day, area)


def _worse(
    incident: Incident, figure: Figure, then: Ratio | None, target: Decimal | None, points: float
) -> Proposal | None:
    """A rate that fell by the threshold, or lies below its target by as much."""
    indicator, value = figure.indicator, figure.value
    assert value is not None
    change = indicator.change(figure.ratio, then) if then is not None else None
    fall = -change if change is not None and change <= -Decimal(str(points)) else None
    short = target is not None and target - value >= Decimal(str(points))
    gap = round(target - value, indicator.places) if target is not None and short else None
    if fall is None and gap is None:
        return None
    words = {"area": str(figure.area), "figure": indicator.label, "fall": fall, "gap": gap}
    if fall is not None:
        title = _("%(area)s: %(figure)s fell by %(fall)s points") % words
        why = _("threshold: a fall of %(points)s points against the day before") % {"points": f"{points:g}"}
    else:
        title = _("%(area)s: %(figure)s is %(gap)s points below the target") % words
        why = _("threshold: %(points)s points below the target") % {"points": f"{points:g}"}
    return Proposal(
        key=f"{indicator.code}:{figure.area.code}",
        title=title,
        why=why,
        weight=float(max(fall or 0, gap or 0)),
        figures=tuple(_seen(incident, figure, then, change, target)),
        matter={
            "figure": indicator.code,
            "area": figure.area.code,
            "target": str(target if target is not None else indicator.value(then) if then is not None else ""),
        },
    )


def _path(incident: Incident, indicator: Indicator, code: str, day: date) -> str:
    return f"{reverse('situation:figure', args=[incident.slug, indicator.code])}?area={code}&day={day}"


def _seen(
    incident: Incident, figure: Figure, then: Ratio | None, change: Decimal | None, target: Decimal | None
) -> list[SeenFigure]:
    """The figure of the area, of the day before, and the target, as they stood."""
    indicator = figure.indicator
    path = _path(incident, indicator, figure.area.code, figure.day)
    base = f"{figure.ratio.numerator} / {figure.ratio.denominator}"
    seen = [SeenFigure(indicator.label, f"{figure.value}%", base, path)]
    if then is not None and change is not None:
        moved = _("change %(points)s points") % {"points": f"{change:+}".replace("-", "\u2212")}
        seen.append(SeenFigure(_("The day before"), f"{indicator.value(then)}%", moved))
    if target is not None:
        seen.append(SeenFigure(_("Target"), f"{target.normalize():f}%"))
    return seen


def _missing(viewer: Viewer, incident: Incident, day: date, area_id: int, percent: float) -> list[Proposal]:
    """The parts of the area of whose expected enterprises too many have not reported."""
    tree = area_tree()
    cells, _as_of = cells_on(incident, day, ALWAYS[0])
    found = []
    for part in tree.reporting(tree.areas[area_id]):
        ids = tree.within(part)
        inside = [ratio for pk, ratio in cells.items() if pk in ids and viewer.covers(pk)]
        expected = sum(int(ratio.denominator) for ratio in inside)
        gone = expected - sum(int(ratio.numerator) for ratio in inside)
        if not expected or gone * _POINTS < percent * expected:
            continue
        share = Decimal(gone * _POINTS) / expected
        path = f"{reverse('reports:missing', args=[incident.slug])}?area={part.code}&day={day}"
        found.append(
            Proposal(
                key=f"missing:{part.code}",
                title=ngettext(
                    "%(area)s: %(count)d enterprise has not reported",
                    "%(area)s: %(count)d enterprises have not reported",
                    gone,
                )
                % {"area": part, "count": gone},
                why=_("threshold: %(percent)s%% of those expected") % {"percent": f"{percent:g}"},
                weight=float(share),
                figures=(
                    SeenFigure(_("Not reported"), str(gone), f"{gone} / {expected}", path),
                    SeenFigure(_("Share"), f"{share:.2f}%"),
                ),
                matter={"area": part.code},
            )
        )
    return found
