"""Executions driven from start to end by handlers that speak to the service themselves."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from durable.model import Operation, OperationUpdate
from durable_local.errors import ClaimLostError
from durable_local.hosts.loading import warm
from durable_local.hosts.threads import ThreadHost
from durable_local.invocations import Invocation
from durable_local.runtime import Function, LocalRuntime
from durable_local.store.database import Database, StoreError
from tests.durable_local import updates
from tests.durable_local.conftest import Claim
from tests.fakes.clock import START, SetClock

PENDING, DONE = {"Status": "PENDING"}, {"Status": "SUCCEEDED", "Result": "7"}
Handler = Callable[[Invocation, Any], object]


def host(runtime: LocalRuntime, handler: Handler) -> None:
    runtime.functions["f"] = Function(ThreadHost(warm(handler), lambda invocation: invocation))


def recorded(invocation: Invocation) -> dict[str, Operation]:
    return {operation.operation_id: operation for operation in invocation.operations}


def asking(runtime: LocalRuntime, *asked: OperationUpdate) -> Handler:
    """A handler that asks for some operations, suspends until all have ended, and is done."""

    def handler(invocation: Invocation, _context: Any) -> object:
        known = recorded(invocation)
        if new := [update for update in asked if update.operation_id not in known]:
            runtime.service.checkpoint(invocation.arn, invocation.checkpoint_token, new, None)
            return PENDING
        return DONE if all(known[each.operation_id].status.is_terminal for each in asked) else PENDING

    return handler


def test_an_execution_runs_until_it_is_closed(runtime: LocalRuntime) -> None:
    host(runtime, lambda invocation, context: DONE)

    execution = runtime.run(runtime.start("f", "{}", "nightly"))

    assert (execution.status, execution.result, execution.invocations) == ("SUCCEEDED", "7", 1)


def test_a_wait_suspends_and_the_clock_goes_straight_to_its_end(runtime: LocalRuntime, clock: SetClock) -> None:
    host(runtime, asking(runtime, updates.wait(seconds=30 * 86_400)))

    execution = runtime.run(runtime.start("f", "{}", "nightly"))

    assert (execution.status, execution.invocations) == ("SUCCEEDED", 2)
    assert clock.waits == [START + timedelta(days=30)]
    assert [event.type for _, event in runtime.executions.history("nightly")] == [
        "ExecutionStarted",
        "WaitStarted",
        "InvocationCompleted",
        "WaitSucceeded",
        "InvocationCompleted",
        "ExecutionSucceeded",
    ]


def test_each_of_several_waits_has_the_handler_invoked(runtime: LocalRuntime) -> None:
    host(runtime, asking(runtime, *(updates.wait(f"w{number}", number * 10) for number in (1, 2, 3))))

    execution = runtime.run(runtime.start("f", "{}", "nightly"))

    assert (execution.status, execution.invocations) == ("SUCCEEDED", 4)


def test_a_closed_execution_is_not_run_again(runtime: LocalRuntime) -> None:
    host(runtime, lambda invocation, context: DONE)
    arn = runtime.start("f", "{}", "nightly")
    first = runtime.run(arn)
    host(runtime, lambda invocation, context: {"Status": "SUCCEEDED", "Result": "8"})

    assert runtime.run(arn) == first
    assert first.invocations == 1


def test_a_handler_gets_a_lambda_context(runtime: LocalRuntime) -> None:
    contexts: list[Any] = []

    def handler(_invocation: Invocation, context: Any) -> object:
        contexts.append(context)
        return DONE

    host(runtime, handler)

    runtime.run(runtime.start("f", "{}"))

    (context,) = contexts
    assert (context.function_name, context.function_version) == ("f", "$LATEST")
    assert context.invoked_function_arn == "arn:aws:lambda:us-east-1:000000000000:function:f:$LATEST"
    assert context.aws_request_id
    assert 0 < context.get_remaining_time_in_millis() <= 900_000


@pytest.mark.parametrize(
    ("error", "recorded_type"),
    [
        (ValueError("boom"), "ValueError"),
        (SystemExit(3), "Runtime.ExitError"),
        (BaseException("odd"), "BaseException"),
    ],
)
def test_a_handler_that_raises_is_tried_five_times_with_five_seconds_between(
    runtime: LocalRuntime, clock: SetClock, error: BaseException, recorded_type: str
) -> None:
    def handler(_invocation: Invocation, _context: Any) -> object:
        raise error

    host(runtime, handler)
    execution = runtime.run(runtime.start("f", "{}", "nightly"))

    assert (execution.status, execution.invocations) == ("FAILED", 5)
    assert execution.error
    assert execution.error.type == recorded_type
    assert clock.now() == START + timedelta(seconds=20)
    ends = [event.error for _, event in runtime.executions.history("nightly") if event.type == "InvocationCompleted"]
    assert [end and end.type for end in ends] == [recorded_type] * 5


def test_what_breaks_the_rules_of_answers_fails_the_execution_at_once(runtime: LocalRuntime) -> None:
    host(runtime, lambda invocation, context: {"statusCode": 200})

    execution = runtime.run(runtime.start("f", "{}", "nightly"))

    assert (execution.status, execution.invocations) == ("FAILED", 1)


def test_a_run_ends_where_only_the_outside_can_go_on_and_goes_on_after_it(runtime: LocalRuntime) -> None:
    host(runtime, asking(runtime, updates.callback()))
    arn = runtime.start("f", "{}", "nightly")

    assert runtime.run(arn).status == "RUNNING"
    callback = runtime.executions.operations(arn)[1].callback_details
    assert callback
    runtime.callbacks.succeed(callback.callback_id, "1")

    assert runtime.run(arn).status == "SUCCEEDED"


def test_a_waiting_run_is_woken_by_an_answer(tmp_path: Path) -> None:
    class AnsweringClock(SetClock):
        def wait_until(self, moment: datetime, woken: threading.Event) -> None:
            callback = runtime.executions.operations("nightly")[1].callback_details
            assert callback
            runtime.callbacks.succeed(callback.callback_id)
            assert woken.is_set()

    runtime = LocalRuntime(Database(tmp_path / "journal.sqlite"), AnsweringClock())
    host(runtime, asking(runtime, updates.callback(timeout=60)))

    execution = runtime.run(runtime.start("f", "{}", "nightly"))

    assert (execution.status, execution.ended) == ("SUCCEEDED", START)


def test_what_a_dead_process_left_is_taken_over_by_the_next(tmp_path: Path, clock: SetClock) -> None:
    def dies(invocation: Invocation, _context: Any) -> object:
        first.service.checkpoint(invocation.arn, invocation.checkpoint_token, [updates.step("SUCCEED")], None)
        raise KeyboardInterrupt

    first = LocalRuntime(Database(tmp_path / "journal.sqlite"), clock)
    host(first, dies)
    arn = first.start("f", "{}", "nightly")
    with pytest.raises(KeyboardInterrupt):
        first.run(arn)

    second = LocalRuntime(Database(tmp_path / "journal.sqlite"), clock)
    host(second, lambda invocation, context: DONE if "s" in recorded(invocation) else PENDING)

    assert second.run(second.start("f", "{}", "nightly")).status == "SUCCEEDED"
    assert [event.type for _, event in second.executions.history(arn)] == [
        "ExecutionStarted",
        "StepSucceeded",
        "InvocationCompleted",
        "InvocationCompleted",
        "ExecutionSucceeded",
    ]


def test_a_full_disk_ends_the_run_and_room_lets_it_go_on(runtime: LocalRuntime) -> None:
    database = runtime.journals.database
    host(runtime, asking(runtime, *(updates.step("SUCCEED", f"s{number}", payload="x" * 9_000) for number in range(9))))
    arn = runtime.start("f", "{}", "nightly")
    (pages,) = database.row("PRAGMA page_count") or (0,)
    database.row(f"PRAGMA max_page_count = {pages + 4}")

    with pytest.raises(StoreError, match="full"):
        runtime.run(arn)

    database.row("PRAGMA max_page_count = 1000000")
    assert runtime.run(arn).status == "SUCCEEDED"


def test_a_process_that_lost_its_execution_stops(runtime: LocalRuntime, claim: Claim) -> None:
    host(runtime, lambda invocation, context: claim(invocation.arn) and DONE)
    arn = runtime.start("f", "{}", "nightly")

    with pytest.raises(ClaimLostError, match="Another process has taken over execution nightly"):
        runtime.run(arn)

    assert runtime.executions.get(arn).status == "RUNNING"


def test_executions_run_side_by_side(runtime: LocalRuntime) -> None:
    host(runtime, asking(runtime, *(updates.step("SUCCEED", f"s{number}") for number in range(20))))
    arns = [runtime.start("f", "{}") for _ in range(12)]

    runs = [threading.Thread(target=runtime.run, args=(arn,)) for arn in arns]
    for thread in runs:
        thread.start()
    for thread in runs:
        thread.join()

    assert {runtime.executions.get(arn).status for arn in arns} == {"SUCCEEDED"}
