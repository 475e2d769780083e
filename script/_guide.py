"""The pictures of the guides: each screen that a guide speaks of, as its reader meets it."""

from __future__ import annotations

import argparse
import io
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from fugong.config.home import default_home

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "docs" / "guide" / "img"
PASSWORD = "fugong-demo-2020"
SIZES = {"phone": {"width": 390, "height": 760}, "desk": {"width": 1280, "height": 760}}
LANGUAGES = {"zh": "zh-hans", "en": "en"}
MOST_BYTES = 150_000
INCIDENT = "epidemic-2020"


def nothing(page: Page) -> None:
    """The page as it opens."""


def first_form(page: Page) -> None:
    page.locator(f"main a[href^='/my/'][href$='/{INCIDENT}/']").first.click()


def first_enterprise(page: Page) -> None:
    page.locator("main table tbody a").first.click()


def first_figure(page: Page) -> None:
    page.locator("main a[href*='/figures/']").first.click()


def new_draft(page: Page) -> None:
    """The latest draft, or a new one with figures of now."""
    if page.locator("main table a").count():
        page.click("main table a >> nth=0")
    else:
        page.click("form[action*='/new/'] button.go")
    page.wait_for_selector(".fu-a4", timeout=60_000)


def without_this_machine(page: Page) -> None:
    """The folder of the demonstration says nothing to a reader: as it is on an installed server."""
    page.evaluate(
        "home => { const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);"
        " while (walk.nextNode())"
        " walk.currentNode.data = walk.currentNode.data.replaceAll(home, '/var/lib/fugong/home'); }",
        str(default_home()),
    )


@dataclass(frozen=True)
class Shot:
    """One picture: who, on what, which address, and what is done there before it is taken."""

    name: str
    account: str
    surface: str
    path: str
    act: Callable[[Page], None] = nothing


SHOTS = (
    Shot("sign-in", "", "phone", "/accounts/login/"),
    Shot("enterprise-home", "reporter", "phone", "/my/"),
    Shot("enterprise-report", "reporter", "phone", "/my/", first_form),
    Shot("officer-missing", "county-clerk", "phone", f"/i/{INCIDENT}/reports/"),
    Shot("officer-register", "cadre", "phone", f"/i/{INCIDENT}/enterprises/"),
    Shot("officer-enterprise", "cadre", "phone", f"/i/{INCIDENT}/enterprises/", first_enterprise),
    Shot("clerk-board", "clerk", "desk", f"/i/{INCIDENT}/situation/"),
    Shot("clerk-register", "clerk", "desk", f"/i/{INCIDENT}/enterprises/"),
    Shot("clerk-import", "clerk", "desk", f"/i/{INCIDENT}/imports/enterprises/"),
    Shot("clerk-enterprise", "clerk", "desk", f"/i/{INCIDENT}/enterprises/", first_enterprise),
    Shot("clerk-missing", "clerk", "desk", f"/i/{INCIDENT}/reports/"),
    Shot("clerk-bulletin", "clerk", "desk", f"/i/{INCIDENT}/situation/bulletins/", new_draft),
    Shot("commander-board", "commander", "phone", f"/i/{INCIDENT}/situation/"),
    Shot("commander-figure", "commander", "desk", f"/i/{INCIDENT}/situation/", first_figure),
    Shot("administrator-system", "admin", "desk", "/system/", without_this_machine),
    Shot("administrator-areas", "admin", "desk", f"/i/{INCIDENT}/areas/"),
    Shot("administrator-people", "admin", "desk", "/people/"),
    Shot("administrator-trail", "admin", "desk", "/trail/"),
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="script/guide", description=__doc__)
    parser.add_argument("address", help="of a running demonstration")
    parser.add_argument("--only", action="append", help="this picture alone (may be repeated)")
    options = parser.parse_args()
    failures = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for folder, language in LANGUAGES.items():
            (TARGET / folder).mkdir(parents=True, exist_ok=True)
            for account, surface in dict.fromkeys((shot.account, shot.surface) for shot in SHOTS):
                shots = [shot for shot in SHOTS if (shot.account, shot.surface) == (account, surface)]
                shots = [shot for shot in shots if not options.only or shot.name in options.only]
                failures += taken(browser, options.address, language, folder, shots) if shots else []
        browser.close()
    for failure in failures:
        print(failure, file=sys.stderr)
    return 1 if failures else 0


def taken(browser, address: str, language: str, folder: str, shots: list[Shot]) -> list[str]:  # type: ignore[no-untyped-def]
    """Sign in once, take these pictures; returns what failed."""
    context = browser.new_context(viewport=SIZES[shots[0].surface], has_touch=shots[0].surface == "phone")
    context.add_cookies([{"name": "fu_language", "value": language, "url": address}])
    page = context.new_page()
    failures = []
    if shots[0].account:
        page.goto(f"{address}/accounts/login/")
        page.fill("[name=login]", shots[0].account)
        page.fill("[name=password]", PASSWORD)
        page.click("main button[type=submit].go")
        page.wait_for_load_state()
    for shot in shots:
        answer = page.goto(address + shot.path)
        if answer is None or answer.status != 200:
            failures.append(f"{shot.name} ({folder}): {shot.path} answered {answer.status if answer else 'nothing'}")
            continue
        shot.act(page)
        page.wait_for_load_state("networkidle")
        small = reduced(page.screenshot())
        (TARGET / folder / f"{shot.name}.png").write_bytes(small)
        print(f"{folder}/{shot.name}.png {len(small) // 1024} kB", flush=True)
    context.close()
    return failures


def reduced(picture: bytes) -> bytes:
    """Fewer colours, the same words: a picture of a page has few."""
    for colours in (128, 64, 32):
        target = io.BytesIO()
        Image.open(io.BytesIO(picture)).convert("RGB").quantize(colours).save(target, "PNG", optimize=True)
        if target.tell() <= MOST_BYTES:
            return target.getvalue()
    raise ValueError(f"a picture has {target.tell()} bytes")


if __name__ == "__main__":
    sys.exit(main())
