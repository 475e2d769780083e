from __future__ import annotations

from collections.abc import Collection

from django.db.models import F, Q

from fugong.record.reporting.models import DailyReport


def areas_reported_from(enterprise_ids: Collection[int], managed_in: Collection[int] = ()) -> frozenset[int]:
    """The areas in which reports of these enterprises count, or of those now managed in some areas. One query.

    Not scoped: for books that every area is in.
    """
    elsewhere = Q(enterprise__managing_area_id__in=managed_in) & ~Q(managing_area_id=F("enterprise__managing_area_id"))
    own = Q(enterprise_id__in=enterprise_ids)
    rows = DailyReport.objects.filter(own | elsewhere if managed_in else own)
    return frozenset(rows.order_by().values_list("managing_area_id", flat=True).distinct())
