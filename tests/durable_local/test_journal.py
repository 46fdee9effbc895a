"""The row of an execution stays in memory while an invocation runs, and is never another one than the stored."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from durable.exceptions import CheckpointError
from durable.model import InvocationStatus
from durable_local.answers import Answer
from durable_local.clock import SystemClock
from durable_local.invocations import Invocations
from durable_local.runtime import LocalRuntime
from durable_local.store import executions
from durable_local.store.database import Database, Durability, StoreError
from tests.durable_local.conftest import Caller
from tests.durable_local.updates import step


def test_what_another_process_has_done_to_an_execution_is_seen_by_the_next_checkpoint(tmp_path: Path) -> None:
    here, elsewhere = (LocalRuntime(Database(tmp_path / "journal.sqlite"), SystemClock()) for _ in range(2))
    arn = here.executions.start("f", "{}")
    caller = Caller(here, Invocations(here.journals).begin(arn, 0))
    caller.checkpoint(step("START"))

    elsewhere.executions.stop(arn)

    with pytest.raises(CheckpointError, match="Invalid checkpoint token"):
        caller.checkpoint(step("SUCCEED"))
    assert here.executions.get(arn).status == "STOPPED"


def test_a_refused_checkpoint_leaves_the_row_as_it_was(runtime: LocalRuntime, caller: Caller) -> None:
    caller.checkpoint(step("START"))
    before = executions.by_name(runtime.journals.database, "nightly")

    with pytest.raises(CheckpointError):
        caller.checkpoint(step("SUCCEED"), step("START", "another", parent="nobody"))

    assert caller.checkpoint(step("SUCCEED"))
    row = executions.by_name(runtime.journals.database, "nightly")
    assert before
    assert row
    assert (row.sequence, row.operations) == (before.sequence + 1, before.operations)


def test_a_refused_checkpoint_that_shares_a_commit_leaves_the_row_as_it_was(tmp_path: Path) -> None:
    database = Database(tmp_path / "journal.sqlite", Durability.POWER)
    runtime = LocalRuntime(database, SystemClock())
    caller = Caller(runtime, Invocations(runtime.journals).begin(runtime.executions.start("f", "{}", "nightly"), 0))
    caller.checkpoint(step("START"))
    before = executions.by_name(database, "nightly")

    with ThreadPoolExecutor() as threads:
        # This writes nothing, and leaves the commit to the checkpoint that waits meanwhile.
        with database.transaction():
            checkpoint = threads.submit(caller.checkpoint, step("SUCCEED"), step("START", "another", parent="nobody"))
            while not database.waiting:
                pass
        with pytest.raises(CheckpointError):
            checkpoint.result()

    assert caller.checkpoint(step("SUCCEED"))
    row = executions.by_name(database, "nightly")
    assert before
    assert row
    assert (row.sequence, row.operations) == (before.sequence + 1, before.operations)


def test_a_checkpoint_that_could_not_be_kept_leaves_the_row_as_it_was(runtime: LocalRuntime, caller: Caller) -> None:
    database = runtime.journals.database
    caller.checkpoint(step("START"))
    before = executions.by_name(database, "nightly")
    (pages,) = database.row("PRAGMA page_count") or (0,)
    database.row(f"PRAGMA max_page_count = {pages}")

    with pytest.raises(StoreError, match="full"):
        caller.checkpoint(step("SUCCEED", payload="x" * 100_000))
    database.row("PRAGMA max_page_count = 1000000")

    assert executions.by_name(database, "nightly") == before
    assert caller.checkpoint(step("SUCCEED", payload="x" * 100_000))


def test_no_row_is_kept_in_memory_once_its_invocation_has_ended(runtime: LocalRuntime, caller: Caller) -> None:
    assert list(runtime.journals.invoked) == [caller.invocation.arn]

    Invocations(runtime.journals).answered(caller.invocation.arn, 1, Answer(InvocationStatus.PENDING))

    assert not runtime.journals.invoked
