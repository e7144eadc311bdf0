"""A browser for tests: Debian's Chromium driven by Playwright, which watches for what must not happen on any page."""

import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--disable-background-networking", "--disable-component-update", "--disable-default-apps", "--disable-sync",
    "--disable-dev-shm-usage", "--disable-extensions", "--disable-features=Translate,OptimizationHints,MediaRouter",
    "--no-first-run", "--no-default-browser-check", "--force-color-profile=srgb", "--metrics-recording-only",
)  # fmt: skip
DESKTOP = {"viewport": {"width": 1360, "height": 850}}
PHONE = {
    "viewport": {"width": 360, "height": 740}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True,
    "user_agent": "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0 Mobile",
}  # fmt: skip
PROFILES = {"desktop": DESKTOP, "phone": PHONE}
AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
SERIOUS = {"serious", "critical"}


def find_chromium() -> str | None:
    """Return the program: the one QUOTUM_CHROMIUM names, else the system's; None if there is none."""
    return os.environ.get("QUOTUM_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def launch(playwright: Any) -> Any:
    """Start the browser without a window."""
    sandbox = [] if hasattr(os, "getuid") and os.getuid() != 0 else ["--no-sandbox"]
    return playwright.chromium.launch(executable_path=find_chromium(), args=[*FLAGS, *sandbox])


@dataclass
class Watch:
    """What one page did that no page may do: errors, exceptions, requests to other hosts, answers of 5xx."""

    base: str
    wrong: list[str] = field(default_factory=list)

    def over(self, page: Any) -> None:
        """Begin to watch a page; requests to other hosts are refused."""
        page.on("pageerror", lambda error: self.wrong.append(f"exception: {error}"))
        page.on("console", self._hear)
        page.on("response", self._see)
        page.route("**/*", self._let_pass)

    def _hear(self, message: Any) -> None:
        # A refused status is the test's own business; it asserts what the page shows.
        if message.type == "error" and "status of 4" not in message.text:
            self.wrong.append(f"console: {message.text}")

    def _see(self, response: Any) -> None:
        if response.status >= 500:
            self.wrong.append(f"{response.status}: {response.url}")

    def _let_pass(self, route: Any) -> None:
        if urlsplit(route.request.url).netloc in {urlsplit(self.base).netloc, ""}:
            route.continue_()
        else:
            self.wrong.append(f"outside: {route.request.url}")
            route.abort()


def find_barriers(page: Any) -> list[str]:
    """Return what axe finds serious on a page, a line each: rule, what it is, where."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [
        f"{rule['id']}: {rule['help']} at {', '.join(str(node['target'][0]) for node in rule['nodes'][:5])}"
        for rule in found
        if rule["impact"] in SERIOUS
    ]
