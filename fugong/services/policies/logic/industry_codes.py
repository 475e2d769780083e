"""Which codes begin with a code asked for, and which are too coarse to tell."""

from __future__ import annotations

from functools import cache

from fugong.record.registry.logic.industries import divisions_of, section_of, sections


@cache
def divisions_between(fact_type: str, wanted: str) -> tuple[str, str] | None:
    """First and last division of a section letter of GB/T 4754, for an industry asked for by its letter."""
    return divisions_of(wanted) if fact_type == "industry" and wanted in sections() else None


@cache
def coarser(fact_type: str, wanted: str) -> frozenset[str]:
    """The codes that say less than the one asked for and do not contradict it: 2 digits of 4, the letter of both."""
    shorter = {wanted[:length] for length in range(1, len(wanted))}
    if fact_type == "industry" and wanted.isdigit():
        shorter = {code for code in shorter if len(code) > 1} | {section_of(wanted)}
    return frozenset(shorter - {""})


def begins(fact_type: str, value: str, wanted: tuple[str, ...]) -> bool | None:
    """Whether a code begins with one of those asked for; None where it is too coarse to tell."""
    for code in wanted:
        between = divisions_between(fact_type, code)
        if value.startswith(code) or (between and between[0] <= value[:2] <= between[1]):
            return True
    return None if any(value in coarser(fact_type, code) for code in wanted) else False
