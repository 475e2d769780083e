from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Model

from fugong.base.accounts.models import User
from fugong.portal.demo import people
from fugong.portal.demo.check import compared
from fugong.portal.demo.load import SLUG, NotADemonstration, load, logins
from fugong.record.registry.models import Enterprise
from fugong.record.reporting.models import DailyReport

COUNTED: tuple[type[Model], ...] = (User, Enterprise, DailyReport)


class Command(BaseCommand):
    help = "Loads the demonstration city into an empty database; a second time changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--logins", action="store_true", help="only print the accounts of the demonstration")
        parser.add_argument("--figures", action="store_true", help="only print what it shows beside what was published")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["logins"]:
            self._print_logins()
            return
        if options["figures"]:
            self._print_figures()
            return
        try:
            loaded = load()
        except NotADemonstration as error:
            raise CommandError(str(error)) from error
        counts = ", ".join(f"{model._meta.model_name} {model._default_manager.count()}" for model in COUNTED)
        self.stderr.write(f"demonstration city {'loaded' if loaded else 'is there already'}: {counts}")

    def _print_logins(self) -> None:
        for login in logins():
            self.stdout.write(f"{login.role:<24} {login.username:<14} {people.PASSWORD}  {login.name}")

    def _print_figures(self) -> None:
        for line in compared(SLUG):
            verdict = (
                "as published" if line.agrees else f"published {line.planned}; somebody has changed the city since"
            )
            self.stdout.write(f"{line.label:<32} {line.counted:>14}  {verdict}")
