"""A small API on loopback that serves sample rows, so that the local default really speaks HTTP."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from app.adapters.data_types.rows.json_text import array_members
from app.ports.data_source import SourceError

PAGE_ROWS = 15


class SampleApi:
    """Serves the JSON array of one file in pages, on a port of its own, from the first `address()` until `close()`."""

    def __init__(self, folder: Path, name: str) -> None:
        self._document = folder / name
        self._starting = threading.Lock()
        self._server: ThreadingHTTPServer | None = None

    def address(self) -> str:
        """Where the first page is; the server starts when this is asked for the first time."""
        with self._starting:
            if self._server is None:
                self._server = _serve(self._read())
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}/"

    def close(self) -> None:
        """Stop serving, if it ever started."""
        with self._starting:
            if self._server is not None:
                self._server.shutdown()
                self._server.server_close()
                self._server = None

    def _read(self) -> list[str]:
        try:
            return list(array_members(self._document.read_text(encoding="utf-8")))
        except OSError as error:
            raise SourceError(f"Cannot read the sample rows {self._document}: {error.strerror}") from error


def _serve(rows: list[str]) -> ThreadingHTTPServer:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _page_handler(rows))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.05,), name="sample-api", daemon=True).start()
    return server


def _page_handler(rows: list[str]) -> type[BaseHTTPRequestHandler]:
    class PageHandler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            start = int(parse_qs(urlsplit(self.path).query).get("start", ["0"])[0])
            end = start + PAGE_ROWS
            body = f"[{','.join(rows[start:end])}]".encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            if end < len(rows):
                self.send_header("Link", f'</?start={end}>; rel="next"')
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class names it)
            """Stay silent: the application's log is for the application."""

    return PageHandler
