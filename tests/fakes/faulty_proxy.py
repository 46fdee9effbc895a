"""A proxy on loopback before a real server, with one kind of fault at the requests that a test chooses."""

import random
import select
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from enum import Enum
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler
from urllib.parse import urlsplit

from tests.fakes.listening import address, listening

PATIENCE_SECONDS = 20

Strikes = Callable[[str, int], bool]
"""Whether the fault strikes a request, told as `PUT key` without the bucket, when it is made the n-th time."""


class Fault(Enum):
    """What a struck request meets. Whatever the server is said to do here, it has done when the fault is seen."""

    ERROR = "the server does nothing and answers 500"
    SLOW = "the server does it, and its answer does not come as long as the client waits"
    CUT_REQUEST = "the connection ends in the middle of the request, and the server does nothing"
    CUT_HEAD = "the server does it, and the connection ends after the answer's first line"
    CUT_BODY = "the server does it, and the connection ends in the middle of the answer's body, or before an empty one"


def at_first(seed: int, share: float = 1.0) -> Strikes:
    """Strikes such a share of all requests when they are made the first time, the same ones in whatever order."""
    return lambda request, time: time == 1 and random.Random(f"{seed} {request}").random() < share  # noqa: S311


@dataclass(frozen=True, slots=True)
class FaultyProxy:
    """Where the proxy is, and the requests that it has struck."""

    target: str
    url: str
    fault: Fault
    strikes: Strikes
    struck: list[str] = field(default_factory=list)
    _times: Counter[str] = field(default_factory=Counter)
    _counting: threading.Lock = field(default_factory=threading.Lock)

    def is_struck(self, request: str) -> bool:
        """Count the request, and tell whether the fault strikes it."""
        with self._counting:
            self._times[request] += 1
            struck = self.strikes(request, self._times[request])
            if struck:
                self.struck.append(request)
        return struck


@contextmanager
def faulty(target: str, fault: Fault, strikes: Strikes) -> Iterator[FaultyProxy]:
    """A proxy before the server at the address `target`, as long as the block lasts."""
    with listening() as http:
        proxy = FaultyProxy(target, address(http), fault, strikes)
        http.RequestHandlerClass = _handler(proxy)
        yield proxy


@dataclass(frozen=True, slots=True)
class _Answer:
    line: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    @property
    def head(self) -> bytes:
        """All that stands before the body."""
        told = [self.line, *(f"{name}: {value}" for name, value in self.headers), "Connection: close", "", ""]
        return "\r\n".join(told).encode("latin-1")

    def as_struck(self, fault: Fault | None) -> bytes:
        """What of the answer the client gets."""
        match fault:
            case None:
                return self.head + self.body
            case Fault.ERROR:
                return _ERROR.head + _ERROR.body
            case Fault.CUT_HEAD:
                return f"{self.line}\r\n".encode()
            case Fault.CUT_BODY if self.body:
                return self.head + self.body[: len(self.body) // 2]
        return b""


_ERROR = _Answer(
    "HTTP/1.1 500 Internal Server Error",
    (("Content-Length", "82"),),
    b"<Error><Code>InternalError</Code><Message>An error of the server</Message></Error>",
)


def _handler(proxy: FaultyProxy) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.close_connection = True
            fault = (
                proxy.fault if proxy.is_struck(f"{self.command} {urlsplit(self.path).path.split('/', 2)[-1]}") else None
            )
            size = int(self.headers.get("Content-Length", 0))
            if fault is Fault.CUT_REQUEST:
                self.rfile.read(size // 2)
                return
            body = self.rfile.read(size)
            answer = _ERROR if fault is Fault.ERROR else self.answer_of_the_server(body)
            if fault is Fault.SLOW:
                select.select([self.connection], [], [], PATIENCE_SECONDS)
            self.wfile.write(answer.as_struck(fault))

        do_PUT = do_HEAD = do_POST = do_GET  # noqa: N815 (http.server names them)

        def answer_of_the_server(self, body: bytes) -> _Answer:
            place = urlsplit(proxy.target)
            with closing(HTTPConnection(place.hostname or "", place.port, timeout=PATIENCE_SECONDS)) as connection:
                connection.request(self.command, self.path, body, dict(self.headers.items()))
                response = connection.getresponse()
                headers = [(name, value) for name, value in response.getheaders() if name.lower() != "connection"]
                return _Answer(f"HTTP/1.1 {response.status} {response.reason}", tuple(headers), response.read())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class names it)
            """Stay silent."""

    return Handler
