from collections.abc import Callable
from typing import Any

import pytest

from durable.config import ChildConfig, Duration, RetryStrategy, StepConfig
from durable.delays import RetryDecision
from durable.exceptions import ExecutionError, InvocationError, StepError
from durable.retries import RetryPresets, WithRetryConfig, with_retry
from tests.durable.execution import ExecutionUnderTest, Program, invoke

ROOT = "aws_durable_execution_sdk_python.exceptions"
ONCE = StepConfig(RetryPresets.none())
BARE = WithRetryConfig(RetryPresets.fixed(), wrap_with_run_in_child_context=False)
WRAPPED = WithRetryConfig(RetryPresets.fixed())
Attempt = Callable[[Any, int], object]


def program(func: Attempt, config: WithRetryConfig | None = None, name: str | None = "r") -> Program:
    return lambda _event, context: with_retry(context, func, config, name)


def fails_before(attempt: int) -> Attempt:
    """Operations that raise until an attempt, then give its number."""

    def func(_context: Any, number: int) -> int:
        if number < attempt:
            raise ValueError(f"attempt {number}")
        return number

    return func


def names(execution: ExecutionUnderTest) -> list[str]:
    return [f"{each.operation_type} {each.name or '-'}" for each in execution.operations]


@pytest.mark.parametrize("config", [None, BARE, WRAPPED])
def test_what_succeeds_at_once_is_not_tried_again(config: WithRetryConfig | None) -> None:
    attempts: list[int] = []

    invoked = invoke(program(lambda _context, number: attempts.append(number), config))

    assert (invoked.status, attempts) == ("SUCCEEDED", [1])
    assert not any("WAIT" in line for line in invoked.lines)


@pytest.mark.parametrize(("config", "before"), [(BARE, []), (WRAPPED, ["CONTEXT r"])])
def test_the_waits_between_attempts_are_named_after_the_attempt_they_follow(
    config: WithRetryConfig, before: list[str]
) -> None:
    execution = ExecutionUnderTest()

    ended = execution.run(program(fails_before(3), config))

    assert ended.result == "3"
    assert names(execution) == [*before, "WAIT r-backoff-1", "WAIT r-backoff-2"]


@pytest.mark.parametrize("seconds", [0, 10**9])
def test_a_delay_is_brought_within_what_a_wait_may_last(seconds: int) -> None:
    config = WithRetryConfig(lambda _error, _made: RetryDecision.retry(Duration(seconds)))

    invoked = invoke(program(fails_before(2), config))

    assert invoked.status == "PENDING"
    assert invoked.updates[-1]["WaitOptions"] == {"WaitSeconds": 1 if seconds == 0 else 366 * 24 * 3600}


def test_without_a_name_nothing_has_one() -> None:
    execution = ExecutionUnderTest()

    execution.run(program(fails_before(2), WRAPPED, name=None))

    assert names(execution) == ["CONTEXT -", "WAIT -"]


def test_attempts_in_a_child_context_are_recorded_under_it() -> None:
    execution = ExecutionUnderTest()

    execution.run(program(fails_before(2), WRAPPED))

    wait = execution.operation("r-backoff-1")
    assert wait.parent_id == execution.operation("r").operation_id


def test_the_child_context_of_the_attempts_has_the_settings_given_for_it() -> None:
    config = WithRetryConfig(child_context_config=ChildConfig(sub_type="Retried"))

    assert invoke(program(fails_before(1), config)).updates[0]["SubType"] == "Retried"


def test_a_strategy_is_asked_with_the_error_and_the_number_of_attempts_and_decides_the_delay() -> None:
    asked: list[tuple[str, int]] = []

    def strategy(error: Exception, attempts: int) -> RetryDecision:
        asked.append((str(error), attempts))
        return RetryDecision.retry(Duration(7))

    invoked = invoke(program(fails_before(2), WithRetryConfig(strategy, wrap_with_run_in_child_context=False)))

    assert (invoked.status, asked) == ("PENDING", [("attempt 1", 1)])
    assert invoked.updates[-1]["WaitOptions"] == {"WaitSeconds": 7}


