"""A page: rendered in threads, escaped, without callback ids, and told to load nothing from elsewhere."""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from anyio import CapacityLimiter, to_thread
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from durable_local.console import addresses
from durable_local.errors import ServiceError
from durable_local.store.database import StoreError
from durable_local.timeline.bars import exact
from durable_local.tokens import concealed
from durable_local.wording import due, duration, error_line, label, mark

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
}

UNAVAILABLE = 503
_PART_LETTERS = 1 << 16
"""How much of a page is made before it is sent; a browser shows the first part while the others are made."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a page shows: a template and its values."""

    template: str
    values: Mapping[str, Any]
    status: int = 200


Asked = Mapping[str, str]
"""The members of a path or of a query by their names."""
Answer = Callable[[Asked, Asked], Sheet]


class Page:
    """Answers requests for a page."""

    def __init__(self, name: str, answer: Answer, limiter: CapacityLimiter) -> None:
        self.name = name
        self._answer = answer
        self._limiter = limiter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Make the page, and send it."""
        request = Request(scope, receive)
        status, parts = await to_thread.run_sync(self._begun, request, limiter=self._limiter, abandon_on_cancel=True)
        await StreamingResponse(self._sent(parts), status, HEADERS, "text/html")(scope, receive, send)

    def _begun(self, request: Request) -> tuple[int, Iterator[bytes]]:
        """The status of the page and its parts; what fails before the first one is done has a status of its own."""
        sheet = self._sheet(request)
        parts = _parts(sheet)
        return sheet.status, chain([next(parts)], parts)

    def _sheet(self, request: Request) -> Sheet:
        path = {name: unquote(text) for name, text in request.path_params.items()}
        try:
            return self._answer(path, request.query_params)
        except ServiceError as error:
            return message("This cannot be shown", str(error), error.status)
        except StoreError as error:
            return message("The database cannot be read", str(error), UNAVAILABLE)

    async def _sent(self, parts: Iterator[bytes]) -> AsyncIterator[bytes]:
        while part := await to_thread.run_sync(lambda: next(parts, b""), limiter=self._limiter):
            yield part


def response(sheet: Sheet) -> Response:
    """A sheet as HTML, all of it at once."""
    return HTMLResponse(b"".join(_parts(sheet)), sheet.status, HEADERS)


def _parts(sheet: Sheet) -> Iterator[bytes]:
    """A sheet as HTML from its beginning to its end; parts end with a line, for no callback id goes beyond one."""
    held, letters = list[str](), 0
    for text in _TEMPLATES.get_template(sheet.template).generate(sheet.values):
        held.append(text)
        letters += len(text)
        if letters >= _PART_LETTERS and "\n" in text:
            lines, end, rest = "".join(held).rpartition("\n")
            yield _finished(lines + end)
            held, letters = [rest], len(rest)
    yield _finished("".join(held))


def _finished(text: str) -> bytes:
    return concealed(text).encode("utf-8", "replace")


def message(title: str, text: str, status: int) -> Sheet:
    """A page that says why there is no other one."""
    return Sheet("message.html", {"title": title, "text": text}, status)


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.globals.update(to=addresses, mark=mark, duration=duration, due=due)
_TEMPLATES.filters.update(exact=exact, iso=_iso, label=label, error_line=error_line)
