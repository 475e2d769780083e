"""Days on which somebody has a right, put together from several assignments."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

# First and last day, both included; None: no end.
Span = tuple[date, date | None]


def lasting(valid_from: date, valid_to: date | None, revoked_on: date | None) -> Span | None:
    """The days on which an assignment holds: none when it was taken away before it began."""
    last = valid_to
    if revoked_on is not None:
        before = revoked_on - timedelta(days=1)
        last = before if last is None else min(last, before)
    return None if last is not None and last < valid_from else (valid_from, last)


def common(one: Span, other: Span) -> Span | None:
    """The days that both have."""
    first = max(one[0], other[0])
    ends = [end for end in (one[1], other[1]) if end is not None]
    last = min(ends) if ends else None
    return None if last is not None and last < first else (first, last)


def united(spans: Iterable[Span]) -> list[Span]:
    """The same days in as few spans as possible, in order; neighbouring ones become one."""
    found: list[Span] = []
    for first, last in sorted(spans, key=lambda span: (span[0], span[1] or date.max)):
        if found and (found[-1][1] is None or first <= found[-1][1] + timedelta(days=1)):
            start, end = found[-1]
            found[-1] = (start, None if end is None or last is None else max(end, last))
        else:
            found.append((first, last))
    return found
