"""Where every request comes in: judged, answered, and told in the log without its secrets."""

import logging
import time
import uuid

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from durable_local.console.addresses import is_of_console
from durable_local.console.app import stranger
from durable_local.errors import ServiceError
from durable_local.http.errors import ERROR_TYPE, MissingAuthenticationTokenError, refused
from durable_local.http.guard import Guard

REQUEST_ID = "x-amzn-RequestId"

_ALWAYS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}

_log = logging.getLogger("durable_local.http")


class Entrance:
    """Lets through what the guard does not refuse; the log names the call, for paths hold callback ids."""

    def __init__(self, app: ASGIApp, guard: Guard) -> None:
        self._app = app
        self._guard = guard

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        # ARNs and callback ids hold slashes, so a path is taken apart before it is decoded.
        path = scope["raw_path"].decode("ascii", "replace")
        inner = dict(scope, path=path)
        exchange = _Exchange(send)
        refusal = self._guard.refusal(path, Headers(scope=scope))
        answer = _refusing(refusal, path) if refusal else self._app
        try:
            await answer(inner, receive, exchange.send)
        finally:
            exchange.tell(scope["method"], getattr(inner.get("endpoint"), "name", "-"))


def _refusing(refusal: ServiceError, path: str) -> ASGIApp:
    if isinstance(refusal, MissingAuthenticationTokenError) and is_of_console(path):
        return stranger()
    return refused(refusal)


class _Exchange:
    """One request's answer: what every one carries, and what the log says of it."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._began = time.monotonic()
        self._id = str(uuid.uuid4())
        self._status = 0
        self._error = ""

    async def send(self, message: Message) -> None:
        """Pass a message on, with the headers of every answer."""
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.update({**_ALWAYS, REQUEST_ID: self._id})
            self._status, self._error = message["status"], headers.get(ERROR_TYPE, "")
        await self._send(message)

    def tell(self, method: str, call: str) -> None:
        """Write the line of the log."""
        milliseconds = (time.monotonic() - self._began) * 1000
        _log.info("%s %s %s %s %.1f ms %s", method, call, self._status, self._error or "-", milliseconds, self._id)
