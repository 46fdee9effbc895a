import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from app.adapters.storage.s3 import S3Storage, s3_client
from app.ports.storage import DocumentNotFoundError, StorageError, StorageUnavailableError
from tests.app.adapters.storage.conftest import CREDENTIALS


@pytest.fixture
def storage(s3: Any, bucket: str) -> S3Storage:
    return S3Storage(s3, bucket, "pipeline/")


@contextmanager
def answering(status: int, body: bytes, promised: int | None = None) -> Iterator[S3Storage]:
    """A storage whose S3 gives the same answer to everything, cut off where more bytes are promised than sent."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(status)
            self.send_header("Content-Length", str(promised or len(body)))
            self.end_headers()
            self.wfile.write(body)
            self.close_connection = True

        do_PUT = do_GET  # noqa: N815 (http.server names them)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class names it)
            """Stay silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,)).start()
        client = impatient_client(f"http://127.0.0.1:{server.server_address[1]}")
        try:
            yield S3Storage(client, "test-bucket", "pipeline/")
        finally:
            client.close()
            server.shutdown()


def impatient_client(url: str) -> Any:
    """A client that asks once."""
    return s3_client(attempts=1, endpoint_url=url, **CREDENTIALS)


def test_documents_are_objects_below_the_prefix(storage: S3Storage, s3: Any, bucket: str) -> None:
    storage.put("documents/1.json", b"{}")

    listed = s3.list_objects_v2(Bucket=bucket)["Contents"]

    assert [found["Key"] for found in listed] == ["pipeline/documents/1.json"]


def test_a_document_is_located_by_its_s3_url(storage: S3Storage, bucket: str) -> None:
    assert storage.locate("documents/1.json") == f"s3://{bucket}/pipeline/documents/1.json"


def test_two_prefixes_of_one_bucket_do_not_see_each_other(s3: Any, bucket: str) -> None:
    S3Storage(s3, bucket, "sources/").put("orders.jsonl", b"rows")

    with pytest.raises(DocumentNotFoundError, match=f"s3://{bucket}/pipeline/orders.jsonl"):
        S3Storage(s3, bucket, "pipeline/").get("orders.jsonl")


def test_a_missing_bucket_is_a_final_error(s3: Any) -> None:
    with pytest.raises(StorageError, match=r"Cannot use s3://no-such-bucket/a: .*bucket does not exist") as refused:
        S3Storage(s3, "no-such-bucket", "").put("a", b"")

    assert not isinstance(refused.value, StorageUnavailableError)


@pytest.mark.parametrize(
    ("status", "code"), [(503, "SlowDown"), (500, "InternalError"), (400, "RequestTimeout"), (429, "TooManyRequests")]
)
def test_a_server_in_trouble_may_recover(status: int, code: str) -> None:
    body = f"<Error><Code>{code}</Code><Message>Later</Message></Error>".encode()

    with answering(status, body) as storage, pytest.raises(StorageUnavailableError, match=f"Cannot use s3://.*{code}"):
        storage.get("a")


def test_a_refused_access_is_final() -> None:
    body = b"<Error><Code>AccessDenied</Code><Message>No</Message></Error>"

    with answering(403, body) as storage, pytest.raises(StorageError, match="AccessDenied") as refused:
        storage.put("a", b"body")

    assert not isinstance(refused.value, StorageUnavailableError)


def test_a_server_that_is_not_there_may_come_back() -> None:
    with answering(200, b"") as storage:
        pass

    with pytest.raises(StorageUnavailableError, match="Cannot reach s3://test-bucket/pipeline/a: "):
        storage.put("a", b"body")


def test_a_document_cut_off_half_way_may_come_whole_later() -> None:
    with answering(200, b"half", promised=1_000) as storage:
        with pytest.raises(StorageUnavailableError, match="Cannot reach s3://test-bucket/pipeline/a: "):
            storage.get("a")
        with pytest.raises(StorageUnavailableError), storage.open("a") as stream:
            list(stream)
