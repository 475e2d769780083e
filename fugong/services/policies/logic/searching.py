"""Full-text search in Chinese without a dictionary: pairs of neighbouring characters, looked up as phrases.

Every word of two characters or more is found wherever it stands, also new ones (复工复产) and names that no dictionary
has; PostgreSQL's own index serves it.
"""

from __future__ import annotations

import re
import unicodedata

_RUN = re.compile(r"[\u3400-\u9fff]+|[0-9a-z]+")
_LONGEST_QUERY = 60


def _runs(text: str) -> list[str]:
    return _RUN.findall(unicodedata.normalize("NFKC", text).lower())


def _pieces(run: str) -> list[str]:
    if run[0] <= "z" or len(run) == 1:
        return [run]
    return [run[start : start + 2] for start in range(len(run) - 1)]


def searchable(*texts: str) -> str:
    """What is stored and indexed: the pieces of all texts, parted by spaces."""
    return " ".join(piece for text in texts for run in _runs(text) for piece in _pieces(run))


def phrases(query: str) -> list[str]:
    """The phrases that all must be found, each as pieces in their order."""
    return [" ".join(_pieces(run)) for run in _runs(query[:_LONGEST_QUERY])]
