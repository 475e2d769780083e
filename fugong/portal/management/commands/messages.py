"""`fugong messages`: the message catalogues in fugong/locale."""

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

import fugong
from fugong.portal.logic import catalogues

PACKAGE = Path(fugong.__file__).resolve().parent


class Command(BaseCommand):
    help = "Takes the texts from code and templates into fugong/locale; with no option updates both catalogues."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--check", action="store_true", help="change nothing; exit 1 and name what is not fresh")
        what.add_argument("--compile", action="store_true", help="write the .mo files")
        what.add_argument(
            "--fill", nargs="+", type=Path, metavar="CSV", help="fill missing Chinese from files of two columns"
        )
        parser.add_argument("--package", type=Path, default=PACKAGE, help=argparse.SUPPRESS)

    def handle(self, *args: Any, package: Path, **options: Any) -> None:
        if options["compile"]:
            catalogues.compile_catalogues(package)
        elif options["check"]:
            self.check_fresh(package)
        else:
            self.update(package, options["fill"] or [])

    def check_fresh(self, package: Path) -> None:
        sentences = catalogues.problems(package)
        for sentence in sentences:
            self.stdout.write(sentence)
        if sentences:
            raise CommandError(f"The catalogues are not fresh ({len(sentences)} findings); run 'fugong messages'.")

    def update(self, package: Path, csv_files: list[Path]) -> None:
        chinese: dict[str, str] = {}
        for path in csv_files:
            try:
                chinese |= catalogues.read_filling(path)
            except (OSError, ValueError) as error:
                raise CommandError(str(error)) from error
        for done in catalogues.update(package, chinese):
            counts = f"{len(done.added)} added, {len(done.removed)} removed, {len(done.untranslated)} untranslated"
            self.stdout.write(f"{done.language}: {counts}")
            for text in done.untranslated:
                self.stdout.write(f"    {text!r}")
        catalogues.compile_catalogues(package)
