"""What an installation says about itself: findings in words for people, gauges in figures for machines.

A room registers in `provides.py` what it alone can see (seals that lag, marks that wait); the portal asks them all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise

from fugong.core.registries import Registry

Level = Literal["ok", "warning", "fault"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence about one thing, and for what is not well another one: how to mend it."""

    level: Level
    sentence: str
    mend: str = ""


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """A question that `fugong doctor` and the administrator's page ask. `needs_database`: not asked without one."""

    name: str
    order: int
    title: str | Promise
    run: Callable[[], Finding]
    needs_database: bool = True


@dataclass(frozen=True, slots=True)
class Gauge:
    """Figures of this moment for Prometheus: pairs of label values and figure, read when somebody asks."""

    name: str
    help: str
    labels: tuple[str, ...]
    read: Callable[[], Iterable[tuple[tuple[str, ...], float]]]


health_checks: Registry[HealthCheck] = Registry("health_checks")
gauges: Registry[Gauge] = Registry("gauges")


def well(sentence: str) -> Finding:
    """Nothing to do."""
    return Finding("ok", sentence)


def warning(sentence: str, mend: str) -> Finding:
    """It works, and something should be done soon."""
    return Finding("warning", sentence, mend)


def fault(sentence: str, mend: str) -> Finding:
    """It does not work, or not safely."""
    return Finding("fault", sentence, mend)
