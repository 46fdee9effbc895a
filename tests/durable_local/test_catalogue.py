"""The rows of the failure catalogue that are about the runtime: 72 to 81, each under its number."""

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from durable import DurableContext, durable_execution
from durable.config import Duration, StepConfig
from durable.exceptions import CheckpointError
from durable.model import InvocationStatus
from durable.retries import RetryStrategyConfig, create_retry_strategy
from durable_local.answers import Answer
from durable_local.clock import SkippingClock, SystemClock
from durable_local.errors import CallbackTimeoutError, ClaimLostError, ExecutionAlreadyStartedError, ServiceError
from durable_local.hosts.loading import warm
from durable_local.hosts.threads import PlainFunction
from durable_local.invocations import Invocations
from durable_local.runtime import LocalRuntime
from durable_local.store import due
from durable_local.store.database import Database, StoreError
from tests.durable_local import updates
from tests.durable_local.conftest import Caller, Claim, Opening
from tests.durable_local.desk import PATIENCE, Desk, asks, blocked, callback_id, doubles, sleeps
from tests.fakes.clock import SetClock

DONE = Answer(InvocationStatus.SUCCEEDED, "7")


def together(*calls: Callable[[], Any]) -> list[Any]:
    """What each call answers or raises, all of them begun at once."""
    ready = threading.Barrier(len(calls))
    outcomes: list[Any] = [None] * len(calls)

    def run(number: int) -> None:
        ready.wait(PATIENCE)
        try:
            outcomes[number] = calls[number]()
        except (ServiceError, ClaimLostError) as error:
            outcomes[number] = error

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_72_of_two_deliveries_at_once_one_wins_and_the_other_settles_nothing(
    runtime: LocalRuntime, claim: Claim
) -> None:
    invocations = Invocations(runtime.journals)
    arn = runtime.start("f", "{}", "nightly")

    outcomes = together(*[lambda: invocations.begin(arn, 0)] * 4)

    (won,) = (each for each in outcomes if not isinstance(each, ClaimLostError))
    assert sum(isinstance(each, ClaimLostError) for each in outcomes) == 3
    invocations.answered(arn, won.fence, DONE)
    assert runtime.executions.get(arn).status == "SUCCEEDED"
    assert runtime.executions.get(arn).invocations == 1


@pytest.mark.parametrize("checkpoints", range(4))
def test_73_an_old_invocation_that_wakes_after_the_new_one_has_finished_is_refused(
    runtime: LocalRuntime, caller: Caller, claim: Claim, checkpoints: int
) -> None:
    for number in range(checkpoints):
        caller.checkpoint(updates.step("START", f"s{number}"), updates.step("SUCCEED", f"s{number}"))
    successor = claim(caller.invocation.arn)
    invocations = Invocations(runtime.journals)
    invocations.answered(successor.invocation.arn, successor.invocation.fence, DONE)
    before = runtime.executions.history("nightly")

    with pytest.raises(CheckpointError, match="Invalid checkpoint token"):
        caller.checkpoint(updates.step("START", "late"))
    with pytest.raises(ClaimLostError):
        invocations.answered(caller.invocation.arn, caller.invocation.fence, Answer(InvocationStatus.FAILED))
    with pytest.raises(ClaimLostError):
        invocations.failed(caller.invocation.arn, caller.invocation.fence, updates.ERROR)

    assert runtime.executions.history("nightly") == before
    assert runtime.executions.get("nightly").result == "7"


@pytest.mark.parametrize(
    "column",
    [
        "executions.arn",
        "executions.name",
        "executions.function",
        "executions.operation_id",
        "executions.parent_operation",
        "operations.id",
        "operations.parent_id",
        "operations.callback_id",
        "timers.operation_id",
        "calls.operation_id",
        "calls.function",
        "events.operation_id",
    ],
)
def test_74_no_id_that_is_stored_can_be_empty(runtime: LocalRuntime, caller: Caller, column: str) -> None:
    runtime.functions["other"] = PlainFunction(warm(lambda event, context: event))
    caller.checkpoint(updates.callback(timeout=9), updates.invoke())
    table, _, name = column.partition(".")
    database = runtime.journals.database

    with pytest.raises(StoreError, match="CHECK constraint failed"), database.transaction():
        database.write(f"UPDATE {table} SET {name} = ''", ())  # noqa: S608 - of this test


