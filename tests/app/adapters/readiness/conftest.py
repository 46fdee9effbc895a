"""One readiness of each kind, and what makes it ready."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.adapters.readiness.document import DocumentReadiness
from app.adapters.readiness.sample import SampleReadiness
from app.adapters.storage.filesystem import FilesystemStorage
from app.adapters.storage.memory import MemoryStorage
from app.adapters.storage.s3 import S3Storage
from app.ports.readiness import Readiness
from app.ports.storage import Storage

SAMPLE = SampleReadiness(ready_at=3)


@dataclass(frozen=True)
class Outside:
    """A readiness, and how the outside makes an execution's labels ready; the answer is the next poll."""

    readiness: Readiness
    make_ready: Callable[[str], int]


@pytest.fixture(params=["sample", "filesystem", "memory", "s3"])
def outside(request: pytest.FixtureRequest, tmp_path: Path) -> Outside:
    """One adapter, the one on documents for each storage."""
    storages: dict[str, Callable[[], Storage]] = {
        "filesystem": lambda: FilesystemStorage(tmp_path / "storage"),
        "memory": MemoryStorage,
        "s3": lambda: S3Storage(request.getfixturevalue("s3"), request.getfixturevalue("bucket"), "pipeline/"),
    }
    if request.param == "sample":
        return Outside(SAMPLE, lambda _: SAMPLE.ready_at)
    storage = storages[request.param]()

    def make_ready(execution: str) -> int:
        storage.put(f"tour/{execution}/ready", b"")
        return 2

    return Outside(DocumentReadiness(storage), make_ready)
