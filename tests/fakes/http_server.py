"""A small HTTP server on loopback whose answers a test writes down."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler

from tests.fakes.listening import address, listening


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server says once; it may promise more bytes than it sends, or hang and say nothing."""

    body: str | bytes = "[]"
    status: int = 200
    next_page: str | None = None
    promised: int | None = None
    hangs: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Server:
    """Gives each path's answers in turn, the last one again and again; it remembers what was asked."""

    url: str
    answers: dict[str, list[Answer]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def address(self) -> str:
        return self.url

    def answer(self, path: str, *answers: Answer) -> None:
        """From now on, answer like this."""
        self.answers[path] = list(answers)

    def next_answer(self, path: str) -> Answer:
        self.asked.append(path)
        answers = self.answers.get(path) or self.answers["*"]
        return answers.pop(0) if len(answers) > 1 else answers[0]


@contextmanager
def serving() -> Iterator[Server]:
    """A server without answers yet; a path without answers of its own gets those of `*`."""
    with listening() as http:
        server = Server(f"{address(http)}/")
        http.RequestHandlerClass = _handler(server)
        try:
            yield server
        finally:
            server.over.set()


def _handler(server: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            answer = server.next_answer(self.path)
            if answer.hangs:
                self.close_connection = server.over.wait(10)
            else:
                self.send(answer)

        do_POST = do_PUT = do_GET  # noqa: N815 (http.server names them)

        def send(self, answer: Answer) -> None:
            body = answer.body if isinstance(answer.body, bytes) else answer.body.encode()
            self.send_response(answer.status)
            self.send_header("Content-Length", str(answer.promised or len(body)))
            self.send_header("Connection", "close")
            if answer.next_page:
                self.send_header("Link", f'<{answer.next_page}>; rel="next"')
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class names it)
            """Stay silent."""

    return Handler
