"""The report page on a telephone: with all its styles, scripts and signs it stays small on a cold cache."""

from __future__ import annotations

import gzip
import re
import sys
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse

pytestmark = pytest.mark.django_db
MOST_BYTES = 80_000


def gzipped(content: bytes) -> int:
    return len(gzip.compress(content, 6))


def read(name: str) -> bytes:
    return Path(finders.find(name)).read_bytes()


def files_of(page: str) -> set[str]:
    """Names of the static files that the page loads, and those that its scripts import."""
    found = set(re.findall(r'(?:href|src)="/static/([^"#]+)', page))
    waiting = [name for name in found if name.endswith(".js")]
    while waiting:
        name = waiting.pop()
        text = read(name).decode()
        more = {f"{name.rpartition('/')[0]}/{other}" for other in re.findall(r'from "\./([\w.]+)"', text)} - found
        found |= more
        waiting += more
    return found


def test_the_report_page_weighs_at_most_80_kb_with_everything_it_loads(place, client_for, capsys):
    place.report(day="2020-03-23")
    page = client_for("reporter").get(reverse("reporting:report", args=[place.enterprise.pk, place.incident.slug]))
    files = files_of(page.content.decode())
    assert {"fugong/my.js", "fugong/phone.js", "fugong/phone.css", "fugong/tokens.css"} <= files
    assert not any("tabler" in name or "echarts" in name for name in files)
    weights = {name: gzipped(read(name)) for name in files}
    total = gzipped(page.content) + sum(weights.values())
    with capsys.disabled():
        sys.stdout.write(f"\nreport page: {total:,} bytes gzipped with {len(files)} files (budget {MOST_BYTES:,})\n")
    assert total <= MOST_BYTES, weights
