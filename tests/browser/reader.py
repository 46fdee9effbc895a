"""A person who reads the console in a browser, and what must not happen there."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Locator, Page, Request

from durable_local.http.guard import LOOPBACK
from tests.browser.chromium import profile
from tests.browser.look import Look
from tests.durable_local.http.serving import Served

_MOST_TABS = 300


class Reader:
    """Looks at pages of a server that has let this browser in, and notes troubles.

    A trouble is an error in the browser's console (what the CSP forbids is one), a script that fails, a dialog of the
    browser's own, or a request that leaves this machine. The test fails at its end for each that it has not foreseen.
    """

    def __init__(self, served: Served, context: BrowserContext, look: Look) -> None:
        self.served = served
        self.look = look
        self.page: Page = context.new_page()
        self.foreseen: list[str] = []
        """Parts of the troubles that a test expects, such as `status of 409`."""
        self._troubles: list[str] = []
        context.on("console", self._said)
        context.on("weberror", lambda error: self._troubles.append(str(error.error)))
        context.on("dialog", self._asked)
        context.on("request", self._requested)

    @property
    def troubles(self) -> list[str]:
        """What has happened and was not foreseen."""
        return [each for each in self._troubles if not any(part in each for part in self.foreseen)]

    def enter(self) -> None:
        """Come in through the address that the server prints."""
        self.page.goto(self.served.server.console)
        self.page.get_by_role("heading", name="Executions", exact=True).wait_for()

    def open(self, path: str = "") -> None:
        """Go to a page by its address below the console's."""
        self.page.goto(f"{self.served.server.url}/console/{path}")

    def tab_to(self, target: Locator) -> None:
        """Press Tab until it has the focus."""
        for _ in range(_MOST_TABS):
            self.page.keyboard.press("Tab")
            if target.evaluate("each => each === document.activeElement"):
                return
        raise AssertionError(f"No Tab leads to {target}")

    def follow(self, target: Locator) -> None:
        """Go where a link leads, with Tab and Enter alone."""
        self.tab_to(target)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._troubles.append(f"{message.text} ({message.location['url']})")

    def _asked(self, dialog: Dialog) -> None:
        self._troubles.append(f"a dialog: {dialog.message}")
        dialog.dismiss()

    def _requested(self, request: Request) -> None:
        if urlsplit(request.url).hostname != LOOPBACK and not request.url.startswith("data:"):
            self._troubles.append(f"a request to {request.url}")


@contextmanager
def reading(served: Served, browser: Browser, look: Look) -> Iterator[Reader]:
    """A reader with a profile of its own, let in, until the end of the block."""
    with profile(browser, look) as context:
        reader = Reader(served, context, look)
        reader.enter()
        yield reader
