"""Keeping the size classes of the list true: worked out anew whenever what decides them changes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import groupby

from django.db import transaction

from fugong.core.bulk import all_rows, copy_rows, execute
from fugong.core.viewer import Viewer
from fugong.record.registry import permissions
from fugong.record.registry.enums import NOT_CLASSED
from fugong.record.registry.logic.size_periods import SIZING_KINDS, SizePeriod, SizingFact, size_periods

_AT_ONCE = 5_000
# Two writers of one enterprise's facts come one after the other, so the later one sees what the earlier one wrote.
_HOLD = "SELECT FROM registry_enterprise WHERE id = ANY(%(ids)s) ORDER BY id FOR NO KEY UPDATE"
_FACTS = """
SELECT f.enterprise_id, f.kind, f.valid_from, f.number, f.text
FROM registry_enterprisefact AS f JOIN registry_enterprise AS e ON e.id = f.enterprise_id
WHERE f.enterprise_id = ANY(%(ids)s) AND f.kind = ANY(%(kinds)s) AND f.withdrawn_at IS NULL
    AND e.kind <> ALL(%(not_classed)s)
ORDER BY f.enterprise_id, f.valid_from
"""
_KEPT = """
SELECT enterprise_id, size, valid_from, valid_to FROM registry_enterprisesize
WHERE enterprise_id = ANY(%(ids)s) ORDER BY enterprise_id, valid_from
"""
_FORGET = "DELETE FROM registry_enterprisesize WHERE enterprise_id = ANY(%(ids)s)"
_RANGE = """
SELECT id FROM registry_enterprise WHERE id > %(after)s ORDER BY id LIMIT %(many)s
"""


@transaction.atomic
def renew_sizes(*, actor: Viewer, enterprise_ids: Iterable[int]) -> int:
    """Work out the size classes of these enterprises from their facts; returns for how many they differed.

    Called in the transaction that changes a fact or the kind of an enterprise, behind that change.
    """
    permissions.can_register_enterprise(actor).require()
    ids = sorted(set(enterprise_ids))
    return sum(_renew(ids[begin : begin + _AT_ONCE]) for begin in range(0, len(ids), _AT_ONCE))


@transaction.atomic
def renew_sizes_after(*, actor: Viewer, after: int) -> tuple[int, int] | None:
    """Check the next few thousand enterprises behind an id: the last id looked at, and how many classes were wrong.

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
        rows = ((pk, str(one.size), one.first, one.last) for pk in sorted(wrong) for one in true.get(pk, []))
        copy_rows("registry_enterprisesize", ("enterprise_id", "size", "valid_from", "valid_to"), rows)
    return len(wrong)


def _differing(ids: list[int]) -> tuple[list[int], dict[int, list[SizePeriod]]]:
    """Those whose kept classes are not what their facts give, and what the facts give."""
    values = {"ids": ids, "kinds": [str(kind) for kind in SIZING_KINDS], "not_classed": [*map(str, NOT_CLASSED)]}
    kept: dict[int, list[tuple[str, date, date | None]]] = {
        pk: [(size, first, last) for _pk, size, first, last in rows]
        for pk, rows in groupby(all_rows(_KEPT, values), key=lambda row: row[0])
    }
    true: dict[int, list[SizePeriod]] = {
        pk: size_periods(SizingFact(*row[1:]) for row in rows)
        for pk, rows in groupby(all_rows(_FACTS, values), key=lambda row: row[0])
    }
    wrong = [pk for pk in kept.keys() | true.keys() if kept.get(pk, []) != [tuple(one) for one in true.get(pk, [])]]
    return sorted(wrong), true
