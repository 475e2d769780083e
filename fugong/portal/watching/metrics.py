"""Prometheus: what requests cost, counted by each process; and the state of the whole, read when somebody asks.

The processes of one server share files in PROMETHEUS_MULTIPROC_DIR (set by `fugong serve`), so that an answer counts
the requests of all of them, whichever process gives it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator

from django.conf import settings
from django.db import connection
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily

from fugong.core.watching import Gauge, gauges

_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2.5, 5, 10)
_own = CollectorRegistry()
requests = Counter("fugong_requests", "Answered requests", ["view", "method", "status"], registry=_own)
seconds = Histogram("fugong_request_seconds", "Time of a request", ["view"], buckets=_BUCKETS, registry=_own)
statements = Counter("fugong_statements", "SQL statements of requests", ["view"], registry=_own)
slow_statements = Counter("fugong_slow_statements", "Statements over FUGONG_SLOW_STATEMENT_MS", registry=_own)
unavailable = Counter("fugong_unavailable", "Answers 503 by reason", ["reason"], registry=_own)


class _Now:
    """The registered gauges of all rooms."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        for name, gauge in gauges.items():
            family = GaugeMetricFamily(name, gauge.help, labels=gauge.labels)
            for labels, figure in gauge.read():
                family.add_metric(labels, figure)
            yield family


def exposition() -> bytes:
    """Everything, in Prometheus's text format."""
    registry = CollectorRegistry()
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        counted = generate_latest(registry)
    else:
        counted = generate_latest(_own)
    now = CollectorRegistry()
    now.register(_Now())
    return counted + generate_latest(now)


def _rows(sql: str) -> list[tuple[str | float, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def _by_first(sql: str) -> Iterable[tuple[tuple[str, ...], float]]:
    return [((str(label),), float(figure)) for label, figure in _rows(sql)]


def _single(sql: str) -> Iterable[tuple[tuple[str, ...], float]]:
    return [((), float(_rows(sql)[0][0]))]


def _disk() -> Iterable[tuple[tuple[str, ...], float]]:
    usage = shutil.disk_usage(settings.HOME)
    return [(("free",), usage.free), (("total",), usage.total)]


for _gauge in (
    Gauge(
        "fugong_jobs",
        "Jobs of the queue by state",
        ("state",),
        lambda: _by_first("SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY 1"),
    ),
    Gauge(
        "fugong_job_oldest_seconds",
        "Age of the oldest job that is due and waits",
        (),
        lambda: _single(
            "SELECT coalesce(extract(epoch FROM max(now() - coalesce(j.scheduled_at, e.at))), 0)"
            " FROM procrastinate_jobs j JOIN procrastinate_events e ON e.job_id = j.id AND e.type = 'deferred'"
            " WHERE j.status = 'todo' AND coalesce(j.scheduled_at, now()) <= now()"
        ),
    ),
    Gauge(
        "fugong_worker_heartbeat_seconds",
        "Seconds since a worker was last heard of; -1 when none ever was",
        (),
        lambda: _single(
            "SELECT coalesce(extract(epoch FROM now() - max(last_heartbeat)), -1) FROM procrastinate_workers"
        ),
    ),
    Gauge(
        "fugong_database_connections",
        "Connections to this database by state",
        ("state",),
        lambda: _by_first(
            "SELECT coalesce(state, 'other'), count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() GROUP BY 1"
        ),
    ),
    Gauge(
        "fugong_database_bytes",
        "Size of the database",
        (),
        lambda: _single("SELECT pg_database_size(current_database())"),
    ),
    Gauge("fugong_disk_bytes", "Disk of FUGONG_HOME", ("what",), _disk),
):
    gauges.register(_gauge.name, _gauge)
