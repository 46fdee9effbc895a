import threading
from collections.abc import Callable
from typing import Any

import pytest

from durable import StepContext
from durable.config import StepConfig, StepSemantics
from durable.delays import Duration, RetryDecision
from durable.exceptions import ExecutionError, RetryableSerDesError, SerDesError, StepError
from durable.model import CheckpointOutput
from durable.retries import RetryPresets
from durable.serdes import SerDes, SerDesContext
from tests.durable.execution import ExecutionUnderTest, ident, invoke
from tests.durable.recording import PATIENCE, Call
from tests.durable.updates import step

ROOT = "aws_durable_execution_sdk_python.exceptions"
ONCE = StepConfig(RetryPresets.none())
AT_MOST_ONCE = StepConfig(RetryPresets.none(), StepSemantics.AT_MOST_ONCE_PER_RETRY)
RETRIED = StepConfig(RetryPresets.fixed(Duration(5)))
RETRIED_AT_MOST_ONCE = StepConfig(RetryPresets.fixed(Duration(5)), StepSemantics.AT_MOST_ONCE_PER_RETRY)


class Work:
    """A step's function: notes its attempts, and gives or raises what a test wants."""

    def __init__(self, outcome: object = 1) -> None:
        self.outcome = outcome
        self.attempts: list[int] = []

    def __call__(self, context: StepContext) -> Any:
        self.attempts.append(context.attempt)
        if isinstance(self.outcome, BaseException):
            raise self.outcome
        return self.outcome

    def program(self, config: StepConfig | None = None) -> Callable[[Any, Any], Any]:
        return lambda _event, context: context.step(self, name="s", config=config)


def test_a_new_step_starts_runs_and_succeeds() -> None:
    work = Work()

    invoked = invoke(work.program())

    assert (invoked.status, invoked.result, work.attempts) == ("SUCCEEDED", 1, [1])
    identity = {"Id": ident(1), "Type": "STEP", "Name": "s", "SubType": "Step"}
    assert invoked.updates == [{**identity, "Action": "START"}, {**identity, "Action": "SUCCEED", "Payload": "1"}]


def test_an_at_most_once_step_is_durably_started_before_it_runs() -> None:
    execution = ExecutionUnderTest()
    seen: list[str] = []

    def program(_event: object, context: Any) -> Any:
        return context.step(lambda _: seen.append(execution.operation("s").status), name="s", config=AT_MOST_ONCE)

    invoked = execution.invoke(program)

    assert seen == ["STARTED"]
    assert [len(batch) for batch in invoked.batches] == [1, 1]


def test_a_step_that_takes_its_time_is_visible_meanwhile() -> None:
    execution, arrived = ExecutionUnderTest(), threading.Event()

    def tell(call: Call) -> CheckpointOutput:
        output = call()
        arrived.set()
        return output

    execution.service.faults[1] = tell

    invoked = execution.invoke(lambda _event, context: context.step(lambda _: arrived.wait(PATIENCE), name="s"))

    assert invoked.result is True
    assert [len(batch) for batch in invoked.batches] == [1, 1]


@pytest.mark.parametrize("config", [None, AT_MOST_ONCE])
def test_a_step_that_succeeded_is_not_run_again(config: StepConfig | None) -> None:
    execution, work = ExecutionUnderTest(), Work()
    execution.given(step("SUCCEED", payload='{"t":"d","v":"1.10"}'))

    invoked = execution.invoke(lambda _event, context: str(context.step(work, name="s", config=config)))

    assert (invoked.result, work.attempts, invoked.batches) == ("1.10", [], [])


def test_a_step_that_failed_raises_what_is_recorded() -> None:
    execution, work = ExecutionUnderTest(), Work()
    execution.given(step("FAIL"))
    caught: list[StepError] = []

    def program(_event: object, context: Any) -> None:
        try:
            context.step(work, name="s")
        except StepError as error:
            caught.append(error)

    invoked = execution.invoke(program)

    assert [(error.message, error.error_type) for error in caught] == [("boom", "ValueError")]
    assert (work.attempts, invoked.batches) == ([], [])


