import re
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest

from durable.exceptions import CheckpointError
from durable.model import ErrorObject
from durable_local.errors import ExecutionAlreadyStartedError, InvalidParameterValueError, ResourceNotFoundError
from durable_local.executions import Summary
from durable_local.limits import EXECUTION_PAYLOAD_BYTES
from durable_local.runtime import Function, LocalRuntime
from durable_local.store import timers
from durable_local.store.executions import Selection
from tests.durable_local import updates
from tests.durable_local.conftest import Caller, Claim
from tests.fakes.clock import START, SetClock


def test_an_arn_has_the_shape_of_awss_and_ends_in_the_id_of_the_execution_operation(runtime: LocalRuntime) -> None:
    arn = runtime.start("f", "{}", "nightly-1")

    (root,) = runtime.executions.operations(arn)
    assert re.fullmatch(
        r"arn:aws:lambda:us-east-1:000000000000:function:f:\$LATEST/durable-execution/nightly-1/[0-9a-f-]{36}", arn
    )
    assert root.operation_id == arn.rpartition("/")[2]
    assert (root.name, root.status, root.start_timestamp) == ("nightly-1", "STARTED", START)


def test_without_a_name_every_start_is_a_new_execution(runtime: LocalRuntime) -> None:
    assert runtime.start("f", "{}") != runtime.start("f", "{}")


def test_a_name_used_again_with_the_same_payload_finds_the_running_execution(runtime: LocalRuntime) -> None:
    assert runtime.start("f", "{}", "nightly") == runtime.start("f", "{}", "nightly")
    assert len(runtime.executions.newest(10)) == 1


def test_a_name_used_again_with_the_same_payload_finds_the_closed_execution(
    runtime: LocalRuntime, caller: Caller
) -> None:
    caller.send(updates.execution("SUCCEED", payload="7"))

    assert runtime.start("f", '{"n":1}', "nightly") == caller.invocation.arn
    assert runtime.executions.get("nightly").result == "7"


@pytest.mark.parametrize("closed", [True, False])
def test_a_name_used_again_with_another_payload_is_refused(
    runtime: LocalRuntime, caller: Caller, *, closed: bool
) -> None:
    if closed:
        caller.send(updates.execution("SUCCEED"))

    with pytest.raises(ExecutionAlreadyStartedError, match="nightly was started with another payload"):
        runtime.start("f", '{"n":2}', "nightly")


def test_a_name_belongs_to_one_function(runtime: LocalRuntime, caller: Caller) -> None:
    runtime.functions["g"] = runtime.functions["f"]

    with pytest.raises(ExecutionAlreadyStartedError, match="belongs to function f, not g"):
        runtime.start("g", '{"n":1}', "nightly")


@pytest.mark.parametrize(
    ("function", "payload", "name", "told"),
    [
        ("f", "{}", "a b", "DurableExecutionName"),
        ("f", "{}", "", "DurableExecutionName"),
        ("f", "x" * (EXECUTION_PAYLOAD_BYTES + 1), "n", "Payload"),
    ],
)
def test_a_start_outside_the_limits_is_refused(
    runtime: LocalRuntime, function: str, payload: str, name: str, told: str
) -> None:
    with pytest.raises(InvalidParameterValueError, match=told):
        runtime.start(function, payload, name)


def test_an_unknown_function_is_refused_with_those_that_are_known(runtime: LocalRuntime) -> None:
    with pytest.raises(ResourceNotFoundError, match="Function g is not known here; known are: f"):
        runtime.start("g", "{}")


def test_an_unknown_execution_is_named(runtime: LocalRuntime) -> None:
    with pytest.raises(ResourceNotFoundError, match="There is no execution nightly"):
        runtime.executions.get("nightly")


def test_executions_are_listed_newest_first(runtime: LocalRuntime, clock: SetClock) -> None:
    for name in ("one", "two", "three"):
        runtime.start("f", "{}", name)
        clock.advance(1)

    assert [each.name for each in runtime.executions.newest(2)] == ["three", "two"]


def test_an_event_keeps_what_its_operation_is_and_was_given(runtime: LocalRuntime, caller: Caller) -> None:
    caller.checkpoint(updates.context("START"), updates.step("FAIL", parent="x"))

    (*_, (_, event)) = runtime.executions.history("nightly")
    assert (event.name, event.sub_type, event.parent_id) == ("charge", "Step", "x")
    assert event.error == updates.ERROR
    assert event.facts == {"RetryDetails": {"CurrentAttempt": 1}}


def test_a_stopped_execution_takes_no_more_checkpoints(runtime: LocalRuntime, caller: Caller) -> None:
    stopped = runtime.executions.stop(caller.invocation.arn, ErrorObject("wrong day"))

    execution = runtime.executions.get("nightly")
    assert (execution.status, execution.error, execution.ended) == ("STOPPED", ErrorObject("wrong day"), stopped)
    assert caller.events()[-1] == "ExecutionStopped"
    with pytest.raises(CheckpointError, match="Invalid checkpoint token"):
        caller.checkpoint()


def test_stopping_again_changes_nothing(runtime: LocalRuntime, caller: Caller, clock: SetClock) -> None:
    first = runtime.executions.stop(caller.invocation.arn)
    clock.advance(5)

    assert runtime.executions.stop(caller.invocation.arn) == first
    assert caller.events().count("ExecutionStopped") == 1


