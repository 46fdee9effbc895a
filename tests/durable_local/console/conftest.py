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

    def page(self, path: str = "", status: int = 200) -> str:
        """The HTML of a page."""
        answer = self.browser.get(f"/console/{path}")
        assert answer.status_code == status
        return answer.text

    def text(self, path: str = "", status: int = 200) -> str:
        """What is to be read on a page, in one line."""
        return unescape(" ".join(re.sub(r"<[^>]*>", " ", self.page(path, status)).split()))

    def ended(self, function: str, event: object = None, name: str | None = None) -> Execution:
        """An execution that has run to its end."""
        return self.served.dispatcher.wait(self.served.start(function, event, name), PATIENCE)


@pytest.fixture
def visit() -> Iterator[Visit]:
    with serving(SkippingClock()) as served, served.http(None) as browser:
        browser.get(served.server.console)
        yield Visit(served, browser)
