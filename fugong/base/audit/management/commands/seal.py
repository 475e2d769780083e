"""`fugong seal`: closes the entries of the trail by seals."""

from __future__ import annotations

import logging
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, connection

from fugong.base.audit.actions import MOST_ENTRIES, seal_waiting
from fugong.core.viewer import service_viewer

log = logging.getLogger(__name__)
SEALER = service_viewer("fugong seal")
SECONDS = 1.0


class Command(BaseCommand):
    help = "Seals the trail each second until it is stopped; the worker does so by itself."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="seal what is waiting, then end")

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        if once:
            self.stdout.write(f"{seal_all()} entries sealed")
        else:
            seal_until(threading.Event())


def seal_all() -> int:
    """Seal what waits (or nothing while another process seals); the number of entries sealed.

    A seal that is not full ends it: what came meanwhile has its turn a second later. Asking until nothing waits made
    ninety seals a second while people wrote.
    """
    number = 0
    while seal := seal_waiting(actor=SEALER):
        number += seal.entries
        if seal.entries < MOST_ENTRIES:
            break
    return number


def seal_until(stop: threading.Event) -> None:
    """Seal each second until the event is set, and a last time then. A database that is away is asked again."""
    ended = False
    while not ended:
        ended = stop.wait(SECONDS)
        try:
            seal_all()
        except DatabaseError:
            log.exception("the trail could not be sealed; it is tried again")
            connection.close()
    connection.close()
