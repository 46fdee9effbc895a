"""Updates in, state and events out."""

from dataclasses import replace
from datetime import timedelta

import pytest

from durable.exceptions import CheckpointError, DurableApiErrorCategory, GetExecutionStateError
from durable.model import ErrorObject, OperationStatus
from durable_local.journal import Quotas
from durable_local.limits import OPERATION_PAYLOAD_BYTES
from durable_local.runtime import LocalRuntime
from tests.durable_local import updates
from tests.durable_local.conftest import Caller, Claim
from tests.fakes.clock import START, SetClock


def test_a_checkpoint_answers_with_the_operations_it_changed(caller: Caller) -> None:
    (operation,) = caller.checkpoint(updates.step("START"), updates.step("SUCCEED", payload="7"))

    assert (operation.status, operation.result, operation.start_timestamp) == ("SUCCEEDED", "7", START)
    assert caller.events() == ["ExecutionStarted", "StepStarted", "StepSucceeded"]


def test_a_checkpoint_answers_only_with_what_changed_since_the_one_before(caller: Caller) -> None:
    caller.checkpoint(updates.step("START", "s1"))

    changed = caller.checkpoint(updates.step("START", "s2"), updates.step("SUCCEED", "s1"))

    assert [operation.operation_id for operation in changed] == ["s2", "s1"]


def test_every_field_of_every_operation_is_read_back_as_it_was_answered(runtime: LocalRuntime, caller: Caller) -> None:
    answered = [
        *caller.checkpoint(updates.context("START"), updates.step("SUCCEED", "s1", payload='"a"', parent="x")),
        *caller.checkpoint(updates.context("SUCCEED", payload="1", replay_children=True)),
        *caller.checkpoint(updates.retry("s2"), updates.wait(), updates.callback(timeout=9), updates.invoke()),
        *caller.checkpoint(updates.step("FAIL", "s3")),
    ]

    stored = {operation.operation_id: operation for operation in runtime.executions.operations("nightly")}
    assert all(stored[operation.operation_id] == operation for operation in answered[1:])
    assert len(stored) == 8


def test_a_batch_that_is_refused_leaves_no_trace(caller: Caller) -> None:
    token = caller.token

    with pytest.raises(CheckpointError, match="ParentId p of operation s2"):
        caller.checkpoint(updates.step("START", "s1"), updates.step("START", "s2", parent="p"))

    caller.token = token
    assert caller.checkpoint() == []
    assert caller.events() == ["ExecutionStarted"]


def test_updates_that_do_not_go_together_are_refused(caller: Caller) -> None:
    with pytest.raises(CheckpointError, match="the last of its checkpoint"):
        caller.checkpoint(updates.execution("SUCCEED"), updates.step("START"))


def test_a_parent_may_be_started_earlier_in_the_same_batch(caller: Caller) -> None:
    changed = caller.checkpoint(updates.context("START"), updates.step("START", parent="x"))

    assert [operation.parent_id for operation in changed] == [None, "x"]


@pytest.mark.parametrize("parent", ["s", "missing"])
def test_only_a_context_can_be_a_parent(caller: Caller, parent: str) -> None:
    caller.checkpoint(updates.step("START"))

    with pytest.raises(CheckpointError, match=f"ParentId {parent}"):
        caller.checkpoint(updates.wait(parent=parent))


def test_a_token_can_be_used_once(caller: Caller) -> None:
    token = caller.token
    caller.checkpoint(updates.step("START"))
    caller.token = token

    with pytest.raises(CheckpointError, match="Invalid checkpoint token") as caught:
        caller.checkpoint(updates.step("SUCCEED"))

    assert caught.value.error
    assert caught.value.error["Code"] == "InvalidParameterValueException"
    assert caught.value.error["Message"].startswith("Invalid checkpoint token")
    assert caught.value.is_retryable()


def test_a_refused_update_cannot_be_mended_by_trying_again(caller: Caller) -> None:
    with pytest.raises(CheckpointError) as caught:
        caller.checkpoint(updates.wait(seconds=0))

    assert caught.value.error_category is DurableApiErrorCategory.EXECUTION
    assert caught.value.response_metadata == {"HTTPStatusCode": 400}


@pytest.mark.parametrize("token", ["", "bm9uZQ==", "é"])
def test_a_forged_token_is_refused_for_writing_and_reading(caller: Caller, token: str) -> None:
    caller.token = token

    with pytest.raises(CheckpointError, match="Invalid checkpoint token"):
        caller.checkpoint()
    caller.token = token
    with pytest.raises(GetExecutionStateError, match="Invalid checkpoint token"):
        caller.read()


