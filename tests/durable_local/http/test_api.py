"""The calls but Invoke, by boto3 over HTTP."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from botocore.exceptions import ClientError

from durable import DurableContext, StepContext, durable_execution
from durable.config import CallbackConfig, Duration
from durable_local.invocations import Invocation, Invocations
from durable_local.store import executions
from tests.durable_local.http.serving import Served

FUNCTION_ARN = "arn:aws:lambda:us-east-1:000000000000:function:f:$LATEST"
NOWHERE = f"{FUNCTION_ARN}/durable-execution/nobody/nothing"

Asked = tuple[str, str]
"""The ARN of an execution that waits for an answer, and the id under which that is given."""


@durable_execution
def approving(event: Any, context: DurableContext) -> Any:
    context.step(lambda _: "prepared", name="prepare")
    config = CallbackConfig(heartbeat_timeout=Duration.from_days(9))
    return context.create_callback("approval", config).result()


@durable_execution
def counting(event: Any, context: DurableContext) -> Any:
    return [context.step(partial(returning, number), name=f"n{number}") for number in range(event)]


def returning(number: int, _step: StepContext) -> int:
    return number


def code_of(error: pytest.ExceptionInfo[ClientError]) -> tuple[int, str]:
    return error.value.response["ResponseMetadata"]["HTTPStatusCode"], error.value.response["Error"]["Code"]


@pytest.fixture
def client(served: Served) -> Any:
    return served.client()


@pytest.fixture
def asked(served: Served) -> Asked:
    served.host("f", approving, execution_timeout_seconds=86_400 * 30, retention_days=7)
    return served.start_and_ask("f", {"order": 7}, "order-7")


@pytest.fixture
def counted(served: Served) -> str:
    """The ARN of an execution that has ended after ten steps."""
    served.host("f", counting)
    arn = served.start("f", 10, "ten")
    served.dispatcher.wait(arn, 10)
    return arn


@pytest.fixture
def invocation(served: Served) -> Invocation:
    """An invocation that nobody but the test speaks for."""
    arn = served.runtime.executions.start("f", '{"n":1}', "nightly")
    row = executions.by_arn(served.runtime.journals.database, arn)
    assert row
    return Invocations(served.runtime.journals).begin(arn, row.fence)


def test_a_checkpoint_records_and_answers_what_has_changed(client: Any, invocation: Invocation) -> None:
    step = {"Id": "s1", "Type": "STEP", "SubType": "Step", "Name": "charge"}

    answer = client.checkpoint_durable_execution(
        DurableExecutionArn=invocation.arn,
        CheckpointToken=invocation.checkpoint_token,
        Updates=[{**step, "Action": "START"}, {**step, "Action": "SUCCEED", "Payload": "42"}],
    )

    (operation,) = answer["NewExecutionState"]["Operations"]
    assert answer["CheckpointToken"] != invocation.checkpoint_token
    assert operation["StepDetails"] == {"Attempt": 1, "Result": "42"}
    assert operation["StartTimestamp"] <= operation["EndTimestamp"] <= datetime.now(UTC)


def test_the_same_checkpoint_again_with_its_client_token_gets_the_same_answer(
    client: Any, invocation: Invocation
) -> None:
    asked = {
        "DurableExecutionArn": invocation.arn,
        "CheckpointToken": invocation.checkpoint_token,
        "ClientToken": "c",
        "Updates": [{"Id": "s", "Type": "STEP", "Action": "START"}],
    }

    first, again = client.checkpoint_durable_execution(**asked), client.checkpoint_durable_execution(**asked)

    assert again["CheckpointToken"] == first["CheckpointToken"]
    assert again["NewExecutionState"] == first["NewExecutionState"]


def test_a_used_token_is_refused_in_the_words_that_sdks_know(client: Any, invocation: Invocation) -> None:
    asked = {"DurableExecutionArn": invocation.arn, "CheckpointToken": invocation.checkpoint_token}
    client.checkpoint_durable_execution(**asked)

    with pytest.raises(client.exceptions.InvalidParameterValueException, match="Invalid checkpoint token") as error:
        client.checkpoint_durable_execution(**asked)

    assert code_of(error) == (400, "InvalidParameterValueException")


def test_recorded_operations_are_read_in_pages(client: Any, invocation: Invocation) -> None:
    updates = [
        {"Id": f"w{number}", "Type": "WAIT", "Action": "START", "WaitOptions": {"WaitSeconds": 99}}
        for number in range(5)
    ]
    asked = {"DurableExecutionArn": invocation.arn}
    token = client.checkpoint_durable_execution(**asked, CheckpointToken=invocation.checkpoint_token, Updates=updates)[
        "CheckpointToken"
    ]

    pages = client.get_paginator("get_durable_execution_state").paginate(
        **asked, CheckpointToken=token, PaginationConfig={"PageSize": 4}
    )

    (first, second) = [[operation["Id"] for operation in page["Operations"]] for page in pages]
    assert first[1:] + second == [f"w{number}" for number in range(5)]


def test_an_execution_is_shown_as_it_stands(client: Any, asked: Asked) -> None:
    shown = client.get_durable_execution(DurableExecutionArn=asked[0])

    assert (shown["DurableExecutionName"], shown["FunctionArn"]) == ("order-7", FUNCTION_ARN)
    assert (shown["Status"], shown["Version"], shown["InputPayload"]) == ("RUNNING", "$LATEST", '{"order": 7}')
    assert shown["DurableConfig"] == {"ExecutionTimeout": 86_400 * 30, "RetentionPeriodInDays": 7}
    assert shown["ExpectedExecutionTimeoutTimestamp"] - shown["StartTimestamp"] == timedelta(days=30)
    assert shown["ExecutionDataIncluded"] is True
    assert "EndTimestamp" not in shown


def test_a_closed_execution_shows_its_result(client: Any, counted: str) -> None:
    shown = client.get_durable_execution(DurableExecutionArn=counted)

    assert (shown["Status"], json.loads(shown["Result"])) == ("SUCCEEDED", list(range(10)))
    assert shown["StartTimestamp"] <= shown["EndTimestamp"]


def test_an_execution_can_be_shown_without_its_data(client: Any, counted: str) -> None:
    shown = client.get_durable_execution(DurableExecutionArn=counted, IncludeExecutionData=False)

    assert shown["ExecutionDataIncluded"] is False
    assert not {"InputPayload", "Result"} & shown.keys()


def test_a_history_tells_everything_in_order_with_its_data(client: Any, counted: str) -> None:
    events = client.get_durable_execution_history(DurableExecutionArn=counted)["Events"]

    assert [event["EventId"] for event in events] == list(range(1, 24))
    assert events[0]["ExecutionStartedDetails"]["Input"]["Payload"] == "10"
    assert events[2]["StepSucceededDetails"]["Result"]["Payload"] == "0"
    assert all(isinstance(event["EventTimestamp"], datetime) for event in events)


def test_a_history_can_be_told_without_data(client: Any, counted: str) -> None:
    events = client.get_durable_execution_history(DurableExecutionArn=counted, IncludeExecutionData=False)["Events"]

    assert events[0]["ExecutionStartedDetails"]["Input"] == {"Truncated": True}


@pytest.mark.parametrize("backward", [False, True])
def test_a_history_comes_in_pages_from_either_end(client: Any, counted: str, *, backward: bool) -> None:
    pages = client.get_paginator("get_durable_execution_history").paginate(
        DurableExecutionArn=counted, ReverseOrder=backward, PaginationConfig={"PageSize": 10}
    )

    ids = [[event["EventId"] for event in page["Events"]] for page in pages]

    assert [len(page) for page in ids] == [10, 10, 3]
    assert [number for page in ids for number in page] == sorted(range(1, 24), reverse=backward)


def test_the_executions_of_a_function_are_listed_newest_first(served: Served, client: Any, counted: str) -> None:
    served.runtime.start("f", "0", "later")
    served.host("g", counting)
    served.runtime.start("g", "0", "foreign")

    listed = client.list_durable_executions_by_function(FunctionName="f:$LATEST")["DurableExecutions"]
    reverse = client.list_durable_executions_by_function(FunctionName="f", ReverseOrder=True)["DurableExecutions"]

    assert [each["DurableExecutionName"] for each in listed] == ["later", "ten"]
    assert [each["DurableExecutionName"] for each in reverse] == ["ten", "later"]
    assert listed[1] | {"StartTimestamp": 0, "EndTimestamp": 0} == {
        "DurableExecutionArn": counted,
        "DurableExecutionName": "ten",
        "FunctionArn": FUNCTION_ARN,
        "Status": "SUCCEEDED",
        "StartTimestamp": 0,
        "EndTimestamp": 0,
    }


def test_a_list_is_filtered_and_paged(served: Served, client: Any, counted: str) -> None:
    began = client.get_durable_execution(DurableExecutionArn=counted)["StartTimestamp"]

    def names(**filters: Any) -> list[str]:
        paginator = client.get_paginator("list_durable_executions_by_function")
        pages = paginator.paginate(FunctionName="f", PaginationConfig={"PageSize": 1}, **filters)
        return [each["DurableExecutionName"] for page in pages for each in page["DurableExecutions"]]

    served.dispatcher.wait(served.runtime.start("f", "0", "later"), 10)
    assert names() == ["later", "ten"]
    assert names(DurableExecutionName="ten") == ["ten"]
    assert names(Statuses=["FAILED", "SUCCEEDED"]) == ["later", "ten"]
    assert names(Statuses=["RUNNING", "FAILED"]) == []
    assert names(StartedAfter=began) == ["later", "ten"]
    assert names(StartedBefore=began) == []


def test_a_stopped_execution_has_the_error_that_was_given(client: Any, asked: Asked) -> None:
    stopped = client.stop_durable_execution(DurableExecutionArn=asked[0], Error={"ErrorType": "Changed"})
    again = client.stop_durable_execution(DurableExecutionArn=asked[0])

    shown = client.get_durable_execution(DurableExecutionArn=asked[0])
    assert (shown["Status"], shown["Error"]) == ("STOPPED", {"ErrorType": "Changed"})
    assert stopped["StopTimestamp"] == again["StopTimestamp"] == shown["EndTimestamp"]


def test_a_callback_succeeds_once(served: Served, client: Any, asked: Asked) -> None:
    client.send_durable_execution_callback_success(CallbackId=asked[1], Result=b"yes")

    assert served.dispatcher.wait(asked[0], 10).result == '"yes"'
    with pytest.raises(client.exceptions.CallbackTimeoutException) as error:
        client.send_durable_execution_callback_success(CallbackId=asked[1], Result=b"yes")
    assert code_of(error) == (400, "CallbackTimeoutException")


def test_a_callback_may_fail(served: Served, client: Any, asked: Asked) -> None:
    error = {"ErrorMessage": "no", "ErrorType": "Rejected", "ErrorData": "7", "StackTrace": ["here"]}

    client.send_durable_execution_callback_failure(CallbackId=asked[1], Error=error)

    ended = served.dispatcher.wait(asked[0], 10)
    assert (ended.status, ended.error and ended.error.message) == ("FAILED", "no")
    events = client.get_durable_execution_history(DurableExecutionArn=asked[0])["Events"]
    (failed,) = [event for event in events if event["EventType"] == "CallbackFailed"]
    assert failed["CallbackFailedDetails"]["Error"]["Payload"] == error


def test_a_heartbeat_keeps_a_callback_open(client: Any, asked: Asked) -> None:
    assert client.send_durable_execution_callback_heartbeat(CallbackId=asked[1])["ResponseMetadata"]

    assert client.get_durable_execution(DurableExecutionArn=asked[0])["Status"] == "RUNNING"


@pytest.mark.parametrize(
    "ask",
    [
        lambda client: client.get_durable_execution(DurableExecutionArn=NOWHERE),
        lambda client: client.get_durable_execution_history(DurableExecutionArn=NOWHERE),
        lambda client: client.stop_durable_execution(DurableExecutionArn=NOWHERE),
        lambda client: client.list_durable_executions_by_function(FunctionName="nothing"),
        lambda client: client.send_durable_execution_callback_success(CallbackId="bm9ib2R5"),
        lambda client: client.send_durable_execution_callback_failure(CallbackId="bm9ib2R5"),
        lambda client: client.send_durable_execution_callback_heartbeat(CallbackId="bm9ib2R5"),
    ],
)
def test_what_there_is_not_is_not_found(client: Any, ask: Callable[[Any], Any]) -> None:
    with pytest.raises(client.exceptions.ResourceNotFoundException) as error:
        ask(client)

    assert code_of(error) == (404, "ResourceNotFoundException")


@pytest.mark.parametrize(
    ("ask", "complaint"),
    [
        (lambda client: client.get_durable_execution(DurableExecutionArn="arn"), "DurableExecutionArn must match"),
        (
            lambda client: client.get_durable_execution_history(DurableExecutionArn=NOWHERE, MaxItems=1001),
            "MaxItems must lie between 0 and 1000",
        ),
        (
            lambda client: client.list_durable_executions_by_function(FunctionName="f", Statuses=["ASLEEP"]),
            "must be one of RUNNING, ",
        ),
        (
            lambda client: client.list_durable_executions_by_function(FunctionName="f", Marker="x"),
            "Marker 'x' is not one that this service has given",
        ),
        (
            lambda client: client.send_durable_execution_callback_success(CallbackId="?"),
            "CallbackId must match",
        ),
    ],
)
def test_what_breaks_a_limit_is_refused_by_name(
    served: Served, counted: str, ask: Callable[[Any], Any], complaint: str
) -> None:
    client = served.client(parameter_validation=False)

    with pytest.raises(client.exceptions.InvalidParameterValueException, match=complaint) as error:
        ask(client)

    assert code_of(error) == (400, "InvalidParameterValueException")


def test_a_marker_of_another_call_is_refused(client: Any, counted: str) -> None:
    with pytest.raises(client.exceptions.InvalidParameterValueException, match="Marker 'p7' is not one"):
        client.get_durable_execution_history(DurableExecutionArn=counted, Marker="p7")
