import pytest

from durable.model import OperationStatus
from durable_local.errors import CallbackTimeoutError, InvalidParameterValueError, ResourceNotFoundError
from durable_local.limits import CALLBACK_RESULT_BYTES
from durable_local.runtime import LocalRuntime
from durable_local.store import executions
from tests.durable_local import updates
from tests.durable_local.conftest import Caller
from tests.fakes.clock import SetClock


def begun(caller: Caller, timeout: int = 0, heartbeat: int = 0) -> str:
    (operation,) = caller.checkpoint(updates.callback(timeout=timeout, heartbeat=heartbeat))
    assert operation.callback_details
    return operation.callback_details.callback_id


def test_a_success_brings_its_result(runtime: LocalRuntime, caller: Caller) -> None:
    runtime.callbacks.succeed(begun(caller), '{"ok":true}')

    (operation,) = caller.checkpoint()
    assert (operation.status, operation.result) == (OperationStatus.SUCCEEDED, '{"ok":true}')
    assert caller.told("CallbackSucceeded")["Result"]["Payload"] == '{"ok":true}'


def test_a_failure_brings_its_error(runtime: LocalRuntime, caller: Caller) -> None:
    runtime.callbacks.fail(begun(caller), updates.ERROR)

    (operation,) = caller.checkpoint()
    assert (operation.status, operation.error) == (OperationStatus.FAILED, updates.ERROR)


def test_an_answer_has_a_suspended_execution_invoked_at_once(runtime: LocalRuntime, caller: Caller) -> None:
    callback_id = begun(caller)
    runtime.run(caller.invocation.arn)

    assert executions.earliest_invocation(runtime.journals.database) is None
    runtime.callbacks.succeed(callback_id)

    assert executions.earliest_invocation(runtime.journals.database) == (
        caller.invocation.arn,
        runtime.journals.clock.now(),
    )


def test_a_callback_is_answered_once(runtime: LocalRuntime, caller: Caller) -> None:
    callback_id = begun(caller)
    runtime.callbacks.succeed(callback_id)

    for answer in (runtime.callbacks.succeed, runtime.callbacks.heartbeat):
        with pytest.raises(CallbackTimeoutError, match="approval of execution nightly is closed") as caught:
            answer(callback_id)
        assert callback_id not in str(caught.value)


def test_a_callback_of_an_ended_execution_takes_no_answer(runtime: LocalRuntime, caller: Caller) -> None:
    callback_id = begun(caller)
    runtime.executions.stop(caller.invocation.arn)

    with pytest.raises(CallbackTimeoutError):
        runtime.callbacks.fail(callback_id, updates.ERROR)


def test_a_heartbeat_puts_off_the_heartbeat_timeout_only(
    runtime: LocalRuntime, caller: Caller, clock: SetClock
) -> None:
    callback_id = begun(caller, timeout=12, heartbeat=5)
    clock.advance(4)
    runtime.callbacks.heartbeat(callback_id)
    clock.advance(4)

    assert caller.checkpoint() == []
    runtime.callbacks.heartbeat(callback_id)
    clock.advance(4)

    (operation,) = caller.checkpoint()
    assert operation.error
    assert operation.error.type == "Callback.Timeout"


def test_an_unknown_callback_is_refused_without_repeating_the_id(runtime: LocalRuntime) -> None:
    with pytest.raises(ResourceNotFoundError) as caught:
        runtime.callbacks.succeed("c2VjcmV0")

    assert "c2VjcmV0" not in str(caught.value)


def test_a_result_over_the_limit_is_refused_and_the_callback_stays_open(runtime: LocalRuntime, caller: Caller) -> None:
    callback_id = begun(caller)

    with pytest.raises(InvalidParameterValueError, match="Result has"):
        runtime.callbacks.succeed(callback_id, "x" * (CALLBACK_RESULT_BYTES + 1))

    runtime.callbacks.succeed(callback_id)
