"""`fugong audit verify`: does the trail still say what was sealed?"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from fugong.base.audit.selectors.seals import Fault, Verification, verify_trail
from fugong.core import clock
from fugong.core.console import speaking
from fugong.core.viewer import service_viewer

_SHORTEST = 16


class Command(BaseCommand):
    help = "verify: computes every seal of the trail again; names the first broken one and the entry. Exit code 1 then."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["verify"])
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument(
            "--printed",
            action="append",
            default=[],
            metavar="DAY=SEAL",
            help="a seal that a bulletin printed, such as 2020-03-24=5f0c…; may be given several times",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        found = verify_trail(service_viewer("fugong audit"), _printed(options["printed"]))
        if options["json"]:
            self.stdout.write(json.dumps({"holds": found.fault is None, **asdict(found)}, default=str))
        else:
            with speaking():
                self.stdout.write(_words(found))
        if found.fault:
            sys.exit(1)


def _printed(words: list[str]) -> dict[str, str]:
    found = {}
    for word in words:
        day, _separator, digits = word.partition("=")
        try:
            found[clock.day_from(day).isoformat()] = digits
        except ValueError:
            digits = ""
        if len(digits) < _SHORTEST:
            raise CommandError(
                f"--printed {word}: write 2020-03-24=SEAL with at least {_SHORTEST} digits.", returncode=2
            )
    return found


def _words(found: Verification) -> str:
    counts: dict[str, int | str] = {"seals": found.seals, "entries": found.entries, "waiting": found.waiting}
    if found.fault:
        held = _("Before it %(seals)d seals with %(entries)d entries hold.") % counts
        return f"{_fault_words(found.fault)}\n{held}"
    return _(
        "The trail holds: %(seals)d seals, %(entries)d entries; %(waiting)d wait for a seal. Last seal: %(last)s"
    ) % (counts | {"last": found.last or "—"})


def _fault_words(fault: Fault) -> str:
    moment = timezone.localtime(fault.sealed_at).isoformat(" ", "seconds") if fault.sealed_at else ""
    words = {
        "chain": _("Broken: seal %(seal)d of %(moment)s does not follow the one before it."),
        "seal": _("Broken: seal %(seal)d of %(moment)s was changed."),
        "entry_changed": _("Broken: entry %(entry)d was changed after seal %(seal)d of %(moment)s."),
        "entry_missing": _("Broken: entry %(entry)d, closed by seal %(seal)d of %(moment)s, is gone."),
        "entry_unsealed": _("Broken: entry %(entry)d stands in no seal and waits for none."),
        "day_seal": _("Broken: the printed seal is not in the chain; that day ends with seal %(seal)d of %(moment)s."),
    }[fault.kind]
    return words % {"seal": fault.seal, "entry": fault.entry, "moment": moment}
