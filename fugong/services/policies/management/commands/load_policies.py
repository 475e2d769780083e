from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from fugong.base.areas.selectors import area_tree
from fugong.core.viewer import service_viewer
from fugong.services.policies.actions.loading import load_catalogue
from fugong.services.policies.logic.files import OWN_FOLDER, BadFile, read_files


class Command(BaseCommand):
    help = "Loads policy documents and measures from a .toml file or a folder; without one, those that come along."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, nargs="?", default=OWN_FOLDER)
        parser.add_argument("--area", default="", help="code of the area that keeps them; without it the topmost")
        parser.add_argument("--json", action="store_true", help="the counts as one JSON value on standard output")

    def handle(self, *args: Any, path: Path, area: str, **options: Any) -> None:
        keeper = area_tree().by_code(area) if area else area_tree().root()
        if keeper is None:
            raise CommandError(f"no area {area}".strip() + "; load the areas first: fugong import-areas", returncode=2)
        actor = service_viewer("console")
        try:
            done = load_catalogue(actor=actor, catalogue=read_files(path), area=keeper, source=path.name)
        except (OSError, BadFile) as error:
            raise CommandError(str(error), returncode=2) from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages), returncode=2) from error
        if options["json"]:
            self.stdout.write(json.dumps(asdict(done)))
        self.stderr.write(f"measures: {done.new} new, {done.changed} changed, {done.same} the same")
