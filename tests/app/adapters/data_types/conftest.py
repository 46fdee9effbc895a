"""A small HTTP server whose answers a test writes down."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server says to one request; a body may be promised longer than it is, and `hangs` says nothing."""

    body: str | bytes = "[]"
    status: int = 200
    next_page: str | None = None
    promised: int | None = None
    hangs: bool = False


@dataclass(frozen=True, slots=True)
class Api:
    """A server on loopback with an answer for each path; it remembers what was asked."""

    url: str
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def address(self) -> str:
        return self.url


@pytest.fixture
def api() -> Iterator[Api]:
    """A server without answers yet; its first page is `/`."""
    over = threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    api = Api(f"http://127.0.0.1:{server.server_address[1]}/")
    server.RequestHandlerClass = _handler(api, over)
    serving = threading.Thread(target=server.serve_forever, args=(0.01,))
    serving.start()
    yield api
    over.set()
    server.shutdown()
    server.server_close()
    serving.join()


@pytest.fixture
def client() -> Iterator[Callable[[], httpx.Client]]:
    """An impatient client, as a source asks for it."""
    with httpx.Client(timeout=0.3) as impatient:
        yield lambda: impatient


def _handler(api: Api, over: threading.Event) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            api.asked.append(self.path)
            answer = api.answers[self.path]
            if answer.hangs:
                over.wait(10)
                return
            body = answer.body if isinstance(answer.body, bytes) else answer.body.encode()
            self.send_response(answer.status)
            self.send_header("Content-Length", str(answer.promised or len(body)))
            if answer.next_page:
                self.send_header("Link", f'<{answer.next_page}>; rel="next"')
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class names it)
            """Stay silent."""

    return Handler
