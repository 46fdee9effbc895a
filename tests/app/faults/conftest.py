"""The application on storages and sources of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.faults import shipment
from tests.fakes.http_server import Answer, Server, serving


@pytest.fixture
def api() -> Iterator[Server]:
    """The customers API; all is well with it, and it has one page."""
    with serving() as server:
        server.answer("/", Answer(shipment.sources()["customers.json"]))
        yield server


@pytest.fixture
def source_root(tmp_path: Path) -> Path:
    """The folder of the sources' documents."""
    shipment.write_sources(tmp_path / "sources")
    return tmp_path / "sources"
