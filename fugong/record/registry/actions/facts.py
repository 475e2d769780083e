"""Stating dated facts, one by hand or many from a file.

For imports: `state_facts_in_bulk(actor=…, rows=…, source=…) -> int`, called in the import's transaction behind its
upsert, with `StatedFact(code, kind, day, number, text)` per value that a row gives (a cell that says nothing gives
none). `source` names the run and is unique to it, for `withdraw_facts_in_bulk(actor=…, source=…)` undoes it by that.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db import transaction

from fugong.base.areas.selectors import area_tree
from fugong.base.audit.actions import record
from fugong.core import clock
from fugong.core.bulk import all_rows, copy_rows, execute
from fugong.core.events import announce
from fugong.core.viewer import Viewer
from fugong.record.registry import permissions
from fugong.record.registry.actions.traits import renew_traits
from fugong.record.registry.enums import NUMBER_KINDS, FactKind
from fugong.record.registry.events import FactsStated
from fugong.record.registry.models import Enterprise, EnterpriseFact


class StatedFact(NamedTuple):
    """A value from a file: `code` is the credit code or provisional id; money in yuan."""

    code: str
    kind: FactKind
    day: date
    number: Decimal | int | None = None
    text: str = ""


@transaction.atomic
def state_fact(
    *,
    actor: Viewer,
    enterprise: Enterprise,
    kind: FactKind,
    value: Decimal | str,
    day: date,
    source: str,
    last_day: date | None = None,
) -> EnterpriseFact:
    """State a fact from a day on. `value`: people or yuan, or a text; `source`: document or person it comes from.

    Another value for the same day corrects it; the one before is kept as withdrawn. `last_day` is for tags. Raises
    `ValidationError` with the sentence of the broken constraint.
    """
    permissions.can_state_fact(actor, enterprise).require()
    row = Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    permissions.can_state_fact(actor, row).require()
    number = Decimal(value) if kind in NUMBER_KINDS else None
    fact = EnterpriseFact(
        enterprise=row,
        kind=kind,
        valid_from=day,
        valid_to=last_day,
        number=number,
        text="" if number is not None else str(value).strip(),
        source=source.strip(),
        entered_by_name=actor.name,
        entered_at=clock.now(),
    )
    same_day = row.facts.standing().filter(kind=kind, valid_from=day)
    old = (same_day.filter(text=fact.text) if kind == FactKind.TAG else same_day).first()
    if old is not None and (old.value, old.valid_to) == (fact.value, fact.valid_to):
        return old
    _put_in_place_of(old, fact)
    renew_traits(actor=actor, enterprise_ids=[row.pk])
    before = str(old.value) if old else ""
    record(
        actor=actor,
        verb="registry.fact.stated",
        subject=f"registry.enterprise:{row.pk}",
        area_id=row.managing_area_id,
        detail={"kind": kind, "day": day.isoformat(), "value": str(fact.value), "before": before},
    )
    announce(FactsStated(frozenset({(day, row.managing_area_id)})))
    return fact


def _put_in_place_of(old: EnterpriseFact | None, fact: EnterpriseFact) -> None:
    """Save a fact; the one of the same day that it corrects is withdrawn first, for only one stands."""
    if old is not None:
        old.withdrawn_at = fact.entered_at
        old.save(update_fields=["withdrawn_at"])
    fact.full_clean()
    fact.save()
    if old is not None:
        old.replaced_by = fact
        old.save(update_fields=["replaced_by"])


_STATED = """
CREATE TEMP TABLE stated_value (
    code text NOT NULL, kind text NOT NULL, valid_from date NOT NULL, number numeric(20, 2), text text NOT NULL
) ON COMMIT DROP
"""
# What says the same as the register holds for that day already is no news: it makes no row.
_NEWS = """
CREATE TEMP TABLE stated_fact ON COMMIT DROP AS
SELECT DISTINCT ON (enterprise_id, kind, key, valid_from) s.*
FROM (
    SELECT e.id AS enterprise_id, e.managing_area_id, v.kind, v.valid_from, v.number, v.text,
        CASE WHEN v.kind = 'tag' THEN v.text ELSE '' END AS key
    FROM stated_value AS v JOIN registry_enterprise AS e ON e.uscc = v.code
    UNION ALL
    SELECT e.id, e.managing_area_id, v.kind, v.valid_from, v.number, v.text,
        CASE WHEN v.kind = 'tag' THEN v.text ELSE '' END
    FROM stated_value AS v JOIN registry_enterprise AS e ON e.provisional_id = v.code
) AS s
LEFT JOIN LATERAL (
    SELECT f.number, f.text FROM registry_enterprisefact AS f
    WHERE f.enterprise_id = s.enterprise_id AND f.kind = s.kind AND f.valid_from <= s.valid_from
        AND f.withdrawn_at IS NULL AND (f.kind <> 'tag' OR f.text = s.text)
    ORDER BY f.valid_from DESC LIMIT 1
) AS known ON true
WHERE (%(everywhere)s OR s.managing_area_id = ANY(%(mine)s))
    AND (known.text IS NULL OR (known.number, known.text) IS DISTINCT FROM (s.number, s.text))
