"""Single events, as the API and the AWS CLI write them."""

from datetime import UTC, datetime
from typing import Any

import pytest

from durable.model import OperationStatus, OperationType
from durable_local.replay.document import HistoryError
from durable_local.replay.events import OperationEvent, operation_event

MOMENT = datetime(2026, 1, 2, 3, 4, 5, 6_000, UTC)


def event(kind: str, **members: Any) -> dict[str, Any]:
    told = {"EventId": 7, "EventType": kind, "Id": "x", "EventTimestamp": 0, f"{kind}Details": {}}
    return told | members


def told(source: dict[str, Any]) -> OperationEvent:
    found = operation_event(source)
    assert found
    return found


@pytest.mark.parametrize(
    ("kind", "operation_type", "status"),
    [
        ("ExecutionStopped", OperationType.EXECUTION, OperationStatus.STOPPED),
        ("ContextStarted", OperationType.CONTEXT, OperationStatus.STARTED),
        ("StepSucceeded", OperationType.STEP, OperationStatus.SUCCEEDED),
        ("WaitCancelled", OperationType.WAIT, OperationStatus.CANCELLED),
        ("CallbackTimedOut", OperationType.CALLBACK, OperationStatus.TIMED_OUT),
        ("ChainedInvokeFailed", OperationType.CHAINED_INVOKE, OperationStatus.FAILED),
    ],
)
def test_the_type_of_an_event_tells_the_operation_and_its_status(
    kind: str, operation_type: OperationType, status: OperationStatus
) -> None:
    operation = told(event(kind)).applied_to(None)

    assert (operation.operation_type, operation.status) == (operation_type, status)


@pytest.mark.parametrize("kind", ["InvocationCompleted", "ExecutionPaused", "ExecutionResumed"])
def test_what_happens_to_no_operation_leaves_none_behind(kind: str) -> None:
    assert operation_event(event(kind)) is None


@pytest.mark.parametrize("kind", ["WaitSucceeded", "CallbackFailed", "ChainedInvokeStopped"])
def test_what_timers_and_the_outside_bring_about_is_news(kind: str) -> None:
    assert told(event(kind)).is_news


@pytest.mark.parametrize("kind", ["WaitStarted", "StepSucceeded", "ContextFailed", "CallbackStarted"])
def test_what_the_code_does_is_no_news(kind: str) -> None:
    assert not told(event(kind)).is_news


@pytest.mark.parametrize(
    "written",
    [MOMENT.timestamp(), MOMENT.isoformat(), "2026-01-02T03:04:05.006Z", "2026-01-02T05:04:05.006+02:00", MOMENT],
)
def test_moments_are_seconds_or_iso_8601(written: object) -> None:
    operation = told(event("StepStarted", EventTimestamp=written)).applied_to(None)

    assert operation.start_timestamp == MOMENT


def test_the_id_of_a_callback_stays_known_after_its_answer() -> None:
    started = told(event("CallbackStarted", CallbackStartedDetails={"CallbackId": "abc"})).applied_to(None)
    result = {"Result": {"Payload": "yes", "Truncated": False}}

    ended = told(event("CallbackSucceeded", CallbackSucceededDetails=result)).applied_to(started)

    assert ended.callback_details
    assert (ended.callback_details.callback_id, ended.result) == ("abc", "yes")


@pytest.mark.parametrize(("kind", "wrapper"), [("StepSucceeded", "Result"), ("ContextFailed", "Error")])
def test_a_history_without_execution_data_is_refused_with_the_way_to_have_it(kind: str, wrapper: str) -> None:
    truncated = event(kind, **{f"{kind}Details": {wrapper: {"Truncated": True}}})

    with pytest.raises(
        HistoryError, match=f"Event 7 lacks its {wrapper.lower()}: export with --include-execution-data"
    ):
        told(truncated).applied_to(None)


@pytest.mark.parametrize("kind", ["StepTeleported", "Started", "XStepStarted"])
def test_an_event_of_a_type_that_is_not_known_is_refused(kind: str) -> None:
    with pytest.raises(HistoryError, match=f"Event 7 has the type {kind}, which is not known here"):
        operation_event(event(kind))


@pytest.mark.parametrize("member", ["Id", "EventTimestamp"])
def test_an_event_that_lacks_what_every_event_has_is_refused(member: str) -> None:
    source = event("StepStarted")
    del source[member]

    with pytest.raises(HistoryError, match=f"Event 7, StepStarted, lacks {member}"):
        told(source).applied_to(None)
