"""Lambda's Runtime API for one worker: it asks for the next invocation, and tells how that ended.

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

import json
import logging
import queue
import select
import socket
import sys
import threading
from collections.abc import Mapping
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from durable.model import ErrorObject
from durable_local.hosts.failures import RESPONSE_BYTES, TOO_LARGE
from durable_local.hosts.processes.messages import Answered, Event, Failed, Message, Ready

_RUNTIME = "/2018-06-01/runtime"
_FOREIGN = ("Origin", "Sec-Fetch-Site")
"""Headers that a browser sends and a runtime client does not."""
_CHUNK = 65_536

_log = logging.getLogger(__name__)


class RuntimeApi:
    """Serves one worker on loopback; what that tells comes out of `messages`."""

    def __init__(self) -> None:
        self.messages: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self.in_hand: str | None = None
        """The request id of the invocation that the worker has taken and not ended."""
        self._events: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        self._asked = self._closed = False
        self._server = _Server(("127.0.0.1", 0), partial(_Endpoint, self))
        self.address = f"127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._serve, name=f"runtime-api-{self.address}", daemon=True).start()

    def offer(self, event: Event) -> None:
        """Have the worker take an invocation."""
        self._events.put(event)

    def next(self, connection: socket.socket) -> Event | None:
        """The invocation that the worker behind a connection is to run, once there is one; none if it has ended."""
        if not self._asked:
            self._asked = True
            self.messages.put(Ready())
        event = self._events.get()
        if select.select([connection], [], [], 0)[0]:
            # The client says nothing before it is answered, so this is the connection's end.
            self._events.put(event)
            return None
        self.in_hand = event.request_id if event else None
        return event

    def end(self, request_id: str, message: Answered | Failed) -> bool:
        """Hand on how the invocation in hand has ended; False if it is another one's end."""
        if request_id != self.in_hand:
            return False
        self.in_hand = None
        self.messages.put(message)
        return True

    def close(self) -> None:
        """Let go of the worker and the port."""
        self._closed = True
        self._events.put(None)
        # The server's own way to be stopped has it look around twice a second as long as it serves.
        with socket.create_connection(("127.0.0.1", self._server.server_port)):
            pass

    def _serve(self) -> None:
        while not self._closed:
            self._server.handle_request()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002 - the base class calls it
        """A worker that is killed breaks its connection off; that it has ended is told elsewhere."""
        if not isinstance(sys.exception(), ConnectionError):
            _log.exception("The Runtime API has failed")


class _Endpoint(BaseHTTPRequestHandler):
    """One connection of the runtime client."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def __init__(self, api: RuntimeApi, *connection: object) -> None:
        self._api = api
        super().__init__(*connection)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        if not self._is_from_the_worker():
            self._answer(HTTPStatus.FORBIDDEN)
        elif self.path != f"{_RUNTIME}/invocation/next":
            self._answer(HTTPStatus.NOT_FOUND)
        elif event := self._api.next(self.connection):
            self._answer(HTTPStatus.OK, event.payload, event.headers)
        else:
            self.close_connection = True

    def do_POST(self) -> None:
        payload = self._payload()
        request_id, _, kind = self.path.removeprefix(f"{_RUNTIME}/invocation/").partition("/")
        if not self._is_from_the_worker():
            self._answer(HTTPStatus.FORBIDDEN)
        elif payload is None:
            self._api.end(request_id, Failed(TOO_LARGE))
            self._answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        elif self.path == f"{_RUNTIME}/init/error":
            self._api.messages.put(Failed(_error(payload)))
            self._answer(HTTPStatus.ACCEPTED)
        elif kind in {"response", "error"} and self._api.end(request_id, _end(kind, payload)):
            self._answer(HTTPStatus.ACCEPTED)
        else:
            self._answer(HTTPStatus.BAD_REQUEST)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it
        """Stay silent."""

    def _payload(self) -> bytes | None:
        """What was sent; none if that is more than Lambda takes."""
        size = int(self.headers.get("Content-Length", 0))
        if size <= RESPONSE_BYTES:
            return self.rfile.read(size)
        while size > 0:
            size -= len(self.rfile.read(min(size, _CHUNK))) or size
        return None

    def _answer(self, status: HTTPStatus, body: bytes = b"{}", headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _is_from_the_worker(self) -> bool:
        return self.headers.get("Host") == self._api.address and not any(map(self.headers.get, _FOREIGN))


def _end(kind: str, payload: bytes) -> Answered | Failed:
    return Answered(payload) if kind == "response" else Failed(_error(payload))


def _error(payload: bytes) -> ErrorObject:
    told = json.loads(payload)
    return ErrorObject(
        told.get("errorMessage"), told.get("errorType"), stack_trace=list(told.get("stackTrace") or ()) or None
    )
