import time
from datetime import UTC, datetime

import pytest
from botocore.exceptions import ParamValidationError

from durable import exceptions
from durable.concurrency.models import BatchCompletionError
from durable.exceptions import (
    BackgroundThreadError,
    CheckpointError,
    ChildContextError,
    DurableOperationError,
    ExecutionError,
    InvocationError,
    NonDeterministicExecutionError,
    OrphanedChildException,
    RetryableSerDesError,
    SerDesError,
    StepError,
    StepInterruptedError,
    SuspendExecution,
    TimedSuspendExecution,
    operation_error,
    wire_name,
)
from durable.outcomes import Outcome, TerminationReason
from tests.durable import recording
from tests.durable.recording import ApiError

ROOT = "aws_durable_execution_sdk_python"


class OrderError(Exception):
    """An error of a user's own."""


@pytest.mark.parametrize(
    ("error", "name"),
    [
        (ValueError, "ValueError"),
        (StepError, f"{ROOT}.exceptions.StepError"),
        (SerDesError, f"{ROOT}.exceptions.SerDesError"),
        (CheckpointError, f"{ROOT}.exceptions.CheckpointError"),
        (BatchCompletionError, f"{ROOT}.concurrency.models.BatchCompletionError"),
        (OrderError, f"{__name__}.OrderError"),
    ],
)
def test_an_error_is_recorded_under_the_name_the_official_sdk_gives_it(error: type[Exception], name: str) -> None:
    assert wire_name(error) == name


@pytest.mark.parametrize(
    "name",
    [
        "StepError",
        "InvokeError",
        "ChildContextError",
        "WaitForConditionError",
        "CallbackError",
        "CallbackExternalError",
        "CallbackTimeoutError",
        "CallbackSubmitterError",
    ],
)
def test_the_class_of_a_recorded_error_is_found_by_its_name(name: str) -> None:
    assert operation_error(f"{ROOT}.exceptions.{name}") is getattr(exceptions, name)


@pytest.mark.parametrize("name", [None, "", "ValueError", f"{ROOT}.exceptions.SuspendExecution"])
def test_any_other_recorded_error_is_rebuilt_as_the_base_class(name: str | None) -> None:
    assert operation_error(name) is DurableOperationError


@pytest.mark.parametrize(
    ("failure", "outcome"),
    [
        (recording.THROTTLED, Outcome.RAISE),
        (recording.FAULT, Outcome.RAISE),
        (recording.STALE_TOKEN, Outcome.RAISE),
        (recording.BAD_REQUEST, Outcome.FAILED),
        (recording.FORBIDDEN, Outcome.FAILED),
        (recording.NOT_FOUND, Outcome.FAILED),
        (recording.KMS_DISABLED, Outcome.FAILED),
    ],
)
def test_an_api_error_ends_the_execution_only_if_it_will_not_pass(
    failure: tuple[int, str, str], outcome: Outcome
) -> None:
    error = CheckpointError.from_exception(ApiError(*failure))

    assert error.outcome is outcome
    assert error.is_retryable() is error.is_retriable() is (outcome is Outcome.RAISE)


@pytest.mark.parametrize(
    "cause", [TimeoutError("read"), ConnectionResetError("reset"), ValueError("Parameter validation failed")]
)
def test_an_error_without_a_response_may_pass(cause: Exception) -> None:
    assert CheckpointError.from_exception(cause).outcome is Outcome.RAISE


def test_a_call_that_boto3_itself_refuses_is_not_made_in_another_invocation_either() -> None:
    cause = ParamValidationError(report="Invalid length for parameter FunctionName, value: 0")

    error = CheckpointError.from_exception(cause)

    assert error.outcome is Outcome.FAILED


def test_an_api_error_can_be_logged_with_what_identifies_the_call() -> None:
    error = CheckpointError.from_exception(ApiError(*recording.FORBIDDEN))

    extras = error.build_logger_extras()

    assert extras["Error"] == {"Code": "AccessDeniedException", "Message": "Not authorized"}
    assert extras["ResponseMetadata"] == {"HTTPStatusCode": 403}
    assert CheckpointError("plain").build_logger_extras() == {}


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (ExecutionError("x"), Outcome.FAILED),
        (NonDeterministicExecutionError("x"), Outcome.FAILED),
        (InvocationError("x"), Outcome.RAISE),
        (StepInterruptedError("x"), Outcome.RAISE),
        (RetryableSerDesError("x"), Outcome.RAISE),
        (SuspendExecution("x"), Outcome.PENDING),
        (TimedSuspendExecution("x", 1.0), Outcome.PENDING),
        (OrphanedChildException("x", "id"), Outcome.FAILED),
        (BackgroundThreadError("x", ValueError("x")), Outcome.RAISE),
        (BackgroundThreadError("x", CheckpointError.from_exception(ApiError(*recording.FORBIDDEN))), Outcome.FAILED),
        (BackgroundThreadError("x", CheckpointError.from_exception(ApiError(*recording.FAULT))), Outcome.RAISE),
    ],
)
def test_an_error_knows_what_it_makes_of_the_invocation(error: BaseException, outcome: Outcome) -> None:
    assert getattr(error, "outcome", None) is outcome


@pytest.mark.parametrize(
    "error", [SuspendExecution, TimedSuspendExecution, BackgroundThreadError, OrphanedChildException]
)
def test_what_steers_the_invocation_is_not_caught_by_except_exception(error: type[BaseException]) -> None:
    assert not issubclass(error, Exception)


def test_an_error_has_the_termination_reason_of_its_kind() -> None:
    assert ExecutionError("x").termination_reason is TerminationReason.EXECUTION_ERROR
    assert InvocationError("x").termination_reason is TerminationReason.INVOCATION_ERROR
    assert StepInterruptedError("x", "id").termination_reason is TerminationReason.STEP_INTERRUPTED
    assert NonDeterministicExecutionError("x").termination_reason is TerminationReason.NON_DETERMINISTIC_EXECUTION
    assert RetryableSerDesError("x").termination_reason is TerminationReason.SERIALIZATION_ERROR


def test_an_operations_error_has_the_type_of_its_class_unless_one_is_recorded() -> None:
    assert StepError("boom").error_type == f"{ROOT}.exceptions.StepError"
    assert StepError("boom", "ValueError").error_type == "ValueError"


def test_an_operations_error_is_rebuilt_from_its_fields() -> None:
    error = ChildContextError.from_error_fields("boom", "ValueError", "data", ["line"])

    assert (str(error), error.message, error.error_type) == ("boom", "boom", "ValueError")
    assert (error.data, error.stack_trace) == ("data", ["line"])


def test_a_timed_suspension_is_made_from_a_moment_or_a_delay() -> None:
    moment = datetime(2100, 1, 1, tzinfo=UTC)
    before = time.time()

    assert TimedSuspendExecution.from_datetime("x", moment).scheduled_timestamp == moment.timestamp()
    assert before + 60 <= TimedSuspendExecution.from_delay("x", 60).scheduled_timestamp <= time.time() + 60
