"""One storage of each kind, S3's over real HTTP."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from moto.server import ThreadedMotoServer

from app.adapters.storage.filesystem import FilesystemStorage
from app.adapters.storage.memory import MemoryStorage
from app.adapters.storage.s3 import S3Storage, s3_client
from app.ports.storage import Storage

CREDENTIALS: dict[str, Any] = {
    "aws_access_key_id": "testing",
    "aws_secret_access_key": "testing",
    "region_name": "us-east-1",
}


@pytest.fixture(scope="package")
def s3() -> Iterator[Any]:
    """A client of a server that behaves like S3, on loopback."""
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


@pytest.fixture(params=["filesystem", "memory", "s3"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    """An empty storage; a test that asks for it runs once for every adapter."""
    makers: dict[str, Callable[[], Storage]] = {
        "filesystem": lambda: FilesystemStorage(tmp_path / "storage"),
        "memory": MemoryStorage,
        "s3": lambda: S3Storage(request.getfixturevalue("s3"), request.getfixturevalue("bucket"), "pipeline/"),
    }
    return makers[request.param]()
