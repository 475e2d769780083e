"""Small things that behaviour tests share: files as a county sends them, and what a page says."""

from __future__ import annotations

import csv
import html
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from django.conf import settings

from fugong.base.audit.models import AuditEntry

REPORT_HEADER = (
    "uscc", "day", "state", "reason", "roster", "on_post", "capacity", "obstacles", "supply_days", "remark",
)  # fmt: skip


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]], encoding: str = "utf-8") -> Path:
    """A table as a spreadsheet program saves it."""
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
    return path


def in_english(client):
    """The same browser, which has chosen English."""
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def words_of(response) -> str:
    """What stands on a page for its reader: without tags, on one line."""
    text = re.sub(r"<(script|svg|head)\b.*?</\1>", " ", response.content.decode(), flags=re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def entries(verb: str) -> list[AuditEntry]:
    """What the trail holds of one kind of act, in its order."""
    return list(AuditEntry.objects.filter(verb=verb).order_by("pk"))
