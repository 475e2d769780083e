from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import groupby

from django.db import transaction

from fugong.base.audit.actions import record
from fugong.base.notifications.actions import queue_message
from fugong.core import clock
from fugong.core.bulk import copy_rows, execute
from fugong.core.jobs import defer
from fugong.core.viewer import Viewer
from fugong.record.registry.models import Enterprise
from fugong.record.registry.selectors.enterprises import in_business
from fugong.record.registry.selectors.grants import enterprises_with_reporter, reporters_among
from fugong.services.policies import permissions
from fugong.services.policies.enums import Verdict
from fugong.services.policies.logic.compiling import answers_query, profile_columns, profile_row, profile_table
from fugong.services.policies.logic.deciding import decide
from fugong.services.policies.logic.told import told_words
from fugong.services.policies.models import MeasureVersion, Standing
from fugong.services.policies.selectors.offers import binding_versions
from fugong.services.policies.selectors.profiles import known_of, profiles_of, values_of

_TABLE = "policies_profile"
_MATCH = """
INSERT INTO policies_standing (version_id, enterprise_id, verdict, amount, excluding, matched_at)
SELECT %(version)s, enterprise_id, verdict, amount, excluding, %(now)s FROM ({answers}) AS answered
ORDER BY enterprise_id
ON CONFLICT (version_id, enterprise_id) DO UPDATE
SET verdict = EXCLUDED.verdict, amount = EXCLUDED.amount, excluding = EXCLUDED.excluding,
    matched_at = EXCLUDED.matched_at
"""
# Whoever was closed, merged or moved away since an earlier match is entitled to nothing any more.
_LEFT = f"""
UPDATE policies_standing AS s SET verdict = 'no', amount = NULL, excluding = NULL, matched_at = %(now)s
WHERE s.version_id = %(version)s AND (s.verdict <> 'no' OR s.excluding IS NOT NULL)
    AND NOT EXISTS (SELECT FROM {_TABLE} AS p WHERE p.enterprise_id = s.enterprise_id)
"""  # noqa: S608 - a name of ours


def _in_turn(version: MeasureVersion) -> tuple[int, int]:
    """The order in which standings are locked, by the match of all and by an answer of one: so nobody embraces."""
    return version.document.area_id, version.pk


def _fill_profiles(actor: Viewer, enterprises: list[Enterprise], day: date) -> None:
    execute(f"DROP TABLE IF EXISTS {_TABLE}")
    execute(profile_table(_TABLE))
    profiles = profiles_of(actor, enterprises, day)
    copy_rows(_TABLE, profile_columns(), (profile_row(pk, profile) for pk, profile in profiles.items()))
    execute(f"ANALYZE {_TABLE}")


@transaction.atomic
def match_versions(*, actor: Viewer, versions: Iterable[MeasureVersion], day: date) -> int:
    """Answer published versions for all enterprises of the areas that keep them: one statement each.

    Who was told and who has read stays as it is; who is no longer there is answered no. Returns how many answers were
    written. Safe to run again, and when two run at once: the later one stands.
    """
    permissions.can_match(actor).require()
    decided = [version for version in versions if version.is_published and version.rule is not None]
    written = 0
    for area, own in groupby(sorted(decided, key=_in_turn), key=lambda version: version.document.area):
        _fill_profiles(actor, list(in_business(area.path, day).order_by("pk")), day)
        for version in own:
            rule = version.read()
            if rule is None or version.ended_by(day):
                continue
            answers = answers_query(rule, day, _TABLE).replace("%", "%%")
            named = {"version": version.pk, "now": clock.now()}
            written += execute(_MATCH.format(answers=answers), named)
            execute(_LEFT, named)
            MeasureVersion.objects.filter(pk=version.pk).update(matched_on=day)
    return written


@transaction.atomic
def renew_standings(*, actor: Viewer, enterprise: Enterprise) -> int:
    """Answer every measure anew for one enterprise, after it answered a question. Returns how many changed.

    One that is out of business is entitled to nothing, whatever it answers.
    """
    permissions.can_answer(actor, enterprise).require()
    day, changed = clock.today(), 0
    if not in_business(enterprise.managing_area.path, day).filter(pk=enterprise.pk).exists():
        return 0
    # In the order of `_in_turn`, all of them before the first is written.
    rows = Standing.objects.filter(enterprise=enterprise).order_by("version__document__area_id", "version_id")
    standing = {row.version_id: row for row in rows.select_for_update(of=("self",))}
    values = values_of(known_of(actor, enterprise, day))
    for version in binding_versions(actor, enterprise.managing_area_id, day):
        rule = version.read()
        row = standing.get(version.pk)
        if rule is None or row is None or version.ended_by(day):
            continue
        decision = decide(rule, values, day)
        first_no = next((n for n, one in enumerate(decision.conditions) if one.answer is False), None)
        excluding = first_no if decision.verdict is Verdict.NO else None
        if (row.verdict, row.amount, row.excluding) != (decision.verdict, decision.total, excluding):
            row.verdict, row.amount, row.excluding = decision.verdict, decision.total, excluding
            row.matched_at = clock.now()
            row.save(update_fields=["verdict", "amount", "excluding", "matched_at"])
            changed += 1
    return changed


@transaction.atomic
def tell_entitled(*, actor: Viewer, version: MeasureVersion, size: int = 500) -> int:
    """Tell the reporters of entitled enterprises, at most `size` of them, that the measure is there for them.

    Each enterprise is told once: its standing is locked, and keeps when it was told. One without a reporter stays
    untold, and so do all when the measure is over or its deadline has passed. Returns how many were told; 0 when none
    is left.
    """
    permissions.can_match(actor).require()
    today = clock.today()
    if version.ended_by(today) or (version.deadline_on is not None and version.deadline_on < today):
        return 0
    untold = Standing.objects.filter(version=version, verdict=Verdict.YES, told_at__isnull=True)
    next_ones = untold.filter(enterprise__in=enterprises_with_reporter(actor, today)).order_by("enterprise_id")
    rows = list(next_ones.select_for_update(of=("self",), skip_locked=True)[:size])
    reporters = reporters_among(actor, [row.enterprise_id for row in rows], today)
    for row in rows:
        for person in reporters.get(row.enterprise_id, []):
            queue_message(
                actor=actor,
                kind="policies.entitled",
                text=told_words(version.measure.title, row.amount),
                to=person,
            )
    Standing.objects.filter(pk__in=[row.pk for row in rows]).update(told_at=clock.now())
    if rows:
        record(
            actor=actor,
            verb="policies.measure.told",
            subject=f"policies.measure:{version.measure_id}",
            area_id=version.document.area_id,
            detail={"version": version.pk, "enterprises": len(rows)},
        )
    return len(rows)


@transaction.atomic
def publish_version(*, actor: Viewer, version: MeasureVersion) -> MeasureVersion:
    """Publish a draft: from its first day on it decides, and a job matches and tells the enterprises.

    Raises `ValidationError` when the draft has a fault, or another version begins on the same day.
    """
    permissions.can_keep_measures(actor, version.measure.area_id).require()
    row = (
        MeasureVersion.objects.select_for_update(of=("self",)).select_related("measure", "document").get(pk=version.pk)
    )
    if row.is_published:
        return row
    row.state, row.published_at, row.published_by_name = "published", clock.now(), actor.name
    row.full_clean()
    row.save()
    record(
        actor=actor,
        verb="policies.version.published",
        subject=f"policies.measure:{row.measure_id}",
        area_id=row.measure.area_id,
        detail={"version": row.pk, "from": row.valid_from.isoformat()},
    )
    defer("policies.match", version_id=row.pk)
    return row