def test_an_invocation_that_was_taken_over_can_neither_write_nor_read(caller: Caller, claim: Claim) -> None:
    claim(caller.invocation.arn)

    with pytest.raises(CheckpointError, match="Invalid checkpoint token"):
        caller.checkpoint(updates.step("START"))
    with pytest.raises(GetExecutionStateError, match="Invalid checkpoint token"):
        caller.read()


def test_the_same_call_again_gets_the_same_answer_and_changes_nothing(caller: Caller) -> None:
    token = caller.token
    first = caller.send(updates.step("START"), updates.wait(), client_token="call-1")
    caller.token = token

    again = caller.send(updates.step("START"), updates.wait(), client_token="call-1")

    assert again == first
    assert caller.events() == ["ExecutionStarted", "StepStarted", "WaitStarted"]
    assert caller.checkpoint(updates.step("SUCCEED"))


def test_another_call_with_a_used_token_is_refused(caller: Caller) -> None:
    token = caller.token
    caller.send(updates.step("START"), client_token="call-1")
    caller.token = token

    with pytest.raises(CheckpointError, match="Invalid checkpoint token"):
        caller.send(updates.step("SUCCEED"), client_token="call-2")


def test_a_call_repeated_after_a_later_one_is_refused_and_changes_nothing(caller: Caller) -> None:
    first = caller.token
    caller.send(updates.step("START"), client_token="call-1")
    caller.send(updates.wait(), client_token="call-2")
    latest, caller.token = caller.token, first

    with pytest.raises(CheckpointError, match="Invalid checkpoint token"):
        caller.send(updates.step("START"), client_token="call-1")

    caller.token = latest
    assert caller.events() == ["ExecutionStarted", "StepStarted", "WaitStarted"]
    assert caller.checkpoint(updates.step("SUCCEED"), client_token="call-3")


def test_a_call_repeated_after_a_takeover_does_not_get_the_new_invocations_token(caller: Caller, claim: Claim) -> None:
    token = caller.token
    caller.send(updates.step("START"), client_token="call-1")
    caller.token = token
    claim(caller.invocation.arn)

    with pytest.raises(CheckpointError, match="Invalid checkpoint token"):
        caller.send(updates.step("START"), client_token="call-1")


def test_a_checkpoint_of_nothing_tells_which_timers_have_fired(caller: Caller, clock: SetClock) -> None:
    caller.checkpoint(updates.wait("w", seconds=10), updates.retry("s", delay=20))
    clock.advance(10)
    first = caller.checkpoint()
    clock.advance(10)
    second = caller.checkpoint()

    assert [(each.operation_id, each.status) for each in first] == [("w", "SUCCEEDED")]
    assert [(each.operation_id, each.status) for each in second] == [("s", "READY")]
    assert caller.events()[-1] == "WaitSucceeded"
    assert caller.checkpoint() == []


def test_a_checkpoint_tells_what_came_from_outside_and_then_what_it_has_changed_itself(
    runtime: LocalRuntime, caller: Caller
) -> None:
    (first, second) = caller.checkpoint(updates.callback("c1"), updates.callback("c2"))
    for callback in (first, second):
        assert callback.callback_details
        runtime.callbacks.succeed(callback.callback_details.callback_id)

    changed = caller.checkpoint(updates.step("START"), updates.step("SUCCEED", "s2"))

    assert [each.operation_id for each in changed] == ["c1", "c2", "s", "s2"]
    assert caller.checkpoint() == []


def test_a_cancelled_wait_does_not_fire(caller: Caller, clock: SetClock) -> None:
    caller.checkpoint(updates.wait(seconds=10))
    caller.checkpoint(updates.cancel())
    clock.advance(10)

    assert caller.checkpoint() == []


@pytest.mark.parametrize(
    ("timeout", "heartbeat", "error"),
    [
        (5, 0, ErrorObject("Callback timed out", "Callback.Timeout")),
        (9, 5, ErrorObject("Callback timed out on heartbeat", "Callback.Heartbeat")),
    ],
)
def test_a_callback_nobody_answers_times_out(
    caller: Caller, clock: SetClock, timeout: int, heartbeat: int, error: ErrorObject
) -> None:
    caller.checkpoint(updates.callback(timeout=timeout, heartbeat=heartbeat))
    clock.advance(5)

    (callback,) = caller.checkpoint()
    clock.advance(60)

    assert (callback.status, callback.error) == (OperationStatus.TIMED_OUT, error)
    assert caller.checkpoint() == []
    assert caller.told("CallbackTimedOut")["Error"]["Payload"]["ErrorType"] == error.type


