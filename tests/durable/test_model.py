import pytest

from durable.exceptions import (
    ChildContextError,
    DurableOperationError,
    RecordedError,
    SerDesError,
    StepError,
)
from durable.model import (
    CallbackDetails,
    ContextDetails,
    ErrorObject,
    Operation,
    OperationStatus,
    OperationType,
    StepDetails,
)

ROOT = "aws_durable_execution_sdk_python.exceptions"


class UnreadableError(SerDesError):
    """A user's own kind of SerDesError."""


@pytest.mark.parametrize(
    ("error", "recorded"),
    [
        (ValueError("boom"), ErrorObject("boom", "ValueError")),
        (KeyError("k"), ErrorObject("'k'", "KeyError")),
        (StepError("boom", "ValueError", "data", ["line"]), ErrorObject("boom", f"{ROOT}.StepError", "data", ["line"])),
        (SerDesError("no"), ErrorObject("no", f"{ROOT}.SerDesError")),
        (UnreadableError("no"), ErrorObject("no", f"{ROOT}.SerDesError")),
    ],
)
def test_an_error_is_recorded_as_its_text_and_class(error: Exception, recorded: ErrorObject) -> None:
    assert ErrorObject.from_exception(error) == recorded


def test_a_line_of_where_an_error_was_raised_is_short() -> None:
    try:
        exec(compile("raise ValueError", "f" * 1_000, "exec"))  # noqa: S102 - a file of a very long name
    except ValueError as error:
        recorded = ErrorObject.from_exception(error)

    assert recorded.stack_trace is not None
    assert max(map(len, recorded.stack_trace)) == 300


def test_of_where_a_recorded_error_was_raised_the_innermost_lines_are_kept() -> None:
    lines = [f"{number} {'f' * 1_000}" for number in range(1_000)]

    recorded = ErrorObject.from_exception(StepError("boom", "ValueError", stack_trace=lines))

    assert recorded.stack_trace == [line[:300] for line in lines[-10:]]


def raised(error: ErrorObject, as_class: type[RecordedError]) -> RecordedError:
    with pytest.raises(RecordedError) as caught:
        error.raise_as(as_class)
    return caught.value


def test_a_recorded_error_is_raised_as_the_operations_error_from_the_recorded_one() -> None:
    error = raised(ErrorObject("division by zero", f"{ROOT}.StepError", "data", ["line"]), ChildContextError)

    assert type(error) is ChildContextError
    assert (error.message, error.error_type, error.data) == ("division by zero", f"{ROOT}.StepError", "data")
    assert type(error.__cause__) is StepError
    assert error.__cause__.__cause__ is None


def test_an_error_of_the_users_own_has_the_base_class_for_its_cause() -> None:
    error = raised(ErrorObject("boom", "shop.OrderError"), StepError)

    assert type(error) is StepError
    assert type(error.__cause__) is DurableOperationError
    assert str(error.__cause__) == "boom"


def test_a_failure_to_write_or_read_is_raised_as_one() -> None:
    assert type(raised(ErrorObject("no", f"{ROOT}.SerDesError"), StepError)) is SerDesError


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
