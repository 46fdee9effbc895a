"""The application's pipeline may be interrupted anywhere, whatever keeps its documents."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from dependency_injector import providers
from pydantic import HttpUrl

from app.container import Container, build_container
from app.settings import Settings
from durable import DurableContext, durable_execution
from durable_local.testing import assert_replay_safe
from tests.app.faults import kept, shipment
from tests.app.faults.kept import OpenMemory
from tests.fakes.http_server import Server

SMALL: dict[str, Any] = {"operations": 50, "reserve_percent": 0, "page_rows": 5}
"""Two pages a data type and a batch of each."""


@dataclass
class Shelf:
    """The application on a storage that every execution finds empty: what the one before has left would hide a loss."""

    container: Container
    kept: Callable[[], Mapping[str, object]]
    empty: Callable[[], object]
    arn: str = ""
    left: list[Mapping[str, object]] = field(default_factory=list)
    """What each execution has left, but for the last one."""

    @property
    def handler(self) -> Callable[[Any, Any], Any]:
        """The durable function, with a workflow of its own for every invocation."""

        @durable_execution
        def handler(event: object, context: DurableContext) -> Any:
            self.begin(context.execution_context.durable_execution_arn)
            return self.container.pipeline_workflow().run(event, context)

        return handler

    def begin(self, arn: str) -> None:
        """Have the storage empty if this is another execution than before."""
        if arn != self.arn:
            if self.arn:
                self.left.append(self.kept())
            self.empty()
            self.arn = arn


def on_filesystem(request: pytest.FixtureRequest) -> Shelf:
    root: Path = request.getfixturevalue("tmp_path") / "results"
    settings = local_settings(request, storage="filesystem", storage_root=root)
    return Shelf(
        build_container(settings), lambda: kept.in_folder(root), lambda: shutil.rmtree(root, ignore_errors=True)
    )


def in_memory(request: pytest.FixtureRequest) -> Shelf:
    container, memory = build_container(local_settings(request, storage="memory")), OpenMemory()
    container.storage.override(providers.Object(memory))
    return Shelf(container, memory.kept, memory.empty)


def in_s3(request: pytest.FixtureRequest) -> Shelf:
    s3, bucket = request.getfixturevalue("s3"), request.getfixturevalue("bucket")
    container = build_container(local_settings(request, storage="s3", bucket=bucket))
    container.s3.override(providers.Object(s3))
    for name, body in shipment.sources().items():
        s3.put_object(Bucket=bucket, Key=f"sources/{name}", Body=body)
    return Shelf(container, lambda: kept.digests_in_bucket(s3, bucket), lambda: kept.empty_bucket(s3, bucket))


def local_settings(request: pytest.FixtureRequest, **settings: Any) -> Settings:
    api: Server = request.getfixturevalue("api")
    sources = request.getfixturevalue("source_root")
    return Settings(source_root=sources, customers_url=HttpUrl(api.url), **SMALL, **settings)


@pytest.mark.parametrize(
    "make_shelf",
    [on_filesystem, in_memory, pytest.param(in_s3, marks=pytest.mark.slow)],
    ids=["filesystem", "memory", "s3"],
)
def test_the_same_documents_are_kept_wherever_it_crashes(
    make_shelf: Callable[[pytest.FixtureRequest], Shelf], request: pytest.FixtureRequest
) -> None:
    shelf = make_shelf(request)

    safety = assert_replay_safe(shelf.handler, shipment.EVENT, effects=shelf.kept)

    # Two undisturbed ones, one that was resumed for nothing, and one for each crash.
    assert safety.tried == safety.points == len(shelf.left) + 1 - 3 > 10
    # Compared here as well, because what differed between the undisturbed ones was not compared there.
    assert all(left == shelf.kept() for left in shelf.left)
    assert len([key for key in shelf.kept() if key.startswith(("documents/", "rejected/"))]) == 12