ORDER BY enterprise_id, kind, key, valid_from
"""
_WITHDRAW = """
UPDATE registry_enterprisefact AS f SET withdrawn_at = %(now)s
FROM stated_fact AS s
WHERE f.enterprise_id = s.enterprise_id AND f.kind = s.kind AND f.valid_from = s.valid_from
    AND f.withdrawn_at IS NULL AND (f.kind <> 'tag' OR f.text = s.text)
"""
_INSERT = """
INSERT INTO registry_enterprisefact (
    enterprise_id, kind, valid_from, number, text, source, entered_by_name, entered_at)
SELECT enterprise_id, kind, valid_from, number, text, %(source)s, %(name)s, %(now)s FROM stated_fact
"""
_LINK = """
UPDATE registry_enterprisefact AS f SET replaced_by_id = n.id
FROM registry_enterprisefact AS n
WHERE n.source = %(source)s AND n.entered_at = %(now)s AND f.withdrawn_at = %(now)s AND f.replaced_by_id IS NULL
    AND n.enterprise_id = f.enterprise_id AND n.kind = f.kind AND n.valid_from = f.valid_from AND n.id <> f.id
    AND (n.kind <> 'tag' OR n.text = f.text)
"""
_TOUCHED = "SELECT DISTINCT valid_from, managing_area_id FROM stated_fact"
_CONCERNED = "SELECT DISTINCT enterprise_id FROM stated_fact"


@transaction.atomic
def state_facts_in_bulk(*, actor: Viewer, rows: Iterable[StatedFact], source: str) -> int:
    """State the facts of a file; returns how many were news. Set-based.

    Traits take up to five statements more for each 5,000 enterprises.

    The enterprises must be in the register by then; rows of others, and of those outside the actor's areas, are passed
    over. While `rows` is read no query can run.
    """
    permissions.can_import_enterprises(actor).require()
    values = {"now": clock.now(), "source": source, "name": actor.name}
    execute(_STATED)
    copy_rows(
        "stated_value",
        ("code", "kind", "valid_from", "number", "text"),
        ((row.code, str(row.kind), row.day, row.number, row.text) for row in rows),
    )
    execute("ANALYZE stated_value")
    execute(_NEWS, {"everywhere": actor.covers_root, "mine": list(actor.area_ids)})
    replaced = execute(_WITHDRAW, values)
    stated = execute(_INSERT, values)
    if replaced:
        execute(_LINK, values)
    touched: frozenset[tuple[date, int]] = frozenset(all_rows(_TOUCHED))
    renew_traits(actor=actor, enterprise_ids=[pk for (pk,) in all_rows(_CONCERNED)])
    execute("DROP TABLE stated_value, stated_fact")
    if stated:
        _put_on_record(actor, "registry.fact.imported", source, stated, (area_id for _day, area_id in touched))
        announce(FactsStated(touched))
    return stated


_UNDONE = """
UPDATE registry_enterprisefact AS f SET withdrawn_at = %(now)s
FROM registry_enterprise AS e
WHERE f.source = %(source)s AND f.withdrawn_at IS NULL AND e.id = f.enterprise_id
RETURNING f.valid_from, e.managing_area_id, f.enterprise_id
"""
# What a withdrawn value had replaced holds again, unless a later correction stands in its place.
_REVIVED = """
UPDATE registry_enterprisefact AS f SET withdrawn_at = NULL, replaced_by_id = NULL
FROM registry_enterprisefact AS n
WHERE n.source = %(source)s AND n.withdrawn_at = %(now)s AND n.replaced_by_id IS NULL AND f.replaced_by_id = n.id
"""


@transaction.atomic
def withdraw_facts_in_bulk(*, actor: Viewer, source: str) -> int:
    """Take back what one import stated, given its `source`; what it had replaced holds again. Returns the number."""
    permissions.can_import_enterprises(actor).require()
    values = {"now": clock.now(), "source": source}
    found = all_rows(_UNDONE, values)
    execute(_REVIVED, values)
    renew_traits(actor=actor, enterprise_ids=(pk for _day, _area_id, pk in found))
    if found:
        _put_on_record(actor, "registry.fact.withdrawn", source, len(found), (area_id for _day, area_id, _pk in found))
        announce(FactsStated(frozenset((day, area_id) for day, area_id, _pk in found)))
    return len(found)


def _put_on_record(actor: Viewer, verb: str, source: str, number: int, area_ids: Iterable[int]) -> None:
    record(
        actor=actor,
        verb=verb,
        subject=f"registry.source:{source}",
        area_id=area_tree().smallest_over(area_ids),
        detail={"facts": number},
    )
