"""The two calls of an invocation over HTTP, as boto3 makes them, in front of the local service."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from durable import wire
from durable.model import OperationUpdate
from durable_local.service import LocalService


@contextmanager
def serve(service: LocalService) -> Iterator[str]:
    """The address of the API on loopback, while it serves."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(LambdaApi, service))
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


class LambdaApi(BaseHTTPRequestHandler):
    """POST .../checkpoint and GET .../state; moments are seconds, as the API has them."""

    def __init__(self, service: LocalService, *request: Any) -> None:
        self._service = service
        super().__init__(*request)

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        updates = [wire.decode(OperationUpdate, update) for update in asked.get("Updates", [])]
        output = self._service.checkpoint(self._arn(), asked["CheckpointToken"], updates, asked.get("ClientToken"))
        self._answer(output)

    def do_GET(self) -> None:
        query = {key: values[0] for key, values in parse_qs(urlsplit(self.path).query).items()}
        output = self._service.get_execution_state(
            self._arn(), query["CheckpointToken"], query.get("Marker", ""), int(query.get("MaxItems", 1000))
        )
        self._answer(output)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the base class names it
        """Keep silent."""

    def _arn(self) -> str:
        return unquote(urlsplit(self.path).path.split("/")[3])

    def _answer(self, output: object) -> None:
        body = json.dumps(wire.encode(output, wire.seconds)).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
