from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fugong.core import clock
from fugong.core.decision import OutOfScope
from fugong.core.viewer import service_viewer
from fugong.record.registry.selectors.facts import DescribedEnterprise, described


def _number(amount: Decimal) -> int | float:
    """A JSON number as short as the amount: 3000000, 575000.5."""
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def as_json(row: DescribedEnterprise) -> dict[str, Any]:
    """One enterprise as the interface states it: areas by code, capital in units of its currency, unknown is null."""
    enterprise = row.enterprise
    amount = enterprise.capital_amount
    return {
        "uscc": enterprise.uscc,
        "name": enterprise.name,
        "kind": enterprise.kind,
        "registered_area": enterprise.registered_area.code if enterprise.registered_area else None,
        "managing_area": enterprise.managing_area.code,
        "capital_amount": None if amount is None else _number(amount),
        "capital_currency": None if amount is None else enterprise.capital_currency,
        "size": row.size.size,
        "above_scale": row.facts.above_scale,
    }


class Command(BaseCommand):
    help = "Prints the register, one line for each enterprise with its facts of a day."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--area", default="", metavar="CODE", help="only those managed in this area")
        parser.add_argument("--on", type=date.fromisoformat, default=None, metavar="DATE", help="the day (today)")
        parser.add_argument("--json", action="store_true", help="one JSON object a line on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            rows = described(service_viewer("console"), options["on"] or clock.today(), options["area"])
            for row in rows:
                line = as_json(row)
                self.stdout.write(
                    json.dumps(line, ensure_ascii=False)
                    if options["json"]
                    else "\t".join("" if value is None else str(value) for value in line.values())
                )
        except OutOfScope as error:
            raise CommandError(f"There is no {error}.", returncode=2) from error
