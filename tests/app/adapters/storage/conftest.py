"""One storage of each kind."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.adapters.storage.filesystem import FilesystemStorage
from app.adapters.storage.memory import MemoryStorage
from app.adapters.storage.s3 import S3Storage
from app.ports.storage import Storage


@pytest.fixture(params=["filesystem", "memory", "s3"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    """An empty storage; a test that asks for it runs once for every adapter."""
    makers: dict[str, Callable[[], Storage]] = {
        "filesystem": lambda: FilesystemStorage(tmp_path / "storage"),
        "memory": MemoryStorage,
        "s3": lambda: S3Storage(request.getfixturevalue("s3"), request.getfixturevalue("bucket"), "pipeline/"),
    }
    return makers[request.param]()
