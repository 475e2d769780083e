from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from fugong.base.areas.selectors import area_tree
from fugong.command.situation.actions.figures import repair_figures
from fugong.command.situation.selectors.figures import Figure, area_in_view, figures_on
from fugong.core import clock
from fugong.core.decision import OutOfScope
from fugong.core.registries import Amount
from fugong.core.viewer import service_viewer
from fugong.record.incidents.models import Incident
from fugong.record.incidents.selectors import NoSuchIncident, operational_incident


def _plain(amount: Amount) -> int | float:
    return float(amount) if isinstance(amount, Decimal) else amount


def as_json(figure: Figure, slug: str) -> dict[str, Any]:
    """One figure as the interface states it; `value` is a string in per cent, null for 0 of 0."""
    return {
        "area": figure.area.code,
        "area_name": figure.area.name,
        "incident": slug,
        "indicator": figure.indicator.code,
        "numerator": _plain(figure.ratio.numerator),
        "denominator": _plain(figure.ratio.denominator),
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
        parser.add_argument(
            "--recount",
            action="store_true",
            help="hold the rollup (of the whole incident, or of one day) against the facts and mend what differs",
        )
        parser.add_argument("--json", action="store_true", help="one JSON array on stdout")

    def _recount(self, incident: Incident, day: date | None, first: date, last: date) -> None:
        """Exit code 1 when something differed, so that a script sees it; it is mended all the same."""
        begin, end = (first, last) if day is None else (day, day)
        strays = repair_figures(actor=service_viewer("console"), incident=incident, first_day=begin, last_day=end)
        areas = area_tree().areas
        for stray in strays:
            where = areas[stray.area_id].code if stray.area_id else "—"
            was = "—" if stray.stored is None else f"{stray.stored.numerator}/{stray.stored.denominator}"
            self.stdout.write(
                f"{stray.day}\t{where}\t{stray.indicator}\t{was}\t{stray.counted.numerator}/{stray.counted.denominator}"
            )
        never = sum(stray.stored is None for stray in strays)
        counts = {"first": begin, "last": end, "wrong": len(strays) - never, "never": never}
        self.stderr.write(
            _("%(first)s to %(last)s: %(wrong)d cells differed from the facts, %(never)d days had not been counted.")
            % counts
        )
        if len(strays) > never:
            raise CommandError(_("The rollup differed; it is mended now."), returncode=1)

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
        if options["recount"]:
            self._recount(incident, options["on"], first, last)
            return
        figures = figures_on(viewer, incident, day, area)
        if options["json"]:
            rows = [as_json(figure, incident.slug) for figure in figures]
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1))
            return
        for figure in figures:
            unit = " %" if figure.indicator.is_rate else ""
            value = "—" if figure.value is None else f"{figure.value}{unit}"
            self.stdout.write(
                f"{figure.area.code}\t{figure.area.name}\t{figure.indicator.label}\t"
                f"{figure.ratio.numerator}/{figure.ratio.denominator}\t{value}"
            )
