from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from fugong.command.situation.actions.bulletins import take_bulletin
from fugong.command.situation.selectors.figures import area_in_view
from fugong.core import clock
from fugong.core.decision import OutOfScope
from fugong.core.viewer import service_viewer
from fugong.record.incidents.selectors import NoSuchIncident, operational_incident


class Command(BaseCommand):
    help = "Writes the bulletin of a day as an editable .docx: a draft marked 草稿 until one is published."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--on", type=clock.day_from, default=None, metavar="DATE", help="the day (today)")
        parser.add_argument("--area", default="", metavar="CODE")
        parser.add_argument("--incident", default=None, metavar="SLUG")
        parser.add_argument("--out", type=Path, required=True, metavar="FILE.docx")

    def handle(self, *args: Any, **options: Any) -> None:
        viewer = service_viewer("console")
        out: Path = options["out"]
        if out.suffix != ".docx":
            raise CommandError(f"{out.name}: bulletins are written as .docx.", returncode=2)
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
        content = take_bulletin(actor=viewer, incident=incident, day=day, area=area)
        try:
            out.write_bytes(content)
        except OSError as error:
            raise CommandError(f"{out}: {error.strerror}", returncode=2) from error
        self.stderr.write(f"{out}: {area.name} {day}")