def test_every_callback_gets_an_id_of_its_own_that_tells_nothing(caller: Caller) -> None:
    changed = caller.checkpoint(*(updates.callback(f"c{number}") for number in range(20)))

    ids = {each.callback_details.callback_id for each in changed if each.callback_details}
    assert len(ids) == 20
    assert all(len(id_) >= 32 and "nightly" not in id_ for id_ in ids)


def test_an_unknown_target_fails_its_invoke_at_once(caller: Caller) -> None:
    (operation,) = caller.checkpoint(updates.invoke(target="nowhere"))

    assert operation.status is OperationStatus.FAILED
    assert operation.error == ErrorObject("Function not found: nowhere", "ResourceNotFoundException")
    assert caller.events()[-2:] == ["ChainedInvokeStarted", "ChainedInvokeFailed"]


def test_an_execution_update_closes_the_execution_and_ends_the_chain_of_tokens(
    runtime: LocalRuntime, caller: Caller
) -> None:
    output = caller.send(updates.step("SUCCEED"), updates.execution("SUCCEED", payload='"long"'))

    assert output.checkpoint_token is None
    assert runtime.executions.get("nightly").status == "SUCCEEDED"
    assert runtime.executions.get("nightly").result == '"long"'
    assert caller.events()[-2:] == ["InvocationCompleted", "ExecutionSucceeded"]
    with pytest.raises(CheckpointError, match="Invalid checkpoint token"):
        caller.checkpoint()


def test_a_failing_execution_update_keeps_its_error(runtime: LocalRuntime, caller: Caller) -> None:
    caller.send(updates.execution("FAIL"))

    execution = runtime.executions.get("nightly")
    assert (execution.status, execution.error) == ("FAILED", updates.ERROR)


def test_no_execution_outgrows_its_quota_of_operations(runtime: LocalRuntime, caller: Caller) -> None:
    runtime.journals.quotas = Quotas(operations=3)
    caller.checkpoint(*(updates.step("START", f"s{number}") for number in range(3)))

    with pytest.raises(CheckpointError, match="more than 3 operations"):
        caller.checkpoint(updates.step("START", "s3"))


def test_no_execution_outgrows_its_quota_of_bytes(runtime: LocalRuntime, caller: Caller) -> None:
    runtime.journals.quotas = Quotas(bytes=300_000)
    caller.checkpoint(updates.step("SUCCEED", "s1", payload="x" * OPERATION_PAYLOAD_BYTES))

    with pytest.raises(CheckpointError, match="more than 300000 bytes"):
        caller.checkpoint(updates.step("SUCCEED", "s2", payload="€" * 20_000))


def test_a_missing_execution_is_named(runtime: LocalRuntime) -> None:
    with pytest.raises(CheckpointError, match="There is no execution arn:nothing"):
        runtime.service.checkpoint("arn:nothing", "t", [], None)


def test_an_observer_hears_of_a_change_once_it_is_kept_and_of_nothing_else(
    runtime: LocalRuntime, caller: Caller
) -> None:
    heard: list[list[str]] = []
    runtime.journals.observers.append(lambda _arn, changed: heard.append([each.operation_id for each in changed]))

    caller.checkpoint(updates.step("START"), updates.wait())
    with pytest.raises(CheckpointError):
        caller.checkpoint(updates.step("SUCCEED"), replace(updates.wait("w2"), wait_options=None))

    assert heard == [["s", "w"]]


def test_a_wait_ends_at_its_time_even_where_a_refresh_comes_late(caller: Caller, clock: SetClock) -> None:
    (started,) = caller.checkpoint(updates.wait(seconds=10))
    clock.advance(25)

    (ended,) = caller.checkpoint()

    assert started.wait_details == ended.wait_details
    assert started.wait_details
    assert started.wait_details.scheduled_end_timestamp == START + timedelta(seconds=10)
    assert ended.end_timestamp == START + timedelta(seconds=25)


def test_quotas_can_be_lifted(runtime: LocalRuntime, caller: Caller) -> None:
    runtime.journals.quotas = Quotas(operations=None, bytes=None)

    caller.checkpoint(*(updates.step("START", f"s{number}") for number in range(3_001)))

    assert len(runtime.executions.operations("nightly")) == 3_002
