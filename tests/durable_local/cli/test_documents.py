import json

from durable.model import CallbackDetails, Operation, OperationStatus, OperationType
from durable_local.cli import documents
from durable_local.executions import Execution
from tests.fakes.clock import START

EXECUTION = Execution("arn:1", "monday", "f", "SUCCEEDED", '"input-secret"', '{"größe":1}', None, START, START, 2)


def test_an_outcome_holds_the_result_as_json_and_moments_as_the_aws_cli_writes_them() -> None:
    document = json.loads(documents.dumps(documents.outcome(EXECUTION)))

    assert document == {
        "DurableExecutionArn": "arn:1",
        "DurableExecutionName": "monday",
        "FunctionName": "f",
        "Status": "SUCCEEDED",
        "StartTimestamp": "2026-01-01T00:00:00+00:00",
        "EndTimestamp": "2026-01-01T00:00:00+00:00",
        "Invocations": 2,
        "Result": {"größe": 1},
    }


def test_a_description_holds_neither_payloads_nor_callback_ids() -> None:
    callback = Operation(
        "c",
        OperationType.CALLBACK,
        OperationStatus.SUCCEEDED,
        name="approval",
        callback_details=CallbackDetails("bearer-id", '"answer-secret"'),
    )

    text = documents.dumps(documents.described(EXECUTION, [callback]))

    assert json.loads(text)["Operations"] == [
        {"Id": "c", "Name": "approval", "Type": "CALLBACK", "Status": "SUCCEEDED"}
    ]
    assert not any(secret in text for secret in ("bearer-id", "secret", "größe"))


def test_a_result_that_is_not_json_is_told_as_it_stands() -> None:
    assert documents.decoded("plain") == "plain"
