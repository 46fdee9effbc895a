from typing import Any

import pytest

from durable.config import Duration
from durable.exceptions import (
    BotoClientError,
    DurableApiErrorCategory,
    ExecutionError,
    InvocationError,
    SerDesError,
    WaitForConditionError,
)
from durable.model import ErrorObject, OperationAction, OperationType, OperationUpdate, StepOptions
from durable.serdes import DEFAULT_JSON_SERDES
from durable.types import WaitForConditionCheckContext
from durable.waits import WaitForConditionConfig, WaitForConditionDecision
from tests.durable.execution import ExecutionUnderTest, Program, ident, invoke
from tests.durable.recording import SandboxDied

ROOT = "aws_durable_execution_sdk_python.exceptions"
IDENTITY = {"Id": ident(1), "Type": "STEP", "Name": "poll", "SubType": "WaitForCondition"}
BOOM = ErrorObject("boom", "ValueError")


class Check:
    """Adds one to the state, and notes what it was handed; raises what a test wants."""

    def __init__(self, error: BaseException | None = None) -> None:
        self.error = error
        self.seen: list[tuple[int, int]] = []

    def __call__(self, state: int, context: WaitForConditionCheckContext) -> int:
        self.seen.append((state, context.attempt))
        if self.error:
            raise self.error
        return state + 1

    def program(self, threshold: int = 2, seconds: int = 7) -> Program:
        config = WaitForConditionConfig(until(threshold, seconds), initial_state=0, serdes=DEFAULT_JSON_SERDES)
        return lambda _event, context: context.wait_for_condition(self, config, name="poll")


def until(threshold: int, seconds: int) -> Any:
    def strategy(state: int, polls: int) -> WaitForConditionDecision:
        if state >= threshold:
            return WaitForConditionDecision.stop_polling()
        return WaitForConditionDecision.continue_waiting(Duration(seconds))

    return strategy


def recorded(action: OperationAction, payload: str | None = None) -> OperationUpdate:
    return OperationUpdate(
        ident(1),
        OperationType.STEP,
        action,
        name="poll",
        sub_type="WaitForCondition",
        payload=payload,
        error=BOOM if action is OperationAction.FAIL else None,
        step_options=StepOptions(7) if action is OperationAction.RETRY else None,
    )


START, RETRY = OperationAction.START, OperationAction.RETRY
SUCCEED, FAIL = OperationAction.SUCCEED, OperationAction.FAIL


def test_a_state_as_wished_at_the_first_poll_ends_it() -> None:
    check = Check()

    invoked = invoke(check.program(threshold=1))

    assert (invoked.result, check.seen) == (1, [(0, 1)])
    assert invoked.updates == [{**IDENTITY, "Action": "START"}, {**IDENTITY, "Action": "SUCCEED", "Payload": "1"}]


def test_another_state_is_recorded_with_the_delay_and_suspends() -> None:
    invoked = invoke(Check().program())

    assert invoked.status == "PENDING"
    assert invoked.updates == [
        {**IDENTITY, "Action": "START"},
        {**IDENTITY, "Action": "RETRY", "Payload": "1", "StepOptions": {"NextAttemptDelaySeconds": 7}},
    ]


def test_a_delay_of_nothing_is_a_second() -> None:
    _, retry = invoke(Check().program(seconds=0)).updates

    assert retry["StepOptions"] == {"NextAttemptDelaySeconds": 1}


def test_the_next_poll_goes_on_from_the_recorded_state() -> None:
    execution, check = ExecutionUnderTest(), Check()
    execution.given(recorded(START), recorded(RETRY, "41"))
    execution.clock.advance(7)

    invoked = execution.invoke(check.program(threshold=42))

    assert (invoked.result, check.seen) == (42, [(41, 2)])
    assert invoked.lines == ["STEP START poll", "STEP SUCCEED poll"]


def test_a_poll_that_is_not_due_suspends() -> None:
    execution, check = ExecutionUnderTest(), Check()
    execution.given(recorded(START), recorded(RETRY, "1"))
    execution.clock.advance(6)

    invoked = execution.invoke(check.program())

    assert (invoked.status, check.seen, invoked.updates) == ("PENDING", [], [])


def test_a_poll_that_its_invocation_did_not_survive_is_made_again_without_a_second_start() -> None:
    execution, check = ExecutionUnderTest(), Check()
    execution.given(recorded(START))

    invoked = execution.invoke(check.program(threshold=1))

    assert (invoked.lines, check.seen) == (["STEP SUCCEED poll"], [(0, 1)])


def test_a_poll_that_its_invocation_did_not_survive_keeps_the_state_polled_before() -> None:
    execution, seen = ExecutionUnderTest(), list[int]()
    execution.given(recorded(START), recorded(RETRY, "41"))
    execution.clock.advance(7)
    config = WaitForConditionConfig(until(42, 7), initial_state=0, serdes=DEFAULT_JSON_SERDES)

    def program(_event: object, context: Any) -> object:
        def check(state: int, _: WaitForConditionCheckContext) -> int:
            seen.append(state)
            context.step(lambda _: None, name="sends whatever lies in wait")
            if len(seen) == 1:
                raise SandboxDied
            return state + 1

        return context.wait_for_condition(check, config, name="poll")

    with pytest.raises(SandboxDied):
        execution.invoke(program)
    invoked = execution.invoke(program)

    assert (invoked.result, seen) == (42, [41, 41])
    assert invoked.lines == ["STEP START poll", "STEP SUCCEED poll"]


