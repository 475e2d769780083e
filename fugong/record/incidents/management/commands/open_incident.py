from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError

from fugong.base.areas.selectors import area_tree
from fugong.core.viewer import service_viewer
from fugong.record.incidents.actions import open_incident


class Command(BaseCommand):
    help = "Opens an incident in an area by a loaded playbook."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--slug", required=True, help="short name in addresses, e.g. epidemic-2020")
        parser.add_argument("--name", required=True)
        parser.add_argument("--name-en", default="")
        parser.add_argument("--area", required=True, metavar="CODE")
        parser.add_argument("--playbook", required=True, metavar="CODE")
        parser.add_argument("--started", required=True, type=date.fromisoformat, metavar="DATE")
        parser.add_argument("--drill", action="store_true", help="an exercise: nothing of it is sent outside")

    def handle(self, *args: Any, **options: Any) -> None:
        area = area_tree().by_code(options["area"])
        if area is None:
            raise CommandError(f"There is no area {options['area']}. Load the areas first.", returncode=2)
        try:
            incident = open_incident(
                actor=service_viewer("console"),
                slug=options["slug"],
                name=options["name"],
                name_en=options["name_en"],
                area=area,
                playbook_code=options["playbook"],
                started_on=options["started"],
                is_drill=options["drill"],
            )
        except ObjectDoesNotExist as error:
            raise CommandError(f"The playbook {options['playbook']} is not loaded.", returncode=2) from error
        except IntegrityError as error:
            raise CommandError(f"There is an incident {options['slug']} already.", returncode=2) from error
        self.stderr.write(f"incident {incident.slug} in {area.name} since {incident.started_on}")
