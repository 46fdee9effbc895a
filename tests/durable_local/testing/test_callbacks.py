"""The outside of an execution: callbacks that tests answer, functions that it invokes."""

from typing import Any

import pytest

from durable import DurableContext, durable_execution
from durable.config import CallbackConfig, Duration, WaitForCallbackConfig
from durable.model import ErrorObject
from durable.retries import RetryDecision
from durable_local.testing import CallbackNotOpenError, DurableFunctionTestRunner

HOUR = Duration.from_hours(1)


@durable_execution
def approving(event: Any, context: DurableContext) -> Any:
    context.wait(HOUR, name="before")
    return context.wait_for_callback(
        lambda callback_id, _: None, name="approval", config=WaitForCallbackConfig(timeout=HOUR)
    )


@durable_execution
def two_at_once(event: Any, context: DurableContext) -> Any:
    callback = context.create_callback(name="slow", config=CallbackConfig(timeout=HOUR, heartbeat_timeout=HOUR))
    context.wait(Duration.from_days(2), name="later")
    return callback.result()


def test_a_callback_is_answered_by_its_name() -> None:
    with DurableFunctionTestRunner(approving) as runner:
        arn = runner.run_async()
        runner.send_callback_success(runner.wait_for_callback(arn, "approval"), {"by": "Ada"})

        result = runner.wait_for_result(arn)

    assert (result.status, result.result) == ("SUCCEEDED", '{"by": "Ada"}')
    assert result.get_wait("before").status == "SUCCEEDED"


def test_a_callback_is_refused_with_an_error() -> None:
    with DurableFunctionTestRunner(approving) as runner:
        arn = runner.run_async()
        runner.send_callback_failure(runner.wait_for_callback(arn), ErrorObject("too dear", "Refused"))

        result = runner.wait_for_result(arn)

    assert result.error
    assert (result.status, result.error.message) == ("FAILED", "too dear")


def test_time_stands_still_while_a_callback_is_open_and_passes_with_the_result() -> None:
    with DurableFunctionTestRunner(two_at_once) as runner:
        arn = runner.run_async()
        runner.send_callback_heartbeat(runner.wait_for_callback(arn, "slow"))
        before = runner.result(arn)

        after = runner.wait_for_result(arn)

    assert (before.status, before.get_callback("slow").status) == ("RUNNING", "STARTED")
    assert (after.status, after.get_callback("slow").status) == ("FAILED", "TIMED_OUT")


def test_no_callback_of_an_execution_that_has_failed_is_open() -> None:
    def submitting(_callback_id: str, _context: object) -> None:
        raise ValueError("nobody to ask")

    config = WaitForCallbackConfig(retry_strategy=lambda _error, _attempt: RetryDecision.no_retry())
    handler = durable_execution(lambda _event, context: context.wait_for_callback(submitting, "approval", config))

    with DurableFunctionTestRunner(handler) as runner:
        arn = runner.run_async()

        with pytest.raises(CallbackNotOpenError, match="the execution is FAILED, and open are: none"):
            runner.wait_for_callback(arn)


def test_a_callback_that_is_not_open_is_answered_with_those_that_are() -> None:
    with DurableFunctionTestRunner(approving) as runner:
        arn = runner.run_async()
        runner.wait_for_callback(arn)

        with pytest.raises(CallbackNotOpenError, match=r"No callback 'payment' waits.*FAILED, and open are: none"):
            runner.wait_for_callback(arn, "payment")


def test_registered_functions_are_invoked_durable_or_plain() -> None:
    @durable_execution
    def caller(event: Any, context: DurableContext) -> Any:
        return [context.invoke("double", 2, name="durably"), context.invoke("halve", 2, name="plainly")]

    @durable_execution
    def double(event: int, context: DurableContext) -> int:
        return context.step(lambda _: event * 2, name="times")

    with DurableFunctionTestRunner(caller) as runner:
        runner.register_function("double", double).register_function("halve", lambda event, _: event / 2)

        result = runner.run()

    assert result.result == [4, 1.0]
    assert result.get_invoke("plainly").result == 1.0