def test_74_no_empty_id_is_accepted_from_outside(runtime: LocalRuntime, caller: Caller) -> None:
    with pytest.raises(CheckpointError, match="Id '' is not allowed"):
        caller.checkpoint(updates.step("START", ""))
    with pytest.raises(ServiceError, match="DurableExecutionName '' is not allowed"):
        runtime.start("f", "{}", "")


def test_75_recovery_by_a_list_of_yesterday_runs_nothing_that_was_released_meanwhile(
    runtime: LocalRuntime, caller: Caller, claim: Claim
) -> None:
    (stale,) = due.unfinished(runtime.journals.database)
    claim(caller.invocation.arn)

    with pytest.raises(ClaimLostError, match="Another process has taken over execution nightly"):
        runtime.invoke(stale.arn, stale.function, stale.fence)

    assert runtime.executions.get("nightly").invocations == 2


class _Killed(BaseException):
    """Stands for the death of the process in the middle of a transaction."""


def test_76_an_end_its_event_and_what_follows_from_it_are_kept_together_or_not_at_all(opened: Opening) -> None:
    @durable_execution
    def invokes(event: int, context: DurableContext) -> Any:
        return context.invoke("f", event)

    def host(desk: Desk) -> Desk:
        desk.host("f", doubles)
        desk.host("invokes", invokes)
        return desk

    def die(_journal: object) -> None:
        raise _Killed

    first = host(opened(SetClock()))
    arn = first.start("invokes", 4)
    first.runtime.journals.closing.append(die)
    with pytest.raises(_Killed):
        first.runtime.run(arn)
    first.runtime.journals.database.close()

    second = host(opened())
    assert [each.status for each in second.runtime.executions.newest(10)] == ["RUNNING", "RUNNING"]
    second.dispatcher.start()

    assert second.end(arn).result == "8"
    assert len(second.runtime.executions.newest(10)) == 2


@durable_execution
def retries(event: object, context: DurableContext) -> str:
    def fails_first(step: Any) -> str:
        if step.attempt == 1:
            raise ValueError("boom")
        return "tried again"

    strategy = create_retry_strategy(RetryStrategyConfig(max_attempts=2, initial_delay=Duration(60)))
    result: str = context.step(fails_first, config=StepConfig(retry_strategy=strategy))
    return result


@durable_execution
def invokes_plain(event: int, context: DurableContext) -> Any:
    return context.invoke("plain", event)


@durable_execution
def invokes_durable(event: int, context: DurableContext) -> Any:
    return context.invoke("sleeps", event)


@pytest.mark.parametrize(
    ("handler", "event", "result"),
    [
        (sleeps, 1, "rested"),
        (retries, 1, "tried again"),
        (asks, {"timeout": 60}, "Callback timed out"),
        (invokes_plain, 7, 7),
        (invokes_durable, 7, "rested"),
    ],
    ids=["wait", "retry", "callback", "plain function", "durable function"],
)
def test_77_a_restart_goes_on_with_whatever_an_execution_waits_for(
    opened: Opening, handler: Any, event: Any, result: object
) -> None:
    first, suspended = opened(SystemClock()), threading.Event()
    first.host("f", handler)
    arn = first.start("f", event)
    row = first.runtime.executions.get(arn)
    first.runtime.functions["plain"] = PlainFunction(warm(lambda event, context: suspended.wait(PATIENCE)))
    first.host("sleeps", sleeps)
    first.runtime.invoke(arn, "f", 0)
    first.runtime.journals.database.close()

    second = opened(SkippingClock())
    second.host("f", handler)
    second.host("sleeps", sleeps)
    second.runtime.functions["plain"] = PlainFunction(warm(lambda event, context: event))
    second.dispatcher.start()

    assert row.status == "RUNNING"
    assert second.end(arn).result == json.dumps(result)


def test_78_of_starts_at_once_under_one_name_one_begins_and_the_others_find_it(runtime: LocalRuntime) -> None:
    arns = together(*[lambda: runtime.start("f", "{}", "nightly")] * 8)

    assert len(set(arns)) == 1
    assert len(runtime.executions.newest(10)) == 1


def test_78_of_starts_at_once_with_two_payloads_under_one_name_one_payload_wins(runtime: LocalRuntime) -> None:
    def starting(number: int) -> Callable[[], str]:
        return lambda: runtime.start("f", str(number % 2), "nightly")

    outcomes = together(*map(starting, range(8)))

    begun, refused = outcomes[::2], outcomes[1::2]
    if isinstance(begun[0], ExecutionAlreadyStartedError):
        begun, refused = refused, begun
    assert len(set(begun)) == 1
    assert {type(each) for each in refused} == {ExecutionAlreadyStartedError}


