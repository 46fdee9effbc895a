import math
from datetime import UTC, datetime
from typing import Any

import pytest

from durable.envelope import (
    DurableExecutionInvocationInput,
    DurableExecutionInvocationInputWithClient,
    InitialExecutionState,
    answer,
    read_invocation,
)
from durable.exceptions import ExecutionError
from durable.model import InvocationStatus, OperationStatus, OperationType
from durable.values import Json
from tests.durable.execution import ExecutionUnderTest

EVENT: dict[str, Any] = {
    "DurableExecutionArn": "arn",
    "CheckpointToken": "T0",
    "InitialExecutionState": {
        "Operations": [
            {
                "Id": "e",
                "Type": "EXECUTION",
                "Status": "STARTED",
                "StartTimestamp": 1767225600200,
                "ExecutionDetails": {"InputPayload": '{"orderId":7}'},
            }
        ],
        "NextMarker": "m",
    },
    "UpdatedOperationIds": ["e"],
}


def without(*names: str) -> dict[str, Any]:
    return {name: member for name, member in EVENT.items() if name not in names}


def test_an_event_says_which_execution_goes_on_and_what_is_recorded_of_it() -> None:
    invocation = read_invocation(EVENT)

    assert (invocation.durable_execution_arn, invocation.checkpoint_token) == ("arn", "T0")
    assert list(invocation.updated_operation_ids) == ["e"]
    assert invocation.initial_execution_state.next_marker == "m"


def test_an_operation_of_an_event_has_its_time_in_milliseconds() -> None:
    (operation,) = read_invocation(EVENT).initial_execution_state.operations

    assert (operation.operation_id, operation.operation_type) == ("e", OperationType.EXECUTION)
    assert operation.status is OperationStatus.STARTED
    assert operation.start_timestamp == datetime(2026, 1, 1, 0, 0, 0, 200_000, UTC)
    assert operation.execution_details
    assert operation.execution_details.input_payload == '{"orderId":7}'


def test_without_the_ids_of_what_changed_nothing_has() -> None:
    assert list(read_invocation(without("UpdatedOperationIds")).updated_operation_ids) == []


@pytest.mark.parametrize("state", [{}, {"Operations": []}, {"Operations": [], "NextMarker": None}])
def test_an_event_may_have_no_operations_and_no_further_page(state: Json) -> None:
    read = read_invocation(EVENT | {"InitialExecutionState": state}).initial_execution_state

    assert (list(read.operations), read.next_marker or None) == ([], None)


@pytest.mark.parametrize("missing", ["DurableExecutionArn", "CheckpointToken"])
def test_an_event_without_its_execution_or_token_is_refused_with_what_it_lacks(missing: str) -> None:
    with pytest.raises(ExecutionError, match="Is DurableConfig set on the function") as refused:
        read_invocation(without(missing))

    assert missing.casefold() in str(refused.value).replace("_", "").casefold()
    assert refused.value.__cause__ is not None


def begun(when: Json) -> Json:
    operation = {"Id": "a", "Type": "STEP", "Status": "STARTED", "StartTimestamp": when}
    state = {"Operations": [operation]}
    return {"DurableExecutionArn": "arn", "CheckpointToken": "T0", "InitialExecutionState": state}


@pytest.mark.parametrize(
    "event",
    [
        *(None, [], "text", 7, {"InitialExecutionState": "text"}),
        *(begun(10**30), begun(math.nan), begun(math.inf), begun("noon")),
    ],
)
def test_what_is_no_event_is_refused(event: Json) -> None:
    with pytest.raises(ExecutionError, match="not from a durable execution"):
        read_invocation(event)


def test_an_invocation_that_is_read_already_is_taken_as_it_is() -> None:
    invocation = DurableExecutionInvocationInput("arn", "T0", InitialExecutionState())

    assert read_invocation(invocation) is invocation


def test_an_invocation_in_this_process_may_bring_its_service() -> None:
    service = ExecutionUnderTest().service

    invocation = DurableExecutionInvocationInputWithClient(
        "arn", "T0", InitialExecutionState(), service, updated_operation_ids=["e"]
    )

    assert invocation.service_client is service
    assert invocation.updated_operation_ids == ["e"]


@pytest.mark.parametrize(
    ("members", "expected"),
    [({}, {"Status": "PENDING"}), ({"Result": ""}, {"Status": "PENDING", "Result": ""})],
)
def test_an_answer_has_its_status_and_only_the_members_it_is_given(
    members: dict[str, str], expected: dict[str, str]
) -> None:
    assert answer(InvocationStatus.PENDING, **members) == expected
