"""Areas in which enterprises count, or did: what a change of theirs may touch."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

from fugong.record.registry.models import Enterprise, EnterpriseMove


def areas_ever(enterprise_ids: Collection[int], managed_in: Collection[int] = ()) -> frozenset[int]:
    """The areas that manage these enterprises, or those now managed in some areas, or managed them before. 2 queries.

    Not scoped: for books that every area is in.
    """
    which = Q(pk__in=enterprise_ids) | Q(managing_area_id__in=managed_in)
    rows = Enterprise.objects.filter(which).order_by()
    moves = EnterpriseMove.objects.filter(enterprise__in=rows.values("pk")).order_by()
    now = () if not enterprise_ids else rows.values_list("managing_area_id", flat=True).distinct()
    found = {pk for pair in moves.values_list("from_area_id", "to_area_id").distinct() for pk in pair}
    return frozenset(found) | frozenset(now)
