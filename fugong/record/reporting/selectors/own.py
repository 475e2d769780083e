"""What a reporter's own enterprises have reported, page by page."""

from __future__ import annotations

from datetime import date

from fugong.core.viewer import Viewer
from fugong.record.registry.enums import GrantCapacity
from fugong.record.registry.models import Enterprise
from fugong.record.reporting.models import DailyReport


def my_reports(
    viewer: Viewer, enterprise: Enterprise | None, since: date | None, until: date | None, before: int | None, size: int
) -> list[DailyReport]:
    """The last `size` reports of the viewer's enterprises, or of the one, before the key of the page. One query."""
    mine = viewer.enterprises(GrantCapacity.REPORTER)
    rows = DailyReport.objects.filter(enterprise_id__in=mine if enterprise is None else mine & {enterprise.pk})
    if since is not None:
        rows = rows.filter(day__gte=since)
    if until is not None:
        rows = rows.filter(day__lte=until)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return list(rows.select_related("incident", "enterprise").order_by("-pk")[:size])
