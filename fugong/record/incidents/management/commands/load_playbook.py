from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

import fugong
from fugong.core.viewer import service_viewer
from fugong.record.incidents.actions import load_playbook
from fugong.record.incidents.logic.playbook import PlaybookError, read_playbook

PLAYBOOKS = Path(fugong.__file__).parent / "playbooks"


class Command(BaseCommand):
    help = "Loads a playbook from its folder; a faulty one is refused with file and key."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="folder of a playbook, or the name of one that comes with Fugong")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        included = PLAYBOOKS / folder
        if not folder.exists() and len(folder.parts) == 1 and included.is_dir():
            folder = included
        try:
            version = load_playbook(actor=service_viewer("console"), playbook=read_playbook(folder))
        except PlaybookError as error:
            raise CommandError(str(error), returncode=2) from error
        self.stderr.write(f"playbook {version} from {version.effective_from}")
