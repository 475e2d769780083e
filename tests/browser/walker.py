"""One person at one device: opens pages, looks at them with axe, remembers every fault that the browser reports."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

AXE = Path("node_modules/axe-core/axe.min.js")
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
SIZES = {"desk": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}


class Walker:
    """`page` is Playwright's page; `faults` what went wrong on the way."""

    def __init__(self, browser, base: str, surface: str, language: str, shots: Path) -> None:
        self.base, self.surface, self.language, self.shots = base, surface, language, shots
        self.context = browser.new_context(
            viewport=SIZES[surface],
            locale={"zh-hans": "zh-CN", "en": "en-GB"}[language],
            has_touch=surface == "phone",
        )
        self.context.add_cookies([{"name": "fu_language", "value": language, "url": base}])
        self.page = self.context.new_page()
        self.faults: list[str] = []
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        self.page.on("request", self._request)

    def _console(self, message) -> None:
        expected = (
            "422",
            "409",
            "ERR_CONNECTION_REFUSED",
            "ERR_EMPTY_RESPONSE",
        )  # answers that a page asks for, and a network taken away
        if message.type in ("error", "warning") and not any(word in message.text for word in expected):
            self.faults.append(f"console: {message.text}")

    def _request(self, request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https") and f"{parts.scheme}://{parts.netloc}" != self.base:
            self.faults.append(f"external request: {request.url}")

    def sign_in(self, username: str, password: str) -> None:
        self.page.goto(f"{self.base}/accounts/login/")
        self.look("sign-in")
        self.page.fill("[name=login]", username)
        self.page.fill("[name=password]", password)
        self.page.click("main button[type=submit].go")
        self.page.wait_for_load_state()

    def enter_by_code(self, link: str, pin: str) -> None:
        """Follow the address of a one-time code and choose a PIN."""
        self.page.goto(link)
        self.look("code")
        self.page.click("main form button[type=submit].go")
        self.page.wait_for_url("**/code/new/")
        self.page.fill("[name=secret]", pin)
        self.page.fill("[name=again]", pin)
        self.look("code-pin")
        self.page.click("main form button[type=submit].go")
        self.page.wait_for_load_state()

    def open(self, path: str) -> None:
        self.page.goto(self.base + path)

    def look(self, name: str) -> None:
        """Screenshot, axe, no sideways scrolling, language as chosen."""
        self.shots.mkdir(exist_ok=True)
        self.page.screenshot(path=self.shots / f"{name}-{self.surface}-{self.language}.png", full_page=True)
        where = f"{name} ({self.surface}, {self.language})"
        language = self.page.get_attribute("html", "lang")
        if language != {"zh-hans": "zh-CN", "en": "en"}[self.language]:
            self.faults.append(f"{where}: lang={language}")
        if self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            self.faults.append(f"{where}: scrolls sideways")
        # Evaluated from outside: the page's own policy stays in force and would refuse a script tag.
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate("rules => axe.run({runOnly: {type: 'tag', values: rules}})", RULES)
        self.faults += [
            f"{where}: axe {violation['id']}: {violation['nodes'][0]['html'][:160]}"
            for violation in found["violations"]
        ]

    def close(self) -> list[str]:
        self.context.close()
        return self.faults
