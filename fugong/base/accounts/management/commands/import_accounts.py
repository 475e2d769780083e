from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from fugong.base.spreadsheets.actions.imports import import_file
from fugong.base.spreadsheets.logic.outcome import summary
from fugong.base.spreadsheets.logic.reader import UnreadableFile
from fugong.core.viewer import service_viewer


class Command(BaseCommand):
    help = "Brings officials in from .xlsx, .xls or .csv: bodies, people, mandates; the refused rows are named."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            outcome = import_file(actor=service_viewer("console"), kind="accounts", path=file, scope={})
        except (UnreadableFile, OSError) as error:
            raise CommandError(f"{file.name}: {error}", returncode=2) from error
        except ValidationError as error:
            raise CommandError(f"{file.name}: {' '.join(error.messages)}", returncode=2) from error
        self.stdout.write(json.dumps(outcome.as_json(), ensure_ascii=False) if options["json"] else summary(outcome))
