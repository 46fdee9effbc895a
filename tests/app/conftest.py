"""S3 as the tests know it: a server on loopback, spoken to over real HTTP."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from moto.server import ThreadedMotoServer

from app.adapters.storage.s3 import s3_client

CREDENTIALS: dict[str, Any] = {
    "aws_access_key_id": "testing",
    "aws_secret_access_key": "testing",
    "region_name": "us-east-1",
}


@pytest.fixture(scope="session")
def s3() -> Iterator[Any]:
    """A client of a server that behaves like S3."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    client = s3_client(endpoint_url=f"http://{host}:{port}", **CREDENTIALS)
    yield client
    client.close()
    server.stop()


@pytest.fixture
def bucket(s3: Any) -> str:
    """The name of a new, empty bucket."""
    name = f"test-{uuid4()}"
    s3.create_bucket(Bucket=name)
    return name
