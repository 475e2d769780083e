from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fugong.base.audit.selectors.seals import seal_state
from fugong.core import clock
from fugong.core.viewer import service_viewer
from fugong.core.watching import Finding, Gauge, HealthCheck, fault, gauges, health_checks, warning, well

_WATCHING = service_viewer("watching")
# Sealing takes place each second; a minute means that nobody does it, a few seconds that it is behind.
_BEHIND, _STANDS = 10, 60


def _lag() -> float:
    """Seconds that the oldest unsealed entry has waited."""
    oldest = seal_state(_WATCHING).oldest
    return 0.0 if oldest is None else max((clock.now() - oldest).total_seconds(), 0.0)


def _seals() -> Finding:
    """The trail is sealed as it is written."""
    lag = _lag()
    if lag >= _STANDS:
        return fault(
            _("Entries of the trail have waited %(seconds)d seconds for their seal: nobody seals.") % {"seconds": lag},
            _("Start it: systemctl start fugong-worker, or 'fugong worker'; it seals each second."),
        )
    if lag >= _BEHIND:
        return warning(
            _("Entries of the trail have waited %(seconds)d seconds for their seal.") % {"seconds": lag},
            _("Look again in a minute; if it grows, the worker or the database is too slow."),
        )
    return well(_("The trail is sealed up to now."))


def _read() -> Iterable[tuple[tuple[str, ...], float]]:
    state = seal_state(_WATCHING)
    return [(("seals",), float(state.last.pk if state.last else 0)), (("unsealed",), float(state.waiting))]


health_checks.register("seals", HealthCheck("seals", 40, gettext_lazy("Seals"), _seals))
gauges.register("fugong_trail", Gauge("fugong_trail", "Seals so far, and entries that wait for one", ("what",), _read))
gauges.register(
    "fugong_trail_oldest_seconds",
    Gauge("fugong_trail_oldest_seconds", "How long the oldest unsealed entry has waited", (), lambda: [((), _lag())]),
)
