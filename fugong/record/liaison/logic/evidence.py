"""Evidence beside self-report. Pure."""

from __future__ import annotations


def contradicts(seen: int, reported: int, percent: int) -> bool:
    """Whether the people seen differ from those reported by more than so many per cent of the larger number.

    One or two people more or less are nobody's contradiction: somebody is always on the way.
    """
    return abs(seen - reported) > max(2, max(seen, reported) * percent / 100)
