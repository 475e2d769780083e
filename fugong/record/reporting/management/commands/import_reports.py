from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fugong.base.spreadsheets.logic.outcome import summary
from fugong.base.spreadsheets.logic.reader import UnreadableFile
from fugong.core.trouble import trouble_of
from fugong.core.viewer import service_viewer
from fugong.record.incidents.selectors import NoSuchIncident, operational_incident
from fugong.record.reporting.actions.imports import import_reports


class Command(BaseCommand):
    help = "Brings daily reports in from .xlsx, .xls or .csv; the refused rows are named."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--incident", default=None, metavar="SLUG")
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        viewer = service_viewer("console")
        try:
            incident = operational_incident(viewer, options["incident"])
            outcome = import_reports(actor=viewer, incident=incident, path=file)
        except NoSuchIncident as error:
            raise CommandError(str(error), returncode=2) from error
        except (UnreadableFile, OSError) as error:
            if trouble_of(error):
                raise  # a full disk is no fault of the file
            raise CommandError(f"{file.name}: {error}", returncode=2) from error
        self.stdout.write(json.dumps(outcome.as_json(), ensure_ascii=False) if options["json"] else summary(outcome))
