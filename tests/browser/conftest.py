"""A real browser over a live server. Without Chromium these tests fail; they never skip."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.walker import Walker

# Chromium would else try to reach its maker's hosts; without a sandbox it runs as root.
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run",
]  # fmt: skip
SHOTS = Path("test-results")


@pytest.fixture(scope="session")
def chromium():
    # Playwright's own loop runs in this thread; the tests still use the database as ordinary code does.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "Chromium is missing: install Debian's package chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def walker(chromium, live_server):
    """`walker("phone", "en")`: a fresh browser of that size and language; closed, and its faults told, at the end."""
    opened: list[Walker] = []

    def open_walker(surface: str, language: str) -> Walker:
        opened.append(Walker(chromium, live_server.url, surface, language, SHOTS))
        return opened[-1]

    yield open_walker
    faults = [fault for one in opened for fault in one.close()]
    assert not faults, "\n".join(faults)
