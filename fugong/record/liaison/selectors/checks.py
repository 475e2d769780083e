"""Checklists of visits: which are asked, and what came of them the last time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from fugong.base.areas.models import Area
from fugong.base.questionnaires.models import FormVersion
from fugong.base.questionnaires.selectors import newest_versions, versions_asked_in
from fugong.core import clock
from fugong.core.decision import OutOfScope
from fugong.core.plans import PlanFact, PlanProgress
from fugong.core.registries import Need
from fugong.core.text import in_language, listed
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident
from fugong.record.liaison.enums import Way
from fugong.record.liaison.logic.section import Checklist
from fugong.record.liaison.models import VisitCheck
from fugong.record.liaison.permissions import can_see_field
from fugong.record.liaison.selectors.section import field_section
from fugong.record.registry.enums import GrantCapacity

_NAMED = 2


def checklists(viewer: Viewer, incident: Incident, area: Area, day: date) -> list[tuple[Checklist, FormVersion]]:
    """The checklists that visits in an area ask: the playbook's, then those of the area and of the areas above it."""
    rules = {rule.form: rule for rule in field_section(incident, day).checklists}
    found = [(rules[version.form.code], version) for version in newest_versions(viewer, rules)]
    own = [version for version in versions_asked_in(viewer, area) if version.form.code not in rules]
    return [*found, *((Checklist(version.form.code, (Way.VISIT,), ()), version) for version in own)]


def _last(rows: QuerySet[VisitCheck], until: date | None = None) -> list[VisitCheck]:
    """The last time of each form at each enterprise, up to the end of a day. One statement."""
    if until is not None:
        rows = rows.filter(happened_at__lt=_start_of(until + timedelta(days=1)))
    last = rows.order_by("enterprise_id", "form_id", "-happened_at", "-pk").distinct("enterprise_id", "form_id")
    return list(
        last.select_related("response__version", "form").defer("response__version__content", "response__answers")
    )


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


@dataclass(frozen=True, slots=True)
class LastCheck:
    """How a checklist stood the last time: when, by whom, and which checks failed, in words."""

    title: str
    code: str
    response_id: int
    day: date
    by: str
    failed: int
    failed_words: str


def _told(check: VisitCheck) -> LastCheck:
    response = check.response
    return LastCheck(
        title=response.version.label,
        code=check.form.code,
        response_id=response.pk,
        day=clock.day_of(check.happened_at),
        by=response.user_name,
        failed=len(response.failed),
        failed_words=response.failed_words,
    )


def own_checks(viewer: Viewer, enterprise_id: int) -> list[LastCheck]:
    """How each checklist stood the last time at an enterprise that the viewer looks after. Raises `OutOfScope`."""
    if not viewer.acts_for(enterprise_id, GrantCapacity.LIAISON_OFFICER):
        raise OutOfScope(f"enterprise {enterprise_id}")
    return [_told(row) for row in _last(VisitCheck.objects.filter(enterprise=enterprise_id))]


def checks_at(viewer: Viewer, enterprise_id: int, until: date) -> list[LastCheck]:
    """The same for an official of its area, as it stood at the end of a day."""
    can_see_field(viewer).require()
    rows = VisitCheck.objects.filter(enterprise=enterprise_id)
    if not viewer.covers_root:
        rows = rows.filter(enterprise__managing_area__in=viewer.area_ids)
    return [_told(row) for row in _last(rows, until)]


def failed_checks(
    viewer: Viewer, incident_id: int, ids: Iterable[int], day: date, limits: Mapping[str, int]
) -> list[Need]:
    """Checks that failed and were not passed since. One statement. Entry of `day_sheet_sources`."""
    own = set(ids) & viewer.enterprises(GrantCapacity.LIAISON_OFFICER)
    needs = []
    for check in _last(VisitCheck.objects.filter(incident=incident_id, enterprise__in=own), day):
        failed = [in_language(one["label"]) for one in check.response.failed]
        if failed:
            words = (
                _("Failed in “%(form)s”: %(names)s")
                if len(failed) <= _NAMED
                else _("Failed in “%(form)s”: %(names)s and %(more)d more")
            )
            named = {
                "form": check.response.version.label,
                "names": listed(failed[:_NAMED]),
                "more": len(failed) - _NAMED,
            }
            needs.append(Need(check.enterprise_id, "risk", 40 + min(len(failed), 9), words % named))
    return needs


def _key(check: VisitCheck, name: str) -> str:
    return f"{check.form.code}:{name}"


def check_facts(
    viewer: Viewer, incident_id: int, enterprise_ids: frozenset[int], day: date, limits: Mapping[str, int]
) -> list[PlanFact]:
    """Each check that failed and was not passed since, with the officer who saw it. One statement, for a service."""
    if not viewer.is_service:
        raise OutOfScope("failed checks")
    facts = []
    for check in _last(VisitCheck.objects.filter(incident=incident_id, enterprise__in=enterprise_ids), day):
        on = clock.day_of(check.happened_at).isoformat()
        for one in check.response.failed:
            figures = {"form": check.response.version.title, "label": one["label"], "on": on}
            facts.append(
                PlanFact(check.enterprise_id, _key(check, one["name"]), figures, user_id=check.response.user_id)
            )
    return facts


def check_progress(
    viewer: Viewer, incident_id: int, kept: list[PlanFact], day: date
) -> dict[tuple[int, str], PlanProgress]:
    """Whether the list was filled in since and the check passed. One statement, for a service."""
    if not viewer.is_service:
        raise OutOfScope("failed checks")
    ids = {fact.enterprise_id for fact in kept}
    rows = _last(VisitCheck.objects.filter(incident=incident_id, enterprise__in=ids), day)
    last = {(row.enterprise_id, row.form.code): row for row in rows}
    found = {}
    for fact in kept:
        code, _colon, name = fact.key.partition(":")
        check = last.get((fact.enterprise_id, code))
        if check is None:
            continue
        on = clock.day_of(check.happened_at).isoformat()
        if any(one["name"] == name for one in check.response.failed):
            progress = PlanProgress(0, "open", _("failed on %(day)s") % {"day": on})
        else:
            progress = PlanProgress(100, "done", _("passed on %(day)s") % {"day": on})
        found[fact.enterprise_id, fact.key] = progress
    return found
