"""The application on a disk that is full, and on one whose files must be small."""

import re
import resource
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from pydantic import HttpUrl

from app.container import build_container
from app.settings import Settings
from durable_local.clock import SkippingClock
from durable_local.testing import DurableFunctionTestResult, DurableFunctionTestRunner
from tests.app.faults import kept, shipment
from tests.app.workflows.conftest import handler_of
from tests.fakes.http_server import Server

DISK_BYTES = 256 * 1024
SMALL_FILE = 300
"""Room for each row, and not for a page of them."""

BringIn = Callable[..., DurableFunctionTestResult]


class RoomMaker(SkippingClock):
    """The clock on which somebody deletes a file while a retry is waited for."""

    def __init__(self, ballast: Path) -> None:
        super().__init__()
        self._ballast = ballast

    def wait_until(self, moment: datetime, woken: threading.Event) -> None:
        """Make room, and jump to the moment."""
        self._ballast.unlink(missing_ok=True)
        super().wait_until(moment, woken)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, which is soon full."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(disk)]
    if (refused := subprocess.run(mount, capture_output=True, text=True, check=False)).returncode:
        pytest.skip(f"Nothing may be mounted here: {refused.stderr.strip()}")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


@pytest.fixture
def bring_in(source_root: Path, api: Server) -> BringIn:
    """Runs the application with its documents in a folder."""

    def run_in(folder: Path, name: str = "nightly", clock: SkippingClock | None = None) -> DurableFunctionTestResult:
        settings = Settings(storage_root=folder, source_root=source_root, customers_url=HttpUrl(api.url))
        container = build_container(settings)
        runner = DurableFunctionTestRunner(handler_of(container.pipeline_workflow()), clock=clock)
        with runner:
            result = runner.run(shipment.EVENT, name)
        container.http().close()
        return result

    return run_in


def fill(disk: Path, leave: int) -> Path:
    """Leave so much room on a disk; what takes the rest is a file."""
    ballast = disk / "ballast"
    free = DISK_BYTES - leave
    ballast.write_bytes(bytes(free))
    return ballast


@contextmanager
def small_files() -> Iterator[None]:
    """No file that this process writes may be larger, as long as the block lasts."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (SMALL_FILE, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("leave", [0, 8_192, 40_960, 98_304])
def test_a_full_disk_fails_the_execution_without_litter_and_one_with_room_brings_all_in(
    bring_in: BringIn, small_disk: Path, leave: int
) -> None:
    ballast = fill(small_disk, leave)
    failed = bring_in(small_disk / "results")
    left = kept.in_folder(small_disk / "results")
    litter = files(small_disk / "results") - {*left}

    ballast.unlink()
    again = bring_in(small_disk / "results", "again")

    assert failed.status == "FAILED"
    assert failed.error
    assert re.search(rf"Cannot use {small_disk}/results/.+: No space left on device", failed.error.message or "")
    assert not litter
    documents = kept.in_folder(small_disk / "results")
    assert shipment.delivered(left, "nightly").items() <= shipment.delivered(documents, "again").items()
    assert again.status == "SUCCEEDED", again.error
    assert shipment.totals(again.result) == shipment.expected_totals()
    assert shipment.outcomes(documents, "again") == shipment.expected()


@pytest.mark.parametrize("leave", [0, 8_192, 40_960, 98_304])
def test_room_that_is_made_before_the_last_attempt_is_in_time(bring_in: BringIn, small_disk: Path, leave: int) -> None:
    ballast = fill(small_disk, leave)

    result = bring_in(small_disk / "results", clock=RoomMaker(ballast))

    assert result.status == "SUCCEEDED", result.error
    assert not ballast.exists()
    assert shipment.outcomes(kept.in_folder(small_disk / "results"), "nightly") == shipment.expected()


def test_a_file_that_may_not_be_as_large_as_it_has_to_be_fails_the_execution_at_once(
    bring_in: BringIn, tmp_path: Path
) -> None:
    with small_files():
        failed = bring_in(tmp_path / "results")
    left = files(tmp_path / "results")

    again = bring_in(tmp_path / "results", "again")

    assert failed.status == "FAILED"
    assert failed.error
    assert re.search(
        rf"Cannot use {tmp_path}/results/staged/.+/page-00000.jsonl: File too large", failed.error.message or ""
    )
    assert {each.attempts for each in failed.get_all_operations() if each.name == "fetch-data"} == {1}
    assert left == set()
    assert again.status == "SUCCEEDED", again.error
    assert shipment.outcomes(kept.in_folder(tmp_path / "results"), "again") == shipment.expected()
