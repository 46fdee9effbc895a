from typing import Any

from durable.config import InvokeConfig
from durable.exceptions import InvokeError
from durable.serdes import SerDes, SerDesContext
from tests.durable.execution import ExecutionUnderTest, Program, ident, invoke

ROOT = "aws_durable_execution_sdk_python.exceptions"


class Shouting(SerDes[str]):
    """JSON text in capitals, both ways."""

    def serialize(self, value: str, serdes_context: SerDesContext) -> str:
        return f'"{value}"'.upper()

    def deserialize(self, data: str, serdes_context: SerDesContext) -> str:
        return data.upper()


def call(payload: object = None, config: InvokeConfig | None = None) -> Program:
    return lambda _event, context: context.invoke("target", payload, name="call", config=config)


def test_an_invoke_is_recorded_with_its_target_and_its_payload_as_plain_json() -> None:
    (update,) = invoke(call({"a": [1, None]})).updates

    assert update == {
        "Id": ident(1),
        "Type": "CHAINED_INVOKE",
        "Action": "START",
        "Name": "call",
        "SubType": "ChainedInvoke",
        "Payload": '{"a": [1, null]}',
        "ChainedInvokeOptions": {"FunctionName": "target"},
    }


def test_nothing_is_a_payload_too() -> None:
    assert invoke(call()).updates[0]["Payload"] == "null"


def test_an_invoke_may_be_for_a_tenant_with_a_payload_written_its_own_way() -> None:
    (update,) = invoke(call("hello", InvokeConfig(Shouting(), tenant_id="tenant-1"))).updates

    assert update["ChainedInvokeOptions"] == {"FunctionName": "target", "TenantId": "tenant-1"}
    assert update["Payload"] == '"HELLO"'


def test_a_payload_that_cannot_be_written_fails_before_anything_is_recorded() -> None:
    invoked = invoke(call(object()))

    assert (invoked.status, invoked.updates) == ("FAILED", [])
    assert invoked.error["ErrorType"] == f"{ROOT}.SerDesError"


def test_a_target_that_is_refused_at_once_raises_now_and_on_replay() -> None:
    execution = ExecutionUnderTest()
    caught: list[InvokeError] = []

    def program(event: object, context: Any) -> None:
        try:
            call()(event, context)
        except InvokeError as error:
            caught.append(error)
        context.create_callback("later").result()

    lines = [execution.invoke(program).lines, execution.invoke(program).lines]

    assert lines == [["CHAINED_INVOKE START call", "CALLBACK START later"], []]
    assert [error.error_type for error in caught] == ["ResourceNotFoundException"] * 2
    assert caught[0].message == caught[1].message