def test_79_handlers_that_block_every_worker_delay_no_timeout(opened: Opening) -> None:
    clock = SetClock()
    desk = opened(clock, workers=2)
    desk.host("f", asks)
    arn = desk.start("f", {"timeout": 60})
    desk.runtime.invoke(arn, "f", 0)
    begun, go_on = blocked(desk)
    timed_out = threading.Event()
    desk.runtime.journals.observers.append(
        lambda _arn, changed: timed_out.set() if changed[0].status == "TIMED_OUT" else None
    )
    desk.dispatcher.start()
    busy = [desk.start("blocked") for _ in range(2)]
    assert begun.acquire(timeout=PATIENCE)
    assert begun.acquire(timeout=PATIENCE)

    clock.advance(60)
    desk.start("blocked")

    assert timed_out.wait(PATIENCE)
    assert [desk.runtime.executions.get(each).status for each in busy] == ["RUNNING", "RUNNING"]
    go_on.set()


def test_80_a_callbacks_deadline_answers_it_and_invokes_once_more(opened: Opening) -> None:
    desk = opened()
    desk.host("f", asks)
    desk.dispatcher.start()
    arn = desk.start("f", {"timeout": 3_600})

    execution = desk.end(arn)

    assert (execution.status, execution.result) == ("SUCCEEDED", '"Callback timed out"')
    assert execution.invocations == 2
    told = [event.type for _, event in desk.runtime.executions.history(arn)]
    assert told.count("CallbackTimedOut") == 1
    with pytest.raises(CallbackTimeoutError, match="is closed"):
        desk.runtime.callbacks.succeed(callback_id(desk, arn), "late")


WRITER = """
import sys
from durable_local.clock import SystemClock
from durable_local.executions import Executions
from durable_local.journal import Journals
from durable_local.store.database import Database

executions = Executions(Journals(Database(sys.argv[1]), SystemClock()))
for number in range(100_000):
    executions.start("f", "{}", f"e{number}")
    sys.stdout.write(f"e{number}\\n")
    sys.stdout.flush()
"""
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    "after", [1, 7, 60, *(pytest.param(number * 3, marks=pytest.mark.slow) for number in range(1, 200))]
)
def test_81_what_a_killed_process_has_acknowledged_is_there(tmp_path: Path, after: int) -> None:
    path = tmp_path / "durable.sqlite"
    command = [sys.executable, "-c", WRITER, str(path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout
        acknowledged = [writer.stdout.readline().strip() for _ in range(after)]
        os.kill(writer.pid, signal.SIGKILL)
        acknowledged += writer.stdout.read().splitlines()[:-1]

    kept = [name for (name,) in Database(path).rows("SELECT name FROM executions ORDER BY key")]

    assert kept[: len(acknowledged)] == acknowledged
    assert kept == [f"e{number}" for number in range(len(kept))]


def test_81_a_full_disk_keeps_what_was_acknowledged_and_goes_on_once_there_is_room(
    runtime: LocalRuntime, caller: Caller
) -> None:
    database = runtime.journals.database
    (pages,) = database.row("PRAGMA page_count") or (0,)
    database.row(f"PRAGMA max_page_count = {pages + 3}")
    acknowledged: list[str] = []

    def fill() -> None:
        for number in range(1_000):
            caller.checkpoint(updates.step("SUCCEED", f"s{number}", payload="x" * 500))
            acknowledged.append(f"s{number}")

    with pytest.raises(StoreError, match="database or disk is full; nothing of this change was kept"):
        fill()
    kept = {each.operation_id for each in runtime.executions.operations("nightly")[1:]}
    database.row("PRAGMA max_page_count = 1000000")

    assert acknowledged
    assert kept == set(acknowledged)
    assert caller.checkpoint(updates.step("SUCCEED", "later"))


def test_81_a_database_that_another_process_keeps_to_itself_is_told(tmp_path: Path) -> None:
    path = tmp_path / "durable.sqlite"
    database = Database(path)
    database.row("PRAGMA busy_timeout = 10")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(StoreError, match="does another process hold it"), database.transaction():
        pass

    other.close()
    with database.transaction():
        pass


def test_every_row_about_the_runtime_has_a_test() -> None:
    rows = {int(name.split("_")[1]) for name in globals() if re.match(r"test_\d", name)}

    assert rows == set(range(72, 82))
