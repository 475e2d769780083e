"""What measures put into the plan of an enterprise: each that it may claim and has not yet read.

Whether it applied and was paid is not kept here; what is known is whether it was told, and whether it looked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from django.db.models import F
from django.utils.translation import gettext as _

from fugong.core.decision import OutOfScope
from fugong.core.plans import PlanFact, PlanProgress
from fugong.core.viewer import Viewer
from fugong.services.policies.enums import Verdict
from fugong.services.policies.models import MeasureVersion, Standing

_TOLD = 50
# A plan holds what is worth most; the whole list has its own page.
_MOST = 5


def _for_service(viewer: Viewer) -> None:
    if not viewer.is_service:
        raise OutOfScope("standings")


def plan_facts(
    viewer: Viewer, incident_id: int, enterprise_ids: frozenset[int], day: date, limits: Mapping[str, int]
) -> list[PlanFact]:
    """The measures in force worth most that each is entitled to, by the last matching. One statement, for a service."""
    _for_service(viewer)
    begun = MeasureVersion.objects.begun_on(day).values("pk")
    rows = Standing.objects.filter(
        enterprise__in=enterprise_ids, verdict=Verdict.YES, opened_at__isnull=True, version__in=begun
    )
    worth = rows.select_related("version__measure").order_by("enterprise_id", F("amount").desc(nulls_last=True), "pk")
    facts: dict[int, list[PlanFact]] = defaultdict(list)
    for row in worth:
        if not row.version.ended_by(day) and len(facts[row.enterprise_id]) < _MOST:
            facts[row.enterprise_id].append(_fact(row))
    return [fact for those in facts.values() for fact in those]


def _fact(row: Standing) -> PlanFact:
    measure = row.version.measure
    amount = None if row.amount is None else str(row.amount)
    figures = {"zh": measure.title, "en": measure.title_en, "amount": amount}
    return PlanFact(row.enterprise_id, f"measure:{measure.code}", figures, due_on=row.version.deadline_on)


def plan_progress(
    viewer: Viewer, incident_id: int, kept: list[PlanFact], day: date
) -> dict[tuple[int, str], PlanProgress]:
    """Whether each was told and has looked; over when the measure has ended or is no longer its. For a service."""
    _for_service(viewer)
    asked = {(fact.enterprise_id, fact.key.partition(":")[2]): fact for fact in kept}
    rows = Standing.objects.filter(
        enterprise__in={pk for pk, _code in asked},
        version__measure__code__in={code for _pk, code in asked},
        version__in=MeasureVersion.objects.begun_on(day).values("pk"),
    )
    found = {}
    for row in rows.select_related("version__measure").order_by("pk"):
        fact = asked.get((row.enterprise_id, row.version.measure.code))
        if fact is not None:
            found[fact.enterprise_id, fact.key] = _progress(row, day)
    return found


def _progress(row: Standing, day: date) -> PlanProgress:
    if row.opened_at is not None:
        return PlanProgress(100, "done", _("the enterprise has read it"))
    if row.version.ended_by(day):
        return PlanProgress(None, "over", _("the measure has ended"))
    if row.verdict != Verdict.YES:
        return PlanProgress(None, "over", _("it is no longer entitled to it"))
    if row.told_at is not None:
        return PlanProgress(_TOLD, "open", _("told, not read yet"))
    return PlanProgress(0, "open", _("not told yet"))
