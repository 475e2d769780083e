from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fugong.core.viewer import service_viewer
from fugong.record.incidents.actions import load_playbook
from fugong.record.incidents.logic.playbook import PlaybookError, read_playbook


class Command(BaseCommand):
    help = "Loads a playbook from its folder; a faulty one is refused with file and key."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        try:
            version = load_playbook(actor=service_viewer("console"), playbook=read_playbook(folder))
        except PlaybookError as error:
            raise CommandError(str(error), returncode=2) from error
        self.stderr.write(f"playbook {version} from {version.effective_from}")
