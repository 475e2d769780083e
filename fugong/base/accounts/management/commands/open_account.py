from __future__ import annotations

import secrets
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from fugong.base.accounts.actions.mandates import give_mandate
from fugong.base.accounts.actions.people import found_body, open_account
from fugong.base.accounts.enums import MANDATE_ROLES, BodyKind
from fugong.base.accounts.selectors import body_named
from fugong.base.areas.models import Area
from fugong.base.areas.selectors import area_tree
from fugong.core import clock
from fugong.core.viewer import service_viewer


class Command(BaseCommand):
    help = "Opens an official's account with a role in a body; prints its first password once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", required=True)
        parser.add_argument("--role", required=True, choices=[role for role, _label in MANDATE_ROLES])
        parser.add_argument("--area", required=True, metavar="CODE")
        parser.add_argument("--body", required=True, metavar="NAME", help="made when the area has none of that name")
        parser.add_argument("--kind", default=BodyKind.BUREAU.value, choices=BodyKind.values, help="of a new body")

    def handle(self, *args: Any, **options: Any) -> None:
        area = area_tree().by_code(options["area"])
        if area is None:
            raise CommandError(f"There is no area {options['area']}. Load the areas first.", returncode=2)
        password = secrets.token_urlsafe(9)
        try:
            self._open(area, password, options)
        except ValidationError as error:
            raise CommandError(f"{options['username']}: {' '.join(error.messages)}", returncode=2) from error
        self.stdout.write(f"{options['username']}\t{password}")

    @transaction.atomic
    def _open(self, area: Area, password: str, options: dict[str, Any]) -> None:
        actor = service_viewer("console")
        body = body_named(area, options["body"]) or found_body(
            actor=actor, name=options["body"], kind=options["kind"], area=area
        )
        user = open_account(actor=actor, username=options["username"], name=options["name"], password=password)
        give_mandate(actor=actor, user=user, body=body, role=options["role"], area=area, valid_from=clock.today())
