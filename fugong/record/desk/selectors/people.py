"""Who serves in a body, and how much each has on the desk already."""

from __future__ import annotations

from django.db.models import Count

from fugong.base.accounts.models import Body
from fugong.base.accounts.selectors import people_of
from fugong.core import clock
from fugong.core.viewer import Viewer
from fugong.record.desk.models import Request


def loads_in(viewer: Viewer, body: Body) -> dict[int, int]:
    """Account id → open requests of each person of a body who has any: shown before one more is given. 1 query."""
    loads = Request.objects.running().filter(owner__in=people_of(viewer, body, clock.today()))
    return dict(loads.order_by().values_list("owner").annotate(Count("pk")))
