"""Debian's Chromium, which does nothing by itself and reaches nothing but this machine."""

import shutil

from playwright.sync_api import Browser, BrowserContext, Playwright

from tests.browser.look import Look

PATH = shutil.which("chromium")

_FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
_HEIGHTS = {400: 800, 1600: 1000}


def launched(playwright: Playwright) -> Browser:
    """The browser, as a process of its own."""
    return playwright.chromium.launch(executable_path=PATH, args=_FLAGS, chromium_sandbox=False)


def profile(browser: Browser, look: Look) -> BrowserContext:
    """A profile that nobody has used yet."""
    return browser.new_context(
        viewport={"width": look.width, "height": _HEIGHTS[look.width]},
        color_scheme=look.scheme,
        timezone_id=look.zone,
        locale="en-GB",
        java_script_enabled=look.scripts,
        reduced_motion="reduce",
    )