def test_a_step_that_an_invocation_left_running_runs_again_without_a_second_start() -> None:
    execution, work = ExecutionUnderTest(), Work()
    execution.given(step("START"))

    invoked = execution.invoke(work.program())

    assert (invoked.result, work.attempts) == (1, [1])
    assert invoked.lines == ["STEP SUCCEED s"]


def test_an_at_most_once_step_that_an_invocation_left_running_counts_as_failed() -> None:
    execution, work = ExecutionUnderTest(), Work()
    execution.given(step("START"))

    invoked = execution.invoke(work.program(AT_MOST_ONCE))

    assert work.attempts == []
    assert invoked.lines == ["STEP FAIL s"]
    assert invoked.updates[0]["Error"]["ErrorType"] == f"{ROOT}.StepInterruptedError"
    assert (invoked.status, invoked.error["ErrorType"]) == ("FAILED", f"{ROOT}.StepError")


def test_an_interrupted_at_most_once_attempt_is_retried_as_the_strategy_says() -> None:
    execution, work = ExecutionUnderTest(), Work()
    execution.given(step("START"))

    interrupted = execution.invoke(work.program(RETRIED_AT_MOST_ONCE))
    execution.clock.advance(5)
    retried = execution.invoke(work.program(RETRIED_AT_MOST_ONCE))

    assert (interrupted.status, interrupted.lines) == ("PENDING", ["STEP RETRY s"])
    assert (retried.result, retried.lines) == (1, ["STEP START s", "STEP SUCCEED s"])
    assert work.attempts == [2]


@pytest.mark.parametrize("config", [RETRIED, RETRIED_AT_MOST_ONCE])
def test_a_step_whose_next_attempt_is_not_due_waits_for_it(config: StepConfig) -> None:
    execution, work = ExecutionUnderTest(), Work()
    execution.given(step("START"), step("RETRY"))

    invoked = execution.invoke(work.program(config))

    assert (invoked.status, work.attempts, invoked.updates) == ("PENDING", [], [])


@pytest.mark.parametrize("config", [RETRIED, RETRIED_AT_MOST_ONCE])
def test_a_step_whose_next_attempt_is_due_starts_again_with_the_next_number(config: StepConfig) -> None:
    execution, work = ExecutionUnderTest(), Work()
    execution.given(step("START"), step("RETRY"))
    execution.clock.advance(5)

    invoked = execution.invoke(work.program(config))

    assert (invoked.result, work.attempts) == (1, [2])
    assert invoked.lines == ["STEP START s", "STEP SUCCEED s"]


def test_a_failed_attempt_is_recorded_with_its_delay_and_ends_the_invocation() -> None:
    work = Work(ValueError("boom"))

    invoked = invoke(work.program(RETRIED))

    assert invoked.status == "PENDING"
    assert invoked.lines == ["STEP START s", "STEP RETRY s"]
    assert invoked.updates[1]["Error"] == {"ErrorMessage": "boom", "ErrorType": "ValueError"}
    assert invoked.updates[1]["StepOptions"] == {"NextAttemptDelaySeconds": 5}
    assert "Payload" not in invoked.updates[1]


def test_a_strategy_is_asked_with_the_error_and_the_attempts_made() -> None:
    asked: list[tuple[str, int]] = []

    def strategy(error: Exception, attempts: int) -> RetryDecision:
        asked.append((str(error), attempts))
        return RetryDecision.retry(Duration(0)) if attempts < 3 else RetryDecision.no_retry()

    execution, work = ExecutionUnderTest(), Work(ValueError("boom"))

    ended = execution.run(work.program(StepConfig(strategy)))

    assert asked == [("boom", 1), ("boom", 2), ("boom", 3)]
    assert work.attempts == [1, 2, 3]
    assert ended.status == "FAILED"
    assert execution.operation("s").step_details


def test_a_delay_is_at_least_a_second() -> None:
    work = Work(ValueError("boom"))

    invoked = invoke(work.program(StepConfig(lambda _error, _attempts: RetryDecision.retry(Duration(0)))))

    assert invoked.updates[1]["StepOptions"] == {"NextAttemptDelaySeconds": 1}


