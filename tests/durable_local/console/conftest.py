"""A server with a browser that was let into its console."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

import httpx
import pytest

from durable_local.clock import SkippingClock
from durable_local.executions import Execution
from tests.durable_local.http.serving import PATIENCE, Served, serving


@dataclass(frozen=True)
class Visit:
    """The server, and what a person sees of it."""

    served: Served
    browser: httpx.Client
    permit: str = ""

    def page(self, path: str = "", status: int = 200) -> str:
        """The HTML of a page."""
        answer = self.browser.get(f"/console/{path}")
        assert answer.status_code == status
        return answer.text

    def text(self, path: str = "", status: int = 200) -> str:
        """What is to be read on a page, in one line."""
        return unescape(" ".join(re.sub(r"<[^>]*>", " ", self.page(path, status)).split()))

    @property
    def headers(self) -> dict[str, str]:
        """What a script of a page sends when it acts."""
        origin, kind = self.served.server.url, "application/json"
        return {"Origin": origin, "X-Durable-Permit": self.permit, "Content-Type": kind}

    def ask(self, action: str, members: dict[str, str], **headers: str) -> httpx.Response:
        """What the server answers to a script of a page that asks for an action."""
        return self.browser.post(f"/console/actions/{action}", json=members, headers=self.headers | headers)

    def act(self, action: str, status: int = 200, **members: str) -> str:
        """What is said of an action."""
        answer = self.ask(action, members)
        assert answer.status_code == status
        message: str = answer.json()["message"]
        return message

    def ended(self, function: str, event: object = None, name: str | None = None) -> Execution:
        """An execution that has run to its end."""
        return self.served.dispatcher.wait(self.served.start(function, event, name), PATIENCE)


@pytest.fixture
def visit() -> Iterator[Visit]:
    with serving(SkippingClock()) as served, served.http(None) as browser:
        yield entered(served, browser)


def entered(served: Served, browser: httpx.Client) -> Visit:
    """A browser that has come in, and has kept what it acts with."""
    page = browser.get(served.server.console).text
    return Visit(served, browser, page.partition('<meta name="permit" content="')[2].partition('"')[0])
