"""Keeping the traits of the list true: worked out anew whenever what decides them changes."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.db import transaction

from fugong.core.bulk import all_rows, copy_rows, execute
from fugong.core.viewer import Viewer
from fugong.record.registry import permissions
from fugong.record.registry.enums import NOT_CLASSED
from fugong.record.registry.logic.trait_periods import DatedFact, trait_periods

_AT_ONCE = 5_000
# Two writers of one enterprise's facts come one after the other, so the later one sees what the earlier one wrote.
_HOLD = "SELECT FROM registry_enterprise WHERE id = ANY(%(ids)s) ORDER BY id FOR NO KEY UPDATE"
_FACTS = """
SELECT f.enterprise_id, e.name, e.kind, f.kind, f.valid_from, f.valid_to, f.number, f.text
FROM registry_enterprisefact AS f JOIN registry_enterprise AS e ON e.id = f.enterprise_id
WHERE f.enterprise_id = ANY(%(ids)s) AND f.withdrawn_at IS NULL
ORDER BY f.enterprise_id, f.valid_from
"""
_COLUMNS = ("enterprise_id", "name", "kind", "value", "valid_from", "valid_to")
_KEPT = """
SELECT enterprise_id, name, kind, value, valid_from, valid_to FROM registry_enterprisetrait
WHERE enterprise_id = ANY(%(ids)s) ORDER BY enterprise_id
"""
_FORGET = "DELETE FROM registry_enterprisetrait WHERE enterprise_id = ANY(%(ids)s)"
_RANGE = """
SELECT id FROM registry_enterprise WHERE id > %(after)s ORDER BY id LIMIT %(many)s
"""


@transaction.atomic
def renew_traits(*, actor: Viewer, enterprise_ids: Iterable[int]) -> int:
    """Work out the traits of these enterprises from their facts; returns for how many they differed.

    Called in the transaction that changes a fact, the kind or the name of an enterprise, behind that change.
    """
    permissions.can_register_enterprise(actor).require()
    ids = sorted(set(enterprise_ids))
    return sum(_renew(ids[begin : begin + _AT_ONCE]) for begin in range(0, len(ids), _AT_ONCE))


@transaction.atomic
def renew_traits_after(*, actor: Viewer, after: int) -> tuple[int, int] | None:
    """Check the next few thousand enterprises behind an id: the last id looked at, and of how many a trait was wrong.

    None when there is none behind it. For the night, and after a change of the standard.
    """
    permissions.can_register_enterprise(actor).require()
    ids = [pk for (pk,) in all_rows(_RANGE, {"after": after, "many": _AT_ONCE})]
    if not ids:
        return None
    # Looked at without a lock: a row that is locked is a row that is written, and nearly all of them are right.
    wrong, _true = _differing(ids)
    return ids[-1], _renew(wrong) if wrong else 0


def _renew(ids: list[int]) -> int:
    execute(_HOLD, {"ids": ids})
    wrong, true = _differing(ids)
    if wrong:
        execute(_FORGET, {"ids": wrong})
        rows = ((pk, *row) for pk in wrong for row in sorted(true.get(pk, ())))
        copy_rows("registry_enterprisetrait", _COLUMNS, rows)
    return len(wrong)


def _differing(ids: list[int]) -> tuple[list[int], dict[int, set[tuple[Any, ...]]]]:
    """Those whose kept traits are not what their facts give, and what the facts give: name, kind, value, days."""
    kept = {
        pk: {row[1:] for row in rows} for pk, rows in groupby(all_rows(_KEPT, {"ids": ids}), key=lambda row: row[0])
    }
    true = {}
    for (pk, name, kind), rows in groupby(all_rows(_FACTS, {"ids": ids}), key=lambda row: row[:3]):
        periods = trait_periods((DatedFact(*row[3:]) for row in rows), has_size=kind not in NOT_CLASSED)
        true[pk] = {(name, *period) for period in periods}
    return sorted(pk for pk in kept.keys() | true.keys() if kept.get(pk, set()) != true.get(pk, set())), true