@pytest.mark.parametrize(("strategy", "attempts"), [(None, 3), (RetryPresets.none(), 1), (RetryPresets.fixed(), 5)])
def test_the_last_attempts_error_is_raised_when_there_are_no_more(
    strategy: RetryStrategy | None, attempts: int
) -> None:
    config = WithRetryConfig(strategy, wrap_with_run_in_child_context=False)
    execution = ExecutionUnderTest()

    ended = execution.run(program(fails_before(99), config))

    assert ended.error
    assert (ended.error.message, ended.error.type) == (f"attempt {attempts}", "ValueError")
    assert len(execution.operations) == attempts - 1


def test_the_last_attempts_error_fails_the_child_context_around_it() -> None:
    execution = ExecutionUnderTest()

    ended = execution.run(program(fails_before(99), WRAPPED))

    assert ended.error
    assert (ended.error.message, ended.error.type) == ("attempt 5", f"{ROOT}.ChildContextError")


def test_an_operation_that_failed_is_done_anew_under_the_next_numbers() -> None:
    outcomes = iter([ValueError("down"), None])

    def charge(_step: Any) -> str:
        if error := next(outcomes):
            raise error
        return "charged"

    execution = ExecutionUnderTest()

    ended = execution.run(program(lambda context, _: context.step(charge, name="charge", config=ONCE), BARE))

    assert ended.result == '"charged"'
    assert [f"{each.name} {each.status}" for each in execution.operations] == [
        "charge FAILED",
        "r-backoff-1 SUCCEEDED",
        "charge SUCCEEDED",
    ]


def test_attempts_that_failed_are_replayed_without_doing_their_work_again() -> None:
    done: list[str] = []
    seen: list[tuple[int, str]] = []

    def hopeless(_step: Any) -> None:
        done.append("charge")
        raise ValueError("down")

    def attempt(context: Any, number: int) -> int:
        try:
            context.step(hopeless, name="charge", config=ONCE)
        except StepError as error:
            seen.append((number, str(error)))
            if number < 3:
                raise
        return number

    execution = ExecutionUnderTest()

    ended = execution.run(program(attempt, BARE))

    assert (ended.result, execution.invocations, len(done)) == ("3", 3, 3)
    assert [number for number, _ in seen] == [1, 1, 2, 1, 2, 3]
    assert {text for _, text in seen} == {"down"}


@pytest.mark.parametrize("config", [BARE, WRAPPED])
def test_a_suspension_within_an_attempt_is_no_failure_of_it(config: WithRetryConfig) -> None:
    attempts: list[int] = []

    def attempt(context: Any, number: int) -> None:
        attempts.append(number)
        context.wait(Duration(60), name="pause")

    execution = ExecutionUnderTest()

    ended = execution.run(program(attempt, config))

    assert (ended.error, attempts) == (None, [1, 1])
    assert "r-backoff-1" not in [each.name for each in execution.operations]


@pytest.mark.parametrize("config", [BARE, WRAPPED])
def test_an_error_that_ends_the_execution_is_not_retried(config: WithRetryConfig) -> None:
    def attempt(_context: Any, _number: int) -> None:
        raise ExecutionError("stop")

    invoked = invoke(program(attempt, config))

    assert (invoked.status, invoked.error["ErrorType"]) == ("FAILED", f"{ROOT}.ExecutionError")
    assert not any("WAIT" in line for line in invoked.lines)


@pytest.mark.parametrize("config", [BARE, WRAPPED])
def test_an_error_that_ends_the_invocation_is_not_retried_here_but_by_the_service(config: WithRetryConfig) -> None:
    attempts: list[int] = []

    def attempt(_context: Any, number: int) -> None:
        attempts.append(number)
        raise InvocationError("again")

    with pytest.raises(InvocationError, match="again"):
        invoke(program(attempt, config))

    assert attempts == [1]
