"""`fugong doctor`: what is missing on this installation, and how to mend it."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from fugong.core.console import speaking
from fugong.portal.watching.examination import Answer, examine

SIGNS = {"ok": "  ok     ", "warning": "! look   ", "fault": "x mend   "}


class Command(BaseCommand):
    help = "Says what is missing or wrong and how to mend it. Exit code 0: nothing is broken; 1: something is."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="an array of {name, level, title, sentence, mend}")

    def handle(self, *args: Any, **options: Any) -> None:
        with speaking():
            answers = examine()
        if options["json"]:
            self.stdout.write(json.dumps([_plain(answer) for answer in answers], ensure_ascii=False, indent=1))
        else:
            for answer in answers:
                self._write(answer)
        if any(answer.finding.level == "fault" for answer in answers):
            sys.exit(1)

    def _write(self, answer: Answer) -> None:
        self.stdout.write(f"{SIGNS[answer.finding.level]}{answer.title}: {answer.finding.sentence}")
        if answer.finding.mend:
            self.stdout.write(f"         -> {answer.finding.mend}")


def _plain(answer: Answer) -> dict[str, str]:
    finding = answer.finding
    return {
        "name": answer.name,
        "level": finding.level,
        "title": answer.title,
        "sentence": finding.sentence,
        "mend": finding.mend,
    }