def test_a_condition_that_was_met_is_not_polled_again() -> None:
    execution, check = ExecutionUnderTest(), Check()
    execution.given(recorded(START), recorded(SUCCEED, "5"))

    invoked = execution.invoke(check.program())

    assert (invoked.result, check.seen, invoked.updates) == (5, [], [])


def test_a_condition_that_failed_raises_what_is_recorded() -> None:
    execution, check = ExecutionUnderTest(), Check()
    execution.given(recorded(START), recorded(FAIL))

    invoked = execution.invoke(check.program())

    assert (check.seen, invoked.updates) == ([], [])
    assert invoked.error == {"ErrorMessage": "boom", "ErrorType": f"{ROOT}.WaitForConditionError"}


@pytest.mark.parametrize(
    ("error", "recorded_type"),
    [
        (ValueError("boom"), "ValueError"),
        (ExecutionError("boom"), f"{ROOT}.ExecutionError"),
        (BotoClientError("boom", DurableApiErrorCategory.EXECUTION), f"{ROOT}.BotoClientError"),
    ],
)
def test_what_the_check_raises_is_recorded_and_not_tried_again(error: Exception, recorded_type: str) -> None:
    caught: list[WaitForConditionError] = []

    def program(event: object, context: Any) -> None:
        try:
            Check(error).program()(event, context)
        except WaitForConditionError as raised:
            caught.append(raised)

    invoked = invoke(program)

    assert invoked.status == "SUCCEEDED"
    assert invoked.lines == ["STEP START poll", "STEP FAIL poll"]
    assert invoked.updates[1]["Error"]["ErrorType"] == recorded_type
    assert [(raised.message, raised.error_type) for raised in caught] == [("boom", recorded_type)]


def test_a_condition_returns_what_its_replay_will_return() -> None:
    config = WaitForConditionConfig[Any](
        lambda *_: WaitForConditionDecision.stop_polling(), initial_state=None, serdes=DEFAULT_JSON_SERDES
    )
    results: list[object] = []

    def program(_event: object, context: Any) -> None:
        results.append(context.wait_for_condition(lambda *_: (1, 2), config, name="poll"))
        context.wait(Duration(60))

    execution = ExecutionUnderTest()
    execution.invoke(program)
    execution.invoke(program)

    assert results == [[1, 2], [1, 2]]


def test_an_error_that_may_pass_ends_only_the_invocation() -> None:
    execution = ExecutionUnderTest()

    with pytest.raises(InvocationError, match="later"):
        execution.invoke(Check(InvocationError("later")).program())

    assert execution.invoke(Check().program(threshold=1)).result == 1


def test_a_state_that_cannot_be_written_is_a_failure() -> None:
    config = WaitForConditionConfig[object](until(1, 1), initial_state=object(), serdes=DEFAULT_JSON_SERDES)

    invoked = invoke(lambda _event, context: context.wait_for_condition(lambda state, _: state, config, name="poll"))

    assert invoked.lines == ["STEP START poll", "STEP FAIL poll"]
    assert invoked.error["ErrorType"] == f"{ROOT}.SerDesError"


@pytest.mark.parametrize("letters", [300_000, 7_000_000])
def test_a_state_too_large_for_a_checkpoint_fails_the_condition_and_can_be_caught(letters: int) -> None:
    config = WaitForConditionConfig(until(1, 1), initial_state="")

    def program(_event: object, context: Any) -> str:
        try:
            context.wait_for_condition(lambda *_: "x" * letters, config, name="poll")
        except SerDesError as error:
            return str(error)
        return "recorded"

    invoked = invoke(program)

    assert f"The state of condition poll takes {letters + 2} bytes, a checkpoint holds 262144" in invoked.result
    assert invoked.lines == ["STEP START poll", "STEP FAIL poll"]


def test_a_large_initial_state_may_become_a_smaller_one() -> None:
    config = WaitForConditionConfig[Any](until(0, 1), initial_state="x" * 300_000)

    assert invoke(lambda _event, context: context.wait_for_condition(lambda *_: 1, config)).result == 1


def test_a_strategy_that_changes_the_state_changes_neither_the_record_nor_the_result() -> None:
    def strategy(state: list[int], polls: int) -> WaitForConditionDecision:
        state.append(polls)
        return WaitForConditionDecision.stop_polling()

    config = WaitForConditionConfig[list[int]](strategy, initial_state=[])

    invoked = invoke(lambda _event, context: context.wait_for_condition(lambda state, _: state, config))

    assert (invoked.result, invoked.updates[1]["Payload"]) == ([], "[]")


def test_a_condition_polls_until_it_is_met() -> None:
    execution, check = ExecutionUnderTest(), Check()
    began = execution.clock.now()

    ended = execution.run(check.program(threshold=3))

    assert (ended.status, ended.result, ended.invocations) == ("SUCCEEDED", "3", 3)
    assert check.seen == [(0, 1), (1, 2), (2, 3)]
    assert (execution.clock.now() - began).total_seconds() == 14
