from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from fugong.base.areas.selectors import area_tree
from fugong.base.spreadsheets.logic.outcome import summary
from fugong.base.spreadsheets.logic.reader import UnreadableFile
from fugong.core.trouble import trouble_of
from fugong.core.viewer import service_viewer
from fugong.record.registry.actions.imports import import_enterprises


class Command(BaseCommand):
    help = "Brings a register of enterprises in from .xlsx, .xls or .csv; the refused rows are named."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--area", default="", metavar="CODE", help="managing area of rows that tell none")
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        if options["area"] and area_tree().by_code(options["area"]) is None:
            raise CommandError(_("There is no area %(code)s.") % {"code": options["area"]}, returncode=2)
        try:
            outcome = import_enterprises(actor=service_viewer("console"), path=file, default_area=options["area"])
        except (UnreadableFile, OSError) as error:
            if trouble_of(error):
                raise  # a full disk is no fault of the file
            raise CommandError(f"{file.name}: {error}", returncode=2) from error
        self.stdout.write(json.dumps(outcome.as_json(), ensure_ascii=False) if options["json"] else summary(outcome))
