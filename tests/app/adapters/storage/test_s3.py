from collections.abc import Iterator
from typing import Any

import pytest

from app.adapters.storage.s3 import S3Storage, s3_client
from app.ports.storage import DocumentNotFoundError, StorageError, StorageUnavailableError
from tests.app.conftest import CREDENTIALS
from tests.fakes.faulty_proxy import Fault, at_first, faulty
from tests.fakes.http_server import Answer, Server, serving


@pytest.fixture
def storage(s3: Any, bucket: str) -> S3Storage:
    return S3Storage(s3, bucket, "pipeline/")


@pytest.fixture
def server() -> Iterator[Server]:
    """What only looks like S3."""
    with serving() as server:
        yield server


@pytest.fixture
def broken(server: Server) -> Iterator[S3Storage]:
    """A storage on that server whose client asks once."""
    client = s3_client(attempts=1, endpoint_url=server.url, **CREDENTIALS)
    yield S3Storage(client, "test-bucket", "pipeline/")
    client.close()


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
def test_a_server_in_trouble_may_recover(server: Server, broken: S3Storage, status: int, code: str) -> None:
    server.answer("*", Answer(f"<Error><Code>{code}</Code><Message>Later</Message></Error>", status))

    with pytest.raises(StorageUnavailableError, match=rf"Cannot use s3://test-bucket/pipeline/a: .*{code}"):
        broken.get("a")


def test_a_refused_access_is_final(server: Server, broken: S3Storage) -> None:
    server.answer("*", Answer("<Error><Code>AccessDenied</Code><Message>No</Message></Error>", 403))

    with pytest.raises(StorageError, match="AccessDenied") as refused:
        broken.put("a", b"body")

    assert not isinstance(refused.value, StorageUnavailableError)


def test_a_server_that_is_not_there_may_come_back() -> None:
    with serving() as gone:
        client = s3_client(attempts=1, endpoint_url=gone.url, **CREDENTIALS)

    with pytest.raises(StorageUnavailableError, match="Cannot reach s3://test-bucket/a: "):
        S3Storage(client, "test-bucket", "").put("a", b"body")

    client.close()


def test_a_document_cut_off_half_way_may_come_whole_later(server: Server, broken: S3Storage) -> None:
    server.answer("*", Answer("half", promised=1_000))

    with pytest.raises(StorageUnavailableError, match="Cannot reach s3://test-bucket/pipeline/a: "):
        broken.get("a")
    with pytest.raises(StorageUnavailableError), broken.open("a") as stream:
        list(stream)


def test_an_answer_that_ends_in_its_head_is_not_taken_for_an_empty_document(
    s3: Any, bucket: str, storage: S3Storage
) -> None:
    storage.put("a", b"body")

    with faulty(s3.meta.endpoint_url, Fault.CUT_HEAD, at_first(seed=0)) as proxy:
        client = s3_client(attempts=1, endpoint_url=proxy.url, **CREDENTIALS)
        cut = S3Storage(client, bucket, "pipeline/")
        for call in (lambda: cut.get("a"), lambda: cut.copy("a", "b")):
            with pytest.raises(StorageUnavailableError, match=r"Cannot reach s3://.*/a: the answer ended in its head"):
                call()
        assert cut.get("a") == b"body"
        client.close()
