from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from fugong.base.documents.logic.official import OfficialDocument, render_docx, render_text
from fugong.base.documents.logic.pdf import PdfUnavailable, render_pdf
from fugong.command.situation.actions.bulletin_figures import unsaved_draft
from fugong.command.situation.actions.publishing import take_out
from fugong.command.situation.selectors.bulletin_book import workbook_of
from fugong.command.situation.selectors.bulletins import document_for, published_on
from fugong.command.situation.selectors.figures import area_in_view
from fugong.core import clock
from fugong.core.decision import OutOfScope
from fugong.core.viewer import service_viewer
from fugong.record.incidents.selectors import NoSuchIncident, operational_incident

_WRITERS: dict[str, Callable[[OfficialDocument], bytes]] = {
    ".docx": render_docx,
    ".pdf": render_pdf,
    ".txt": lambda document: render_text(document).encode(),
}


class Command(BaseCommand):
    help = "Writes the bulletin of a day (.docx, .pdf, .xlsx, .txt): the published one, else a draft marked 草稿."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--on", type=clock.day_from, default=None, metavar="DATE", help="the day (today)")
        parser.add_argument("--area", default="", metavar="CODE")
        parser.add_argument("--incident", default=None, metavar="SLUG")
        parser.add_argument("--out", type=Path, required=True, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        viewer = service_viewer("console")
        out: Path = options["out"]
        if out.suffix not in {*_WRITERS, ".xlsx"}:
            raise CommandError(f"{out.name}: bulletins are written as .docx, .pdf, .xlsx or .txt.", returncode=2)
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
        bulletin = published_on(viewer, incident, area, day)
        drafted = bulletin or unsaved_draft(actor=viewer, incident=incident, area=area, day=day)
        document = document_for(drafted)
        try:
            is_book = out.suffix == ".xlsx"
            out.write_bytes(workbook_of(viewer, drafted) if is_book else _WRITERS[out.suffix](document))
        except PdfUnavailable as error:
            raise CommandError(str(error), returncode=2) from error
        except OSError as error:
            raise CommandError(f"{out}: {error.strerror}", returncode=2) from error
        if bulletin is not None:
            take_out(actor=viewer, bulletin=bulletin, form=out.suffix[1:])
        self.stderr.write(f"{out}: {area.name} {day} {document.issue or '草稿'}")
