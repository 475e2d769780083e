"""Asking every check; a check that breaks is a finding as well."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from django.db import Error, connection, transaction
from django.utils.translation import gettext as _

from fugong.core.watching import Finding, HealthCheck, Level, fault, health_checks

log = logging.getLogger("fugong.health")
_WEIGHT: dict[Level, int] = {"fault": 0, "warning": 1, "ok": 2}


@dataclass(frozen=True, slots=True)
class Answer:
    """A check and what it found."""

    name: str
    title: str
    finding: Finding


def examine() -> list[Answer]:
    """Every check, in its order. Without a database those that need one are left out, and one finding says so."""
    checks = sorted(health_checks.values(), key=lambda check: check.order)
    answers = [Answer(check.name, str(check.title), _asked(check)) for check in checks if not check.needs_database]
    try:
        connection.ensure_connection()
    except Error as error:
        log.info("no database", exc_info=error)
        return [*answers, Answer("database", _("Database"), _no_database(error))]
    return [
        *answers,
        *(Answer(check.name, str(check.title), _asked(check)) for check in checks if check.needs_database),
    ]


def worst_first(answers: list[Answer]) -> list[Answer]:
    """What has to be done stands above what is well."""
    return sorted(answers, key=lambda answer: _WEIGHT[answer.finding.level])


def _asked(check: HealthCheck) -> Finding:
    try:
        if not check.needs_database:
            return check.run()
        with transaction.atomic():  # a statement that fails ends this check, not those after it
            return check.run()
    except Exception as error:  # a check that cannot be made is what somebody must know
        log.info("a check failed", exc_info=error)
        return fault(
            _("This could not be found out (%(kind)s).") % {"kind": type(error).__name__},
            _("If the tables are not made yet, run: fugong migrate. Otherwise the log says more."),
        )


def _no_database(error: Error) -> Finding:
    return fault(
        _("The database does not answer: %(reason)s") % {"reason": " ".join(str(error).split())[:200]},
        _("Start it (systemctl start postgresql), or mend DATABASE_URL; it needs PostgreSQL 15 or newer."),
    )
