from __future__ import annotations

import csv
import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fugong.base.areas.actions import import_areas, preview_areas
from fugong.base.areas.logic.rows import BadAreaFile, read_rows
from fugong.base.areas.selectors import area_tree
from fugong.core.viewer import service_viewer


class Command(BaseCommand):
    help = "Loads the areas of a place from a UTF-8 CSV file (code, name, level, parent, validity, successor, …)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--preview", action="store_true", help="say what would change and write nothing")
        parser.add_argument("--json", action="store_true", help="the counts as one JSON value on standard output")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        actor = service_viewer("console")
        try:
            with file.open(encoding="utf-8-sig", newline="") as lines:
                rows = read_rows(csv.DictReader(lines), {area.code for area in area_tree().areas.values()})
            if options["preview"]:
                done = preview_areas(actor=actor, rows=rows)
            else:
                done = import_areas(actor=actor, rows=rows, source=file.name)
        except (OSError, UnicodeDecodeError, BadAreaFile) as error:
            raise CommandError(str(error), returncode=2) from error
        if options["json"]:
            self.stdout.write(json.dumps(asdict(done)))
        word = "would be " if options["preview"] else ""
        self.stderr.write(f"areas: {done.new} {word}new, {done.changed} {word}changed, {done.same} the same")
