"""The catalogue of documents and measures, for officials and for jobs; search in Chinese."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Count, F, Q, QuerySet, Sum

from fugong.base.areas.selectors import area_tree
from fugong.core import clock
from fugong.core.decision import OutOfScope
from fugong.core.viewer import Viewer
from fugong.services.policies.enums import Verdict, VersionState
from fugong.services.policies.logic.drafting import place_of
from fugong.services.policies.logic.searching import phrases
from fugong.services.policies.models import Measure, MeasureVersion, PolicyDocument, Standing
from fugong.services.policies.permissions import can_keep_measures, can_match, can_see_measures


def current_versions(viewer: Viewer) -> list[MeasureVersion]:
    """The published versions that hold today, for the jobs that match and tell."""
    can_match(viewer).require()
    today = clock.today()
    begun = MeasureVersion.objects.begun_on(today).values("pk")
    rows = MeasureVersion.objects.filter(pk__in=begun).select_related("measure", "document__area").order_by("pk")
    return [version for version in rows if not version.ended_by(today)]


def _readable(viewer: Viewer) -> QuerySet[MeasureVersion]:
    """The published versions, and drafts of the areas that the viewer sees."""
    rows = MeasureVersion.objects.all()
    if viewer.covers_root:
        return rows
    return rows.filter(Q(state=VersionState.PUBLISHED) | Q(measure__area__in=viewer.area_ids))


def measures_found(viewer: Viewer, text: str = "", aspect: str = "") -> list[MeasureVersion]:
    """What stands in the catalogue: of each measure the version that holds, else the next one, else its draft.

    Drafts only of the viewer's areas. `text`: words of which all are found, in title, explanation or document.
    """
    can_see_measures(viewer).require()
    later = Q(valid_from__gt=clock.today())
    rows = _readable(viewer).annotate(later=later)
    rows = rows.order_by("measure_id", F("state").desc(), "later", "-valid_from", "-pk")
    newest = rows.distinct("measure_id").values("pk")
    found = MeasureVersion.objects.filter(pk__in=newest).select_related("measure", "document")
    return list(_matching(found, text, aspect).order_by("measure__aspect", "measure__title", "pk"))


def _matching(rows: QuerySet[MeasureVersion], text: str, aspect: str) -> QuerySet[MeasureVersion]:
    if aspect:
        rows = rows.filter(measure__aspect=aspect)
    for phrase in phrases(text):
        query = SearchQuery(phrase, config="simple", search_type="phrase")
        rows = rows.annotate(vector=SearchVector("words", config="simple")).filter(vector=query)
    return rows


def measure_for(viewer: Viewer, code: str) -> Measure:
    """One measure. Raises `OutOfScope`."""
    can_see_measures(viewer).require()
    found = Measure.objects.filter(code=code).select_related("area").first()
    if found is None:
        raise OutOfScope(f"measure {code}")
    return found


def versions_of(viewer: Viewer, measure: Measure) -> list[MeasureVersion]:
    """Every version of a measure that the viewer may read, drafts first, then the latest.

    Raises `OutOfScope` where that is none: a measure of another area that is not published yet.
    """
    can_see_measures(viewer).require()
    rows = _readable(viewer).filter(measure=measure).select_related("measure", "document__area")
    found = list(rows.order_by("state", "-valid_from", "-pk"))
    if not found:
        raise OutOfScope(f"measure {measure.code}")
    return found


def draft_for(viewer: Viewer, pk: int) -> MeasureVersion:
    """A draft that the viewer may write. Raises `OutOfScope`; `Denied` for one who only reads."""
    can_see_measures(viewer).require()
    found = MeasureVersion.objects.filter(pk=pk).select_related("measure__area", "document__area").first()
    if found is None or not (viewer.is_service or viewer.covers(found.measure.area_id)):
        raise OutOfScope(f"version {pk}")
    can_keep_measures(viewer, found.measure.area_id).require()
    return found


def documents_kept(viewer: Viewer) -> list[PolicyDocument]:
    """The documents of areas in which the viewer writes measures."""
    rows = PolicyDocument.objects.select_related("area").order_by("-issued_on", "pk")
    return [row for row in rows if can_keep_measures(viewer, row.area_id)]


@dataclass(frozen=True, slots=True)
class Funnel:
    """A published version's enterprises within the viewer's areas, step by step; `excluding`: how many each condition
    keeps out, the most first (number of the condition from 0, enterprises)."""

    matched: int
    yes: int
    unknown: int
    no: int
    told: int
    opened: int
    money: Decimal | None
    excluding: tuple[tuple[int, int], ...]
    as_of: date | None


def funnel_of(viewer: Viewer, version: MeasureVersion) -> Funnel:
    """How far a measure has come, by the last match. 2 queries."""
    can_see_measures(viewer).require()
    rows = Standing.objects.filter(version=version).order_by()
    if not (viewer.covers_root or viewer.is_service):
        rows = rows.filter(enterprise__managing_area__in=viewer.area_ids)
    steps = rows.values("verdict").annotate(
        n=Count("pk"), told=Count("told_at"), opened=Count("opened_at"), money=Sum("amount")
    )
    by_verdict: dict[str, dict[str, Any]] = {row["verdict"]: dict(row) for row in steps}
    kept_out = Counter(dict(rows.filter(excluding__isnull=False).values_list("excluding").annotate(n=Count("pk"))))
    yes = by_verdict.get(Verdict.YES, {})
    count = {verdict: by_verdict.get(verdict, {}).get("n", 0) for verdict in Verdict}
    return Funnel(
        matched=sum(count.values()),
        yes=count[Verdict.YES],
        unknown=count[Verdict.UNKNOWN],
        no=count[Verdict.NO],
        told=yes.get("told", 0),
        opened=yes.get("opened", 0),
        money=yes.get("money"),
        excluding=tuple(kept_out.most_common()),
        as_of=version.matched_on,
    )


def public_measures(viewer: Viewer, text: str = "", aspect: str = "", code: str = "") -> list[MeasureVersion]:
    """What anybody may read: the published version of each measure that began last and binds in this place.

    Without `text`, `aspect` and `code` all of them; what has ended stays, as a mark. `viewer` may be anybody.
    """
    root = area_tree().root()
    if root is None:
        return []
    here = place_of(root.code)
    beginnings = [here[:length] for length in range(len(here) + 1)]
    begun = MeasureVersion.objects.begun_on(clock.today()).values("pk")
    rows = MeasureVersion.objects.filter(pk__in=begun).select_related("measure", "document")
    rows = rows.filter(Q(document__place_code__in=beginnings) | Q(document__place_code__startswith=here))
    if code:
        rows = rows.filter(measure__code=code)
    return list(_matching(rows, text, aspect).order_by("measure__aspect", "measure__title", "pk"))
