import json
from typing import Any

import pytest

from durable.config import InvokeConfig
from durable.exceptions import InvokeError, SerDesError
from durable.execution import durable_execution
from durable.serdes import SerDes, SerDesContext
from durable_local.hosts.events import with_service
from durable_local.hosts.loading import warm
from durable_local.hosts.threads import ThreadHost
from durable_local.runtime import Function
from tests.durable.execution import ExecutionUnderTest, Program, ident, invoke

MEBIBYTE = 1024 * 1024
ROOT = "aws_durable_execution_sdk_python.exceptions"


class Shouting(SerDes[str]):
    """JSON text in capitals, both ways."""

    def serialize(self, value: str, serdes_context: SerDesContext) -> str:
        return f'"{value}"'.upper()

    def deserialize(self, data: str, serdes_context: SerDesContext) -> str:
        return data.upper()


def call(payload: object = None, config: InvokeConfig | None = None) -> Program:
    return lambda _event, context: context.invoke("target", payload, name="call", config=config)


def with_target(target: Program) -> ExecutionUnderTest:
    """An execution that finds its target."""
    execution = ExecutionUnderTest()
    host = ThreadHost(warm(durable_execution(target)), with_service(execution.runtime.service))
    execution.runtime.functions["target"] = Function(host)
    return execution


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


@pytest.mark.parametrize("function", [None, "", 7])
def test_a_target_without_a_name_is_refused_before_anything_is_recorded(function: Any) -> None:
    invoked = invoke(lambda _event, context: context.invoke(function, 1))

    assert (invoked.status, invoked.updates) == ("FAILED", [])
    assert f"invoke needs the qualified name of a function, not {function!r}" in invoked.error["ErrorMessage"]


def test_a_payload_larger_than_a_target_takes_can_be_caught_before_anything_is_recorded() -> None:
    def program(event: object, context: Any) -> str:
        try:
            call("x" * MEBIBYTE)(event, context)
        except SerDesError as error:
            return str(error)
        return "sent"

    invoked = invoke(program)

    assert invoked.updates == []
    assert "The payload of invoke call takes 1048578 bytes, a checkpoint holds 1048576" in invoked.result


def test_the_largest_payload_is_sent() -> None:
    assert invoke(call("x" * (MEBIBYTE - 2))).lines == ["CHAINED_INVOKE START call"]


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


def test_an_invoke_suspends_until_the_target_has_ended() -> None:
    execution = with_target(lambda event, _context: event)

    invoked = [execution.invoke(call(1)), execution.invoke(call(1))]

    assert [(each.status, each.lines) for each in invoked] == [
        ("PENDING", ["CHAINED_INVOKE START call"]),
        ("PENDING", []),
    ]


@pytest.mark.parametrize("payload", [None, 1, "text", {"nested": [1, None]}])
def test_the_targets_result_is_returned(payload: object) -> None:
    execution = with_target(lambda event, _context: {"echo": event})

    ended = execution.run(call(payload))

    assert (json.loads(ended.result or ""), ended.invocations) == ({"echo": payload}, 2)


def test_a_result_may_be_read_its_own_way() -> None:
    execution = with_target(lambda event, _context: event)

    ended = execution.run(call("hello", InvokeConfig(serdes_result=Shouting())))

    assert (ended.result, ended.invocations) == (json.dumps('"HELLO"'), 2)


def test_a_target_that_fails_raises_its_words_and_its_type() -> None:
    def refuse(_event: object, _context: Any) -> None:
        raise ValueError("boom")

    def program(event: object, context: Any) -> list[str | None]:
        try:
            call()(event, context)
        except InvokeError as error:
            return [error.message, error.error_type]
        return []

    ended = with_target(refuse).run(program)

    assert json.loads(ended.result or "") == ["boom", "ValueError"]


def test_a_target_that_is_stopped_raises() -> None:
    execution = with_target(lambda _event, context: context.create_callback("never").result())
    execution.run(call())
    (target,) = (each for each in execution.runtime.executions.newest(2) if each.arn != execution.arn)
    execution.runtime.executions.stop(target.arn)

    ended = execution.run(call())

    assert (ended.status, ended.error and ended.error.type) == ("FAILED", f"{ROOT}.InvokeError")
