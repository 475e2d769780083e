"""Which characters of a refused credit code are wrong."""

from __future__ import annotations

from fugong.record.registry.logic.uscc import check_code, clean_code


def marked(field: str, value: str) -> list[tuple[str, bool]]:
    """The original text in pieces, each with whether it is wrong: single characters of a code, else all of it."""
    if field != "uscc":
        return [(value, True)]
    check = check_code(value)
    if not check.positions or clean_code(value) != value:
        return [(value, True)]
    pieces: list[tuple[str, bool]] = []
    for position, character in enumerate(value, start=1):
        wrong = position in check.positions
        if pieces and pieces[-1][1] == wrong:
            pieces[-1] = (pieces[-1][0] + character, wrong)
        else:
            pieces.append((character, wrong))
    return pieces
