from __future__ import annotations

import csv
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fugong.base.areas.actions import import_areas
from fugong.base.areas.logic.rows import BadAreaFile, read_rows
from fugong.core.viewer import service_viewer


class Command(BaseCommand):
    help = "Loads the areas of a place from a UTF-8 CSV file (code, name, level, parent, …)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            with file.open(encoding="utf-8-sig", newline="") as lines:
                rows = read_rows(csv.DictReader(lines))
        except (OSError, UnicodeDecodeError, BadAreaFile) as error:
            raise CommandError(str(error), returncode=2) from error
        new, known = import_areas(actor=service_viewer("console"), rows=rows, source=file.name)
        self.stderr.write(f"areas: {new} new, {known} known")
