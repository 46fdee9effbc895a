"""A page: rendered in a thread, escaped, without callback ids, and told to load nothing from elsewhere."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from anyio import CapacityLimiter, to_thread
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
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
        response = await to_thread.run_sync(self._response, request, limiter=self._limiter, abandon_on_cancel=True)
        await response(scope, receive, send)

    def _response(self, request: Request) -> Response:
        path = {name: unquote(text) for name, text in request.path_params.items()}
        try:
            return response(self._answer(path, request.query_params))
        except ServiceError as error:
            return response(message("This cannot be shown", str(error), error.status))
        except StoreError as error:
            return response(message("The database cannot be read", str(error), UNAVAILABLE))


def response(sheet: Sheet) -> Response:
    """A sheet as HTML."""
    html = _TEMPLATES.get_template(sheet.template).render(sheet.values)
    return HTMLResponse(concealed(html).encode("utf-8", "replace"), sheet.status, HEADERS)


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