@pytest.mark.parametrize("seconds", [31, 3600])
def test_an_execution_that_takes_too_long_times_out_and_nothing_happens_after(
    runtime: LocalRuntime, claim: Claim, clock: SetClock, seconds: int
) -> None:
    quick = runtime.functions["f"]
    assert isinstance(quick, Function)
    runtime.functions["slow"] = replace(quick, execution_timeout_seconds=30)
    caller = claim(runtime.start("slow", "{}", "late"))
    caller.checkpoint(updates.wait(seconds=seconds))
    clock.advance(60)

    execution = runtime.run(caller.invocation.arn)

    assert (execution.status, execution.error) == ("TIMED_OUT", ErrorObject("Execution timed out after 30 seconds."))
    assert caller.events() == ["ExecutionStarted", "WaitStarted", "InvocationCompleted", "ExecutionTimedOut"]
    assert timers.earliest(runtime.journals.database) is None


def names(found: tuple[list[Summary], str | None]) -> list[str]:
    return [summary.name for summary in found[0]]


def test_executions_are_selected_by_function_name_status_and_start(runtime: LocalRuntime, clock: SetClock) -> None:
    runtime.functions["g"] = runtime.functions["f"]
    runtime.start("g", "{}", "foreign")
    for name in ("first", "second", "third"):
        clock.advance(10)
        runtime.start("f", "{}", name)
    runtime.executions.stop(runtime.executions.get("second").arn)

    def selected(**wanted: Any) -> list[str]:
        return names(runtime.executions.selected(Selection("f", **wanted), "", 10))

    assert selected() == ["third", "second", "first"]
    assert selected(name="first") == ["first"]
    assert selected(statuses=["STOPPED", "FAILED"]) == ["second"]
    assert selected(started_after=START + timedelta(seconds=20)) == ["third", "second"]
    assert selected(started_before=START + timedelta(seconds=20)) == ["first"]


@pytest.mark.parametrize("oldest_first", [True, False])
def test_selected_executions_come_in_pages_even_if_they_began_at_once(
    runtime: LocalRuntime, *, oldest_first: bool
) -> None:
    started = [f"n{number}" for number in range(5)]
    for name in started:
        runtime.start("f", "{}", name)

    found, marker = [], ""
    while True:
        page, following = runtime.executions.selected(Selection("f"), marker, 2, oldest_first=oldest_first)
        found += [summary.name for summary in page]
        if following is None:
            break
        marker = following

    assert found == (started if oldest_first else started[::-1])


def test_a_marker_of_another_list_is_refused(runtime: LocalRuntime) -> None:
    with pytest.raises(InvalidParameterValueError, match="Marker 'p7' is not one that this service has given"):
        runtime.executions.selected(Selection("f"), "p7", 2)


def test_a_closed_execution_is_removed_when_it_has_been_kept_long_enough(
    runtime: LocalRuntime, clock: SetClock, claim: Claim
) -> None:
    runtime.functions["f"] = replace(cast("Function", runtime.functions["f"]), retention_days=2)
    caller = claim(runtime.start("f", "{}", "nightly"))
    caller.send(updates.step("SUCCEED"), updates.execution("SUCCEED"))
    clock.advance(2 * 86_400 - 1)
    assert runtime.executions.remove_expired() == clock.now() + timedelta(seconds=1)
    assert runtime.executions.find("nightly")
    clock.advance(1)

    further = runtime.executions.remove_expired()

    assert further is None
    assert runtime.executions.find("nightly") is None
    assert not runtime.journals.database.rows("SELECT * FROM events")
    assert runtime.start("f", '{"another": 1}', "nightly")


def test_running_executions_and_those_without_a_retention_are_kept(
    runtime: LocalRuntime, clock: SetClock, claim: Claim
) -> None:
    claim(runtime.start("f", "{}", "for-ever")).send(updates.execution("SUCCEED"))
    runtime.functions["f"] = replace(cast("Function", runtime.functions["f"]), retention_days=2)
    runtime.start("f", "{}", "running")
    clock.advance(400 * 86_400)

    assert runtime.executions.remove_expired() is None
    assert len(runtime.executions.newest(10)) == 2


def test_an_execution_tells_since_when_its_function_runs_as_long_as_it_does(
    runtime: LocalRuntime, caller: Caller, clock: SetClock
) -> None:
    begun = clock.now()
    clock.advance(5)

    assert runtime.executions.get("nightly").invoked == begun
    runtime.executions.stop(caller.invocation.arn)
    assert runtime.executions.get("nightly").invoked is None


def test_what_happened_can_be_read_without_payloads(runtime: LocalRuntime, caller: Caller) -> None:
    caller.checkpoint(updates.step("SUCCEED", payload="7"))
    executions = runtime.executions

    assert executions.get("nightly", payloads=False) == replace(executions.get("nightly"), input_payload=None)
    (_, step), (*_, (number, event)) = (
        executions.operations("nightly", payloads=False),
        executions.history("nightly", payloads=False),
    )
    assert (step.name, step.result) == ("charge", None)
    assert (number, event.type, event.payload) == (2, "StepSucceeded", None)