def test_a_step_has_six_attempts_unless_said_otherwise() -> None:
    execution, work = ExecutionUnderTest(), Work(ValueError("boom"))

    execution.run(work.program())

    assert work.attempts == [1, 2, 3, 4, 5, 6]


def test_the_last_failure_is_recorded_and_raised_as_the_steps_error() -> None:
    invoked = invoke(Work(ValueError("boom")).program(ONCE))

    assert invoked.lines == ["STEP START s", "STEP FAIL s"]
    assert invoked.updates[1]["Error"] == {"ErrorMessage": "boom", "ErrorType": "ValueError"}
    assert invoked.error == {"ErrorMessage": "boom", "ErrorType": f"{ROOT}.StepError"}


def test_a_result_that_cannot_be_written_is_not_tried_again() -> None:
    work = Work(object())

    invoked = invoke(work.program())

    assert work.attempts == [1]
    assert invoked.updates[1]["Error"] == {
        "ErrorMessage": "Unsupported type: <class 'object'>",
        "ErrorType": f"{ROOT}.SerDesError",
    }
    assert invoked.error["ErrorType"] == f"{ROOT}.SerDesError"


def test_a_result_too_large_for_a_checkpoint_fails_at_once_and_says_what_to_do() -> None:
    work = Work("x" * 262_143)

    invoked = invoke(work.program())

    assert work.attempts == [1]
    assert invoked.lines == ["STEP START s", "STEP FAIL s"]
    assert "takes 262145 bytes, a checkpoint holds 262144" in invoked.error["ErrorMessage"]


def test_the_largest_result_is_recorded() -> None:
    invoked = invoke(lambda _event, context: len(context.step(lambda _: "x" * 262_142)))

    assert invoked.result == 262_142


def test_a_step_may_fail_with_a_serdes_error_of_its_own() -> None:
    work = Work(SerDesError("mine"))

    invoked = invoke(work.program())

    assert work.attempts == [1]
    assert invoked.lines == ["STEP START s", "STEP FAIL s"]
    assert invoked.error == {"ErrorMessage": "mine", "ErrorType": f"{ROOT}.SerDesError"}


def test_an_execution_error_ends_the_execution_and_is_not_recorded_with_the_step() -> None:
    work = Work(ExecutionError("enough"))

    invoked = invoke(work.program())

    assert invoked.error == {"ErrorMessage": "enough", "ErrorType": f"{ROOT}.ExecutionError"}
    assert "STEP FAIL s" not in invoked.lines
    assert "STEP RETRY s" not in invoked.lines


@pytest.mark.parametrize("error", [RetryableSerDesError("later"), KeyboardInterrupt(), SystemExit(1)])
def test_what_may_pass_leaves_the_handler_and_nothing_is_recorded(error: BaseException) -> None:
    execution = ExecutionUnderTest()

    with pytest.raises(type(error)):
        execution.invoke(Work(error).program())

    assert {update.action for batch in execution.service.batches for update in batch} <= {"START"}


def test_a_strategy_that_raises_fails_the_execution() -> None:
    def strategy(_error: Exception, _attempts: int) -> RetryDecision:
        raise LookupError("no strategy")

    invoked = invoke(Work(ValueError("boom")).program(StepConfig(strategy)))

    assert invoked.error == {"ErrorMessage": "no strategy", "ErrorType": "LookupError"}


class Euros(SerDes[str]):
    """Writes text as it is; a € takes three bytes."""

    def serialize(self, value: str, serdes_context: SerDesContext) -> str:
        return value

    def deserialize(self, data: str, serdes_context: SerDesContext) -> str:
        return data


def test_a_result_is_measured_in_bytes() -> None:
    work = Work("€" * 100_000)

    invoked = invoke(work.program(StepConfig(serdes=Euros())))

    assert "takes 300000 bytes" in invoked.error["ErrorMessage"]


@pytest.mark.parametrize("semantics", list(StepSemantics))
def test_a_step_records_under_a_subtype_of_its_own(semantics: StepSemantics) -> None:
    config = StepConfig(None, semantics, sub_type="Charge")

    invoked = invoke(Work().program(config))

    assert {update["SubType"] for update in invoked.updates} == {"Charge"}
