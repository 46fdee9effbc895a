"""A small API on loopback that serves sample rows, so that the local default really speaks HTTP."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from app.adapters.data_types.rows.sample_pages import SamplePages


class SampleApi:
    """Serves the JSON array of one file in pages, on a port of its own, from the first `address()` until `close()`."""

    def __init__(self, folder: Path, name: str) -> None:
        self._pages = SamplePages(folder, name)
        self._starting = threading.Lock()
        self._server: ThreadingHTTPServer | None = None

    def address(self) -> str:
        """Where the first page is; the server starts when this is asked for the first time."""
        with self._starting:
            if self._server is None:
                self._server = _serve(self._pages)
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}/"

    def close(self) -> None:
        """Stop serving, if it ever started."""
        with self._starting:
            if self._server is not None:
                self._server.shutdown()
                self._server.server_close()
                self._server = None


def _serve(pages: SamplePages) -> ThreadingHTTPServer:
    pages.page("")  # so that a file that is missing is told to who asks, and not as the trouble of an API
    server = ThreadingHTTPServer(("127.0.0.1", 0), _page_handler(pages))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.05,), name="sample-api", daemon=True).start()
    return server


def _page_handler(pages: SamplePages) -> type[BaseHTTPRequestHandler]:
    class PageHandler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = pages.page(urlsplit(self.path).query)
            body = page.body.encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            for name, value in page.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class names it)
            """Stay silent: the application's log is for the application."""

    return PageHandler
