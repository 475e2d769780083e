"""What `fugong doctor` and the administrator's page ask of the database, the queue and the data in it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from fugong.base.accounts.models import Mandate
from fugong.core import clock
from fugong.core.roles import Role
from fugong.core.watching import Finding, HealthCheck, fault, health_checks, warning, well
from fugong.record.incidents.models import Incident, PlaybookVersion

_OLDEST_SERVER = 150000
_SKEW = timedelta(seconds=2)
_SILENCE = timedelta(seconds=60)
_LATE_JOB = timedelta(minutes=5)


def _row(sql: str) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        row: tuple[Any, ...] = cursor.fetchone()
        return row


def database() -> Finding:
    """It answers, is new enough, keeps every character, and has connections left."""
    version, encoding, used, most = _row(
        "SELECT current_setting('server_version_num')::int, pg_encoding_to_char(encoding),"
        " (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),"
        " current_setting('max_connections')::int FROM pg_database WHERE datname = current_database()"
    )
    words = {"version": version // 10000, "encoding": encoding, "used": used, "most": most}
    if version < _OLDEST_SERVER:
        return fault(_("PostgreSQL %(version)s is too old.") % words, _("Move to PostgreSQL 15 or newer."))
    if encoding != "UTF8":
        return fault(
            _("The database is encoded in %(encoding)s, which has no place for every Chinese character.") % words,
            _("Make a new database with ENCODING 'UTF8' and restore the newest backup into it."),
        )
    if used > most * 0.8:
        return warning(
            _("%(used)s of %(most)s connections are in use.") % words,
            _("Raise max_connections in postgresql.conf, or serve with fewer workers."),
        )
    return well(_("PostgreSQL %(version)s answers; %(used)s of %(most)s connections are in use.") % words)


def unapplied() -> int:
    """Migrations of the program that the database does not have yet."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def tables() -> Finding:
    """The tables are those of this program."""
    missing = unapplied()
    if missing:
        sentence = ngettext(
            "%(number)s change of the tables is not made yet.",
            "%(number)s changes of the tables are not made yet.",
            missing,
        )
        return fault(sentence % {"number": missing}, _("Make a backup, then run: fugong migrate"))
    return well(_("The tables are those of this program."))


def skew() -> Finding:
    """The database server goes by the same time."""
    (theirs,) = _row("SELECT clock_timestamp()")
    apart = abs(theirs - clock.real_now())
    if apart > _SKEW:
        return warning(
            _("The clocks of this machine and of the database are %(seconds)s seconds apart.")
            % {"seconds": round(apart.total_seconds())},
            _("Set both by a time server (Debian: apt-get install systemd-timesyncd)."),
        )
    return well(_("This machine and the database go by the same time."))


def content() -> Finding:
    """There is something to work with: a playbook, an incident that is open, somebody who can give accounts."""
    if not PlaybookVersion.objects.exists():
        return warning(_("No playbook is loaded yet."), _("Run: fugong load-playbook epidemic"))
    if not Incident.objects.open_on(clock.today()).exists():
        return warning(_("No incident is open today."), _("Run: fugong open-incident --help"))
    if not Mandate.objects.filter(role=Role.ADMINISTRATOR).exists():
        return warning(_("Nobody is administrator."), _("Run: fugong open-account --help"))
    return well(_("A playbook is loaded, an incident is open, and there is an administrator."))


def worker() -> Finding:
    """Somebody does the jobs."""
    beat, late, failed = _row(
        "SELECT (SELECT now() - max(last_heartbeat) FROM procrastinate_workers),"
        " (SELECT max(now() - coalesce(j.scheduled_at, e.at)) FROM procrastinate_jobs j JOIN procrastinate_events e"
        "  ON e.job_id = j.id AND e.type = 'deferred'"
        "  WHERE j.status = 'todo' AND coalesce(j.scheduled_at, now()) <= now()),"
        " (SELECT count(*) FROM procrastinate_events WHERE type = 'failed' AND at > now() - interval '1 day')"
    )
    if beat is None or beat > _SILENCE:
        return fault(
            _("No worker is running: imports, documents and messages wait."),
            _("Start it: systemctl start fugong-worker, or 'fugong worker'."),
        )
    if late is not None and late > _LATE_JOB:
        return warning(
            _("A job has been waiting for %(minutes)s minutes.") % {"minutes": round(late.total_seconds() / 60)},
            _("Look into the worker's log (journalctl -u fugong-worker); if it is only slow, raise --concurrency."),
        )
    if failed:
        return warning(
            _("%(number)s jobs failed in the last 24 hours.") % {"number": failed},
            _("The reasons stand in the worker's log (journalctl -u fugong-worker)."),
        )
    return well(_("The worker is running and nothing waits long."))


for _order, (_name, _title, _check) in enumerate(
    [
        ("database", gettext_lazy("Database"), database),
        ("tables", gettext_lazy("Tables"), tables),
        ("skew", gettext_lazy("Clocks"), skew),
        ("worker", gettext_lazy("Worker"), worker),
        ("content", gettext_lazy("Content"), content),
    ]
):
    health_checks.register(_name, HealthCheck(_name, 20 + _order, _title, _check))
