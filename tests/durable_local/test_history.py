"""Events in the shapes that AWS's requirements state."""

from datetime import timedelta
from typing import Any

import pytest

from durable.model import ErrorObject, ExecutionDetails, Operation, OperationStatus, OperationType, OperationUpdate
from durable.wire import seconds
from durable_local import history
from durable_local.transitions import apply, complete, fire
from tests.durable_local import updates
from tests.fakes.clock import START

RESULT_7 = {"Result": {"Payload": "7", "Truncated": False}}
BOOM = {"Error": {"Payload": {"ErrorMessage": "boom", "ErrorType": "ValueError"}, "Truncated": False}}
LATER = START + timedelta(seconds=60)


def requested(update: OperationUpdate, before: Operation | None = None) -> dict[str, Any]:
    operation = apply(before, update, START, "cb-1")
    return history.shown(history.requested(update, operation, START), 2)


@pytest.mark.parametrize(
    ("update", "kind", "details"),
    [
        (updates.step("START"), "StepStarted", {}),
        (updates.step("SUCCEED", payload="7"), "StepSucceeded", RESULT_7 | {"RetryDetails": {"CurrentAttempt": 1}}),
        (updates.step("FAIL"), "StepFailed", BOOM | {"RetryDetails": {"CurrentAttempt": 1}}),
        (
            updates.retry(delay=5),
            "StepFailed",
            BOOM | {"RetryDetails": {"CurrentAttempt": 1, "NextAttemptDelaySeconds": 5}},
        ),
        (
            updates.retry(delay=2, payload="7"),
            "StepSucceeded",
            RESULT_7 | {"RetryDetails": {"CurrentAttempt": 1, "NextAttemptDelaySeconds": 2}},
        ),
        (updates.wait(seconds=60), "WaitStarted", {"Duration": 60, "ScheduledEndTimestamp": seconds(LATER)}),
        (updates.callback(), "CallbackStarted", {"CallbackId": "cb-1"}),
        (
            updates.callback(timeout=5, heartbeat=3),
            "CallbackStarted",
            {"CallbackId": "cb-1", "Timeout": 5, "HeartbeatTimeout": 3},
        ),
        (
            updates.invoke(tenant="t-1"),
            "ChainedInvokeStarted",
            {
                "FunctionName": "other:live",
                "TenantId": "t-1",
                "Input": {"Payload": '{"n":1}', "Truncated": False},
            },
        ),
        (updates.context("START"), "ContextStarted", {}),
        (updates.context("SUCCEED", payload="7"), "ContextSucceeded", RESULT_7),
        (updates.context("FAIL"), "ContextFailed", BOOM),
    ],
)
def test_an_update_is_told_with_its_details(update: OperationUpdate, kind: str, details: dict[str, Any]) -> None:
    event = requested(update)

    assert event == {
        "EventType": kind,
        "EventId": 2,
        "EventTimestamp": seconds(START),
        "Id": update.operation_id,
        "Name": update.name,
        "SubType": update.sub_type,
        f"{kind}Details": details,
    }


@pytest.mark.parametrize(
    ("invoked", "facts"),
    [
        (history.Invoked("3"), {"ExecutedVersion": "3"}),
        (history.Invoked("3", "arn:e"), {"ExecutedVersion": "3", "DurableExecutionArn": "arn:e"}),
    ],
)
def test_an_invoke_tells_what_it_has_begun(invoked: history.Invoked, facts: dict[str, str]) -> None:
    operation = apply(None, updates.invoke(), START, "")

    event = history.requested(updates.invoke(), operation, START, invoked)

    assert event.facts == {"FunctionName": "other:live", **facts}


def test_an_operation_inside_a_context_tells_its_parent() -> None:
    assert requested(updates.step("START", parent="x"))["ParentId"] == "x"


def test_a_cancelled_wait_is_told() -> None:
    started = apply(None, updates.wait(), START, "")

    assert requested(updates.cancel(), started)["EventType"] == "WaitCancelled"


