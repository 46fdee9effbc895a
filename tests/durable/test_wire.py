import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from durable import wire
from durable.identifier import OperationIdentifier
from durable.model import (
    CallbackOptions,
    ChainedInvokeOptions,
    CheckpointUpdatedExecutionState,
    ContextOptions,
    ErrorObject,
    Operation,
    OperationAction,
    OperationStatus,
    OperationType,
    OperationUpdate,
    StepDetails,
    StepOptions,
    WaitDetails,
    WaitOptions,
)

STEP = OperationIdentifier(
    "1ced8f5be2db23a6513eba4d819c73806424748a7bc6fa0d792cc1c7d1775a97",
    "Step",
    None,
    "s",
    operation_type=OperationType.STEP,
)
MOMENT = datetime(2026, 1, 1, 0, 0, 0, 200_000, UTC)


def sent(action: OperationAction, **members: object) -> dict[str, object]:
    """What an update has besides its identity."""
    update = wire.encode(STEP.update(action, **members))
    return {name: value for name, value in update.items() if name not in {"Id", "Type", "Action", "Name", "SubType"}}


def test_the_updates_of_a_step_are_the_official_ones_byte_for_byte() -> None:
    updates = [STEP.update(OperationAction.START), STEP.update(OperationAction.SUCCEED, payload="1")]

    text = json.dumps(wire.encode(updates), separators=(",", ":"))

    identity = STEP.operation_id
    assert text == (
        f'[{{"Id":"{identity}","Type":"STEP","Action":"START","Name":"s","SubType":"Step"}},'
        f'{{"Id":"{identity}","Type":"STEP","Action":"SUCCEED","Name":"s","SubType":"Step","Payload":"1"}}]'
    )


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({}, {}),
        ({"payload": ""}, {"Payload": ""}),
        ({"error": ErrorObject("boom", "ValueError")}, {"Error": {"ErrorMessage": "boom", "ErrorType": "ValueError"}}),
        (
            {"error": ErrorObject("m", "t", "d", ["line"])},
            {"Error": {"ErrorMessage": "m", "ErrorType": "t", "ErrorData": "d", "StackTrace": ["line"]}},
        ),
        ({"step_options": StepOptions(5)}, {"StepOptions": {"NextAttemptDelaySeconds": 5}}),
        ({"wait_options": WaitOptions(5)}, {"WaitOptions": {"WaitSeconds": 5}}),
        (
            {"callback_options": CallbackOptions()},
            {"CallbackOptions": {"TimeoutSeconds": 0, "HeartbeatTimeoutSeconds": 0}},
        ),
        ({"chained_invoke_options": ChainedInvokeOptions("f:1")}, {"ChainedInvokeOptions": {"FunctionName": "f:1"}}),
        (
            {"chained_invoke_options": ChainedInvokeOptions("f:1", "tenant", "Root=1")},
            {"ChainedInvokeOptions": {"FunctionName": "f:1", "TenantId": "tenant", "XAmznTraceId": "Root=1"}},
        ),
        ({"context_options": ContextOptions()}, {"ContextOptions": {"ReplayChildren": False}}),
    ],
)
def test_an_update_names_only_what_it_has(members: dict[str, object], expected: dict[str, object]) -> None:
    assert sent(OperationAction.START, **members) == expected


def test_an_operation_of_an_invocation_event_has_its_times_in_milliseconds() -> None:
    data = {
        "Id": "a",
        "Type": "STEP",
        "SubType": "Step",
        "Name": "charge",
        "Status": "SUCCEEDED",
        "StartTimestamp": 1767225600200,
        "EndTimestamp": 1767225600200,
        "StepDetails": {"Attempt": 1, "Result": "42"},
    }

    operation = wire.decode(Operation, data)

    assert operation.start_timestamp == MOMENT
    assert operation.step_details == StepDetails(1, result="42")
    assert wire.encode(operation) == data


def test_an_operation_of_a_response_has_its_times_as_boto3_reads_them() -> None:
    data = {"Id": "a", "Type": "WAIT", "Status": "STARTED", "WaitDetails": {"ScheduledEndTimestamp": MOMENT}}

    operation = wire.decode(Operation, data)

    assert operation.wait_details == WaitDetails(MOMENT)


def test_a_response_may_be_written_with_times_in_seconds() -> None:
    operation = Operation("a", OperationType.WAIT, OperationStatus.STARTED, start_timestamp=MOMENT)

    data = wire.encode(operation, wire.seconds)

    assert data["StartTimestamp"] == 1767225600.2


def test_the_beginning_of_time_is_a_time() -> None:
    operation = wire.decode(Operation, {"Id": "a", "Type": "STEP", "Status": "STARTED", "StartTimestamp": 0})

    assert operation.start_timestamp == datetime(1970, 1, 1, tzinfo=UTC)


def test_milliseconds_are_whole_and_do_not_round_up() -> None:
    assert wire.milliseconds(MOMENT + timedelta(microseconds=999)) == 1767225600200


def test_members_that_nobody_knows_are_passed_over() -> None:
    data = {"Operations": [{"Id": "a", "Type": "STEP", "Status": "READY", "Mood": "good"}], "Weather": {"Rain": True}}

    state = wire.decode(CheckpointUpdatedExecutionState, data)

    assert state.operations == [Operation("a", OperationType.STEP, OperationStatus.READY)]


def test_null_is_the_same_as_absent() -> None:
    assert wire.decode(CheckpointUpdatedExecutionState, {"Operations": None, "NextMarker": None}).operations == ()


def test_empty_details_are_details() -> None:
    data = {"Id": "a", "Type": "STEP", "Status": "STARTED", "StepDetails": {}}

    assert wire.decode(Operation, data).step_details == StepDetails()


def test_a_missing_member_is_named() -> None:
    with pytest.raises(KeyError, match="Operation lacks operation_type, status"):
        wire.decode(Operation, {"Id": "a"})


def test_a_type_and_a_status_that_a_newer_service_knows_are_kept() -> None:
    operation = wire.decode(Operation, {"Id": "a", "Type": "SAGA", "Status": "MELTED"})

    assert (operation.operation_type, operation.status) == ("SAGA", "MELTED")
    assert wire.encode(operation) == {"Id": "a", "Type": "SAGA", "Status": "MELTED"}


def test_an_unknown_action_is_refused() -> None:
    with pytest.raises(ValueError, match="'MELT' is not a valid OperationAction"):
        wire.decode(OperationUpdate, {"Id": "a", "Type": "STEP", "Action": "MELT"})


def test_an_update_reads_back_as_it_was_written() -> None:
    update = OperationUpdate(
        "a",
        OperationType.STEP,
        OperationAction.RETRY,
        "parent",
        "charge",
        "Step",
        error=ErrorObject("boom", "ValueError", None, ["one", "two"]),
        step_options=StepOptions(7),
    )

    assert wire.decode(OperationUpdate, wire.encode(update)) == update


def test_a_dataclass_without_fields_is_an_object_without_members() -> None:
    @dataclass(frozen=True)
    class Nothing:
        """Has nothing to say."""

    assert wire.encode(Nothing()) == {}
