from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Model

from fugong.base.accounts.models import User
from fugong.portal.demo import people
from fugong.portal.demo.load import NotADemonstration, load, logins
from fugong.record.registry.models import Enterprise
from fugong.record.reporting.models import DailyReport

COUNTED: tuple[type[Model], ...] = (User, Enterprise, DailyReport)


class Command(BaseCommand):
    help = "Loads the demonstration city into an empty database; a second time changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--logins", action="store_true", help="only print the accounts of the demonstration")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["logins"]:
            self._print_logins()
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
