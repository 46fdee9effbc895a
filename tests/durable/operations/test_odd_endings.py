"""What operations make of an end that only others come to, or that a newer service has learned."""

from dataclasses import replace
from typing import Any

import pytest

from durable.config import Duration
from durable.envelope import InitialExecutionState
from durable.execution import durable_execution
from durable.model import Operation, OperationStatus, OperationType
from durable.waits import WaitForConditionConfig, WaitForConditionDecision
from tests.durable.execution import ExecutionUnderTest, Json, Program, presented

POLLING = WaitForConditionConfig[Any](lambda *_: WaitForConditionDecision.stop_polling(), initial_state=0)
PROGRAMS: dict[str, Program] = {
    "step": lambda _, context: context.step(lambda _: 1, name="x"),
    "wait": lambda _, context: context.wait(Duration(1), name="x"),
    "callback": lambda _, context: context.create_callback(name="x").result(),
    "condition": lambda _, context: context.wait_for_condition(lambda *_: 1, POLLING, name="x"),
    "invoke": lambda _, context: context.invoke("target", 1, name="x"),
    "child": lambda _, context: context.run_in_child_context(lambda _: 1, name="x"),
    "branch": lambda _, context: context.parallel([lambda _: 1], name="x").throw_if_error(),
}


def begun(program: Program) -> ExecutionUnderTest:
    """An execution whose first operation has begun, and no more."""
    finished, execution = ExecutionUnderTest(), ExecutionUnderTest()
    finished.invoke(program)
    execution.given(finished.service.batches[0][0])
    return execution


def told(execution: ExecutionUnderTest, program: Program, **members: Any) -> Json:
    """The answer where the service says something else of the operation."""
    event = presented(execution.begin(), execution.service)

    def changed(operation: Operation) -> Operation:
        return operation if operation.operation_type is OperationType.EXECUTION else replace(operation, **members)

    operations = [changed(operation) for operation in event.initial_execution_state.operations]
    event = replace(event, initial_execution_state=InitialExecutionState(operations))
    return durable_execution(program)(event, None)


@pytest.mark.parametrize("kind", PROGRAMS)
@pytest.mark.parametrize("status", ["CANCELLED", "STOPPED", "MELTED"])
def test_an_operation_that_ended_in_an_odd_way_fails_and_says_how(kind: str, status: str) -> None:
    execution = begun(PROGRAMS[kind])

    answer = told(execution, PROGRAMS[kind], status=OperationStatus(status), chained_invoke_details=None)

    assert answer["Status"] == "FAILED"
    assert "x" in answer["Error"]["ErrorMessage"].split()
    assert status in answer["Error"]["ErrorMessage"]


@pytest.mark.parametrize("kind", PROGRAMS)
def test_an_operation_of_a_type_that_a_newer_service_knows_is_another_one(kind: str) -> None:
    execution = begun(PROGRAMS[kind])

    answer = told(execution, PROGRAMS[kind], operation_type=OperationType("SAGA"))

    assert answer["Status"] == "FAILED"
    assert "type checkpoint='SAGA'" in answer["Error"]["ErrorMessage"]


def test_an_unknown_operation_that_the_code_does_not_touch_is_passed_over() -> None:
    execution = begun(PROGRAMS["step"])
    event = presented(execution.begin(), execution.service)
    unknown = Operation(
        "of-the-service-itself", OperationType("SAGA"), OperationStatus("MELTED"), parent_id="elsewhere"
    )
    state = InitialExecutionState([*event.initial_execution_state.operations, unknown])

    answer = durable_execution(PROGRAMS["step"])(replace(event, initial_execution_state=state), None)

    assert (answer["Status"], answer["Result"]) == ("SUCCEEDED", "1")
