from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fugong.base.documents.logic.official import render_docx
from fugong.command.situation.selectors.bulletin import bulletin_draft
from fugong.command.situation.selectors.figures import area_in_view
from fugong.core import clock
from fugong.core.decision import OutOfScope
from fugong.core.viewer import service_viewer
from fugong.record.incidents.selectors import NoSuchIncident, operational_incident


class Command(BaseCommand):
    help = "Writes the bulletin of a day as an editable .docx: a draft marked 草稿 until one is published."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--on", type=date.fromisoformat, default=None, metavar="DATE", help="the day (today)")
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
        except (NoSuchIncident, OutOfScope) as error:
            raise CommandError(str(error), returncode=2) from error
        document = bulletin_draft(viewer, incident, options["on"] or clock.today(), area)
        try:
            out.write_bytes(render_docx(document))
        except OSError as error:
            raise CommandError(f"{out}: {error.strerror}", returncode=2) from error
        self.stderr.write(f"{out}: {document.title}")
