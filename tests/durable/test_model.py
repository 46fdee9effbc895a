import pytest

from durable.model import (
    CallbackDetails,
    ContextDetails,
    ErrorObject,
    Operation,
    OperationStatus,
    OperationType,
    StepDetails,
)


@pytest.mark.parametrize("status", list(OperationStatus))
def test_an_operation_has_ended_unless_it_is_started_pending_or_ready(status: OperationStatus) -> None:
    assert status.is_terminal is (status not in {"STARTED", "PENDING", "READY"})


@pytest.mark.parametrize(
    ("operation", "result"),
    [
        (Operation("a", OperationType.STEP, OperationStatus.SUCCEEDED, step_details=StepDetails(1, result="1")), "1"),
        (
            Operation(
                "a", OperationType.CONTEXT, OperationStatus.SUCCEEDED, context_details=ContextDetails(result="2")
            ),
            "2",
        ),
        (
            Operation(
                "a", OperationType.CALLBACK, OperationStatus.SUCCEEDED, callback_details=CallbackDetails("c", "3")
            ),
            "3",
        ),
        (Operation("a", OperationType.WAIT, OperationStatus.SUCCEEDED), None),
    ],
)
def test_the_result_of_an_operation_is_found_whatever_its_kind(operation: Operation, result: str | None) -> None:
    assert operation.result == result


def test_the_error_of_an_operation_is_found_whatever_its_kind() -> None:
    boom = ErrorObject("boom")

    failed = Operation("a", OperationType.CONTEXT, OperationStatus.FAILED, context_details=ContextDetails(error=boom))

    assert failed.error is boom
