from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from fugong.command.situation.selectors.figures import Figure, area_in_view, figures_on
from fugong.core import clock
from fugong.core.decision import OutOfScope
from fugong.core.viewer import service_viewer
from fugong.record.incidents.selectors import NoSuchIncident, operational_incident


def as_json(figure: Figure, slug: str) -> dict[str, Any]:
    """One figure as the interface states it; `value` is a string in per cent, null for 0 of 0."""
    return {
        "area": figure.area.code,
        "area_name": figure.area.name,
        "incident": slug,
        "indicator": figure.indicator.code,
        "numerator": figure.ratio.numerator,
        "denominator": figure.ratio.denominator,
        "value": None if figure.value is None else str(figure.value),
        "unit": figure.unit,
        "definition": figure.indicator.definition,
        "as_of": figure.as_of.isoformat(timespec="seconds"),
    }


class Command(BaseCommand):
    help = "Prints the figures of a day: one row for the whole and one per reporting area and indicator."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--on", type=clock.day_from, default=None, metavar="DATE", help="the day (today)")
        parser.add_argument("--area", default="", metavar="CODE", help="one area and its parts")
        parser.add_argument("--incident", default=None, metavar="SLUG")
        parser.add_argument("--json", action="store_true", help="one JSON array on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        viewer = service_viewer("console")
        try:
            incident = operational_incident(viewer, options["incident"])
            area = area_in_view(viewer, incident, options["area"])
        except NoSuchIncident as error:
            raise CommandError(str(error), returncode=2) from error
        except OutOfScope as error:
            raise CommandError(_("There is no %(what)s in this incident.") % {"what": error}, returncode=2) from error
        first, last = incident.days(clock.today())
        day = options["on"] or last
        if not first <= day <= last:
            span = {"day": day, "first": first, "last": last}
            raise CommandError(_("%(day)s: the incident has days from %(first)s to %(last)s.") % span, returncode=2)
        figures = figures_on(viewer, incident, day, area)
        if options["json"]:
            rows = [as_json(figure, incident.slug) for figure in figures]
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1))
            return
        for figure in figures:
            value = "—" if figure.value is None else f"{figure.value} %"
            self.stdout.write(
                f"{figure.area.code}\t{figure.area.name}\t{figure.indicator.label}\t"
                f"{figure.ratio.numerator}/{figure.ratio.denominator}\t{value}"
            )
