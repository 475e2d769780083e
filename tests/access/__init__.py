"""Who may open what: every address × every kind of viewer (tests/place.py) → the status of the answer.

Outsiders get 404, insiders without the right 403, strangers the sign-in page. A new address without a row fails
(tests/test_house.py); tests/test_access.py walks the table. Each room has its part in a file of its own.
"""

from __future__ import annotations

from itertools import chain

from tests.access import (
    accounts,
    base,
    desk,
    headquarters,
    incidents,
    liaison,
    policies,
    portal,
    questionnaires,
    registry,
    reporting,
    situation,
)
from tests.access.rows import LOGIN, Row

__all__ = ["LOGIN", "TABLE", "Row"]

_ROOMS = (
    accounts,
    base,
    desk,
    headquarters,
    incidents,
    liaison,
    policies,
    portal,
    questionnaires,
    registry,
    reporting,
    situation,
)
TABLE: dict[str, list[Row]] = dict(chain.from_iterable(room.TABLE.items() for room in _ROOMS))
assert len(TABLE) == sum(len(room.TABLE) for room in _ROOMS), "an address stands in the tables of two rooms"