def test_the_end_of_a_wait_repeats_its_duration() -> None:
    waited = fire(apply(None, updates.wait(seconds=60), START, ""), LATER)

    event = history.shown(history.completed(waited, LATER), 3)

    assert (event["EventType"], event["WaitSucceededDetails"]) == ("WaitSucceeded", {"Duration": 60})


@pytest.mark.parametrize(
    ("update", "status", "kind", "details"),
    [
        (updates.callback(), OperationStatus.SUCCEEDED, "CallbackSucceeded", RESULT_7),
        (updates.callback(), OperationStatus.FAILED, "CallbackFailed", BOOM),
        (updates.callback(), OperationStatus.TIMED_OUT, "CallbackTimedOut", BOOM),
        (updates.invoke(), OperationStatus.SUCCEEDED, "ChainedInvokeSucceeded", RESULT_7),
        (updates.invoke(), OperationStatus.FAILED, "ChainedInvokeFailed", BOOM),
        (updates.invoke(), OperationStatus.TIMED_OUT, "ChainedInvokeTimedOut", BOOM),
        (updates.invoke(), OperationStatus.STOPPED, "ChainedInvokeStopped", BOOM),
    ],
)
def test_what_the_outside_completes_is_told(
    update: OperationUpdate, status: OperationStatus, kind: str, details: dict[str, Any]
) -> None:
    answer: dict[str, Any] = {"result": "7"} if status is OperationStatus.SUCCEEDED else {"error": updates.ERROR}
    ended = complete(apply(None, update, START, "cb-1"), status, LATER, **answer)

    event = history.shown(history.completed(ended, LATER), 4)

    assert (event["EventType"], event[f"{kind}Details"]) == (kind, details)


def test_an_execution_is_told_from_its_start_to_its_end() -> None:
    root = Operation(
        "e",
        OperationType.EXECUTION,
        OperationStatus.STARTED,
        name="nightly",
        start_timestamp=START,
        execution_details=ExecutionDetails('{"n":1}'),
    )
    ended = complete(root, OperationStatus.TIMED_OUT, LATER)

    started = history.shown(history.execution_started(root, 300), 1)
    over = history.shown(history.completed(ended, LATER, error=updates.ERROR), 9)

    assert started["ExecutionStartedDetails"] == {
        "Input": {"Payload": '{"n":1}', "Truncated": False},
        "ExecutionTimeout": 300,
    }
    assert (over["EventType"], over["Name"], over["ExecutionTimedOutDetails"]) == ("ExecutionTimedOut", "nightly", BOOM)


@pytest.mark.parametrize("error", [None, ErrorObject("boom", "ValueError")])
def test_an_invocation_is_told_with_its_times_and_only_a_failed_one_with_an_error(error: ErrorObject | None) -> None:
    event = history.shown(history.invocation_completed(START, LATER, "request-1", error), 5)

    assert event == {
        "EventType": "InvocationCompleted",
        "EventId": 5,
        "EventTimestamp": seconds(LATER),
        "InvocationCompletedDetails": {
            "StartTimestamp": seconds(START),
            "EndTimestamp": seconds(LATER),
            "RequestId": "request-1",
        }
        | (BOOM if error else {}),
    }


def test_without_execution_data_payloads_and_errors_are_marked_as_truncated() -> None:
    update = updates.step("SUCCEED", payload="7")
    event = history.requested(update, apply(None, update, START, ""), START)

    shown = history.shown(event, 3, include_execution_data=False)

    assert shown["StepSucceededDetails"] == {"RetryDetails": {"CurrentAttempt": 1}, "Result": {"Truncated": True}}


def test_a_result_without_payload_is_told_as_empty() -> None:
    assert requested(updates.context("SUCCEED"))["ContextSucceededDetails"] == {"Result": {"Truncated": False}}


def test_moments_are_told_in_the_form_asked_for() -> None:
    update = updates.wait(seconds=60)
    event = history.requested(update, apply(None, update, START, ""), START)

    shown = history.shown(event, 2, timestamp=lambda moment: moment.isoformat())

    assert shown["EventTimestamp"] == "2026-01-01T00:00:00+00:00"
    assert shown["WaitStartedDetails"]["ScheduledEndTimestamp"] == "2026-01-01T00:01:00+00:00"
