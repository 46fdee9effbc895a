"""Invoke, by boto3 over HTTP."""

import json
import queue
import threading
from typing import Any

import pytest
from botocore.exceptions import ClientError

from durable import DurableContext, durable_execution
from durable.config import Duration, InvokeConfig
from tests.durable_local.http.serving import Served

ARN = "arn:aws:lambda:us-east-1:000000000000:function"


@durable_execution
def doubling(event: Any, context: DurableContext) -> Any:
    doubled = context.step(lambda _: event["n"] * 2, name="double")
    context.wait(Duration.from_days(30), name="pause")
    return {"doubled": doubled}


@durable_execution
def failing(event: Any, context: DurableContext) -> Any:
    raise LookupError("there is no such order")


@durable_execution
def naming_its_tenants(event: Any, context: DurableContext) -> Any:
    """Those of this execution before and after a wait, and those of what it invokes."""
    before = context.step(lambda _: tenant_of(context), name="before")
    context.wait(Duration.from_days(30), name="pause")
    invoked = InvokeConfig(tenant_id="of the invoked")
    others = [context.invoke(function, None, config=invoked) for function in event]
    return [before, tenant_of(context), *others]


@durable_execution
def naming_its_tenant(event: Any, context: DurableContext) -> Any:
    return tenant_of(context)


def tenant_of(context: DurableContext) -> Any:
    return getattr(context.lambda_context, "tenant_id", "no context")


def payload(answer: Any) -> Any:
    return json.loads(answer["Payload"].read())


def refusal(error: pytest.ExceptionInfo[ClientError]) -> tuple[int, str]:
    return error.value.response["ResponseMetadata"]["HTTPStatusCode"], error.value.response["Error"]["Code"]


def test_who_invokes_a_durable_function_gets_the_result_of_the_whole_execution(skipping: Served) -> None:
    skipping.host("f", doubling)

    answer = skipping.client().invoke(FunctionName="f:$LATEST", Payload=b'{"n": 21}', DurableExecutionName="nightly")

    assert payload(answer) == {"doubled": 42}
    assert answer["StatusCode"] == 200
    assert answer["ExecutedVersion"] == "$LATEST"
    assert answer["DurableExecutionArn"].startswith(f"{ARN}:f:$LATEST/durable-execution/nightly/")
    assert "FunctionError" not in answer


def test_a_failed_execution_is_told_by_a_header_and_described_in_the_payload(served: Served) -> None:
    served.host("f", failing)

    answer = served.client().invoke(FunctionName="f", Qualifier="$LATEST")

    assert (answer["StatusCode"], answer["FunctionError"]) == (200, "Unhandled")
    told = payload(answer)
    assert (told["errorType"], told["errorMessage"]) == ("LookupError", "there is no such order")
    assert "there is no such order" in told["stackTrace"][-1]


def test_a_stopped_execution_answers_whoever_waits_for_it(served: Served) -> None:
    begun = threading.Event()

    @durable_execution
    def asking(event: Any, context: DurableContext) -> Any:
        callback = context.create_callback("approval")
        begun.set()
        return callback.result()

    served.host("f", asking)
    client = served.client()

    def stop() -> None:
        begun.wait(10)
        client.stop_durable_execution(DurableExecutionArn=served.runtime.executions.get("long").arn)

    stopper = threading.Thread(target=stop)
    stopper.start()
    answer = client.invoke(FunctionName="f:$LATEST", DurableExecutionName="long")
    stopper.join()

    assert answer["FunctionError"] == "Unhandled"
    assert payload(answer) == {"errorMessage": "Execution stopped by user request"}


def test_an_event_begins_an_execution_and_waits_for_nothing(skipping: Served) -> None:
    skipping.host("f", doubling)

    answer = skipping.client().invoke(FunctionName="f:$LATEST", InvocationType="Event", Payload=b'{"n": 1}')

    assert answer["StatusCode"] == 202
    assert answer["Payload"].read() == b""
    assert skipping.dispatcher.wait(answer["DurableExecutionArn"], 10).result == '{"doubled": 2}'


def test_a_dry_run_begins_nothing(skipping: Served) -> None:
    skipping.host("f", doubling)

    answer = skipping.client().invoke(FunctionName="f:$LATEST", InvocationType="DryRun", Payload=b'{"n": 1}')

    assert answer["StatusCode"] == 204
    assert skipping.runtime.executions.newest(1) == []


@pytest.mark.parametrize("kind", ["RequestResponse", "Event"])
def test_the_same_name_and_payload_find_the_same_execution(skipping: Served, kind: str) -> None:
    skipping.host("f", doubling)
    client = skipping.client()
    asked = {"FunctionName": "f:$LATEST", "Payload": b'{"n": 1}', "DurableExecutionName": "once"}

    first = client.invoke(**asked)
    again = client.invoke(**asked, InvocationType=kind)

    assert again["DurableExecutionArn"] == first["DurableExecutionArn"]
    assert skipping.runtime.executions.get("once").invocations == 2


def test_the_same_name_with_another_payload_is_refused(skipping: Served) -> None:
    skipping.host("f", doubling)
    client = skipping.client()
    client.invoke(FunctionName="f:$LATEST", Payload=b'{"n": 1}', DurableExecutionName="once")

    with pytest.raises(client.exceptions.DurableExecutionAlreadyStartedException, match="another payload") as error:
        client.invoke(FunctionName="f:$LATEST", Payload=b'{"n": 2}', DurableExecutionName="once")

    assert refusal(error) == (409, "DurableExecutionAlreadyStartedException")


def test_a_tenant_is_told_to_every_invocation_and_only_to_those_that_are_for_it(skipping: Served) -> None:
    skipping.host("f", naming_its_tenants)
    skipping.host("g", naming_its_tenant)
    skipping.call("plain", lambda event, context: context.tenant_id)
    client = skipping.client()

    asked = {"FunctionName": "f:$LATEST", "Payload": b'["g:$LATEST", "plain"]'}
    told = payload(client.invoke(**asked, TenantId="blue"))
    nobodys = payload(client.invoke(**asked))
    plain = [payload(client.invoke(FunctionName="plain", **tenant)) for tenant in ({"TenantId": "blue"}, {})]

    assert told == ["blue", "blue", "of the invoked", "of the invoked"]
    assert nobodys[:2] == [None, None]
    assert plain == ["blue", None]


def test_the_same_name_for_another_tenant_is_refused(skipping: Served) -> None:
    skipping.host("f", doubling)
    client = skipping.client()
    asked = {"FunctionName": "f:$LATEST", "Payload": b'{"n": 1}', "DurableExecutionName": "once"}
    client.invoke(**asked, TenantId="blue")

    with pytest.raises(client.exceptions.DurableExecutionAlreadyStartedException, match="another tenant"):
        client.invoke(**asked)

    assert payload(client.invoke(**asked, TenantId="blue")) == {"doubled": 2}


@pytest.mark.parametrize("name", ["f:live", "f:7", f"{ARN}:f:$LATEST", "000000000000:function:f:1", "function:f:1"])
def test_a_function_has_many_names(skipping: Served, name: str) -> None:
    skipping.host("f", doubling)

    assert payload(skipping.client().invoke(FunctionName=name, Payload=b'{"n": 1}')) == {"doubled": 2}


def test_a_durable_function_needs_a_qualifier(skipping: Served) -> None:
    skipping.host("f", doubling)

    with pytest.raises(ClientError, match="unqualified ARN: write f:\\$LATEST") as error:
        skipping.client().invoke(FunctionName="f", Payload=b"{}")

    assert refusal(error) == (400, "InvalidParameterValueException")


def test_two_qualifiers_must_be_one(skipping: Served) -> None:
    skipping.host("f", doubling)

    with pytest.raises(ClientError, match="names the qualifier 1, but Qualifier is live") as error:
        skipping.client().invoke(FunctionName="f:1", Qualifier="live")

    assert refusal(error) == (400, "InvalidParameterValueException")


def test_an_unknown_function_is_not_found(served: Served) -> None:
    with pytest.raises(ClientError, match=r"Function not found: arn:aws:lambda:.*:function:g") as error:
        served.client().invoke(FunctionName="g:$LATEST")

    assert refusal(error) == (404, "ResourceNotFoundException")


def test_a_plain_function_answers_without_an_execution(served: Served) -> None:
    served.call("plain", lambda event, context: {"given": event, "name": context.function_name})

    answer = served.client().invoke(FunctionName="plain", Payload=b"[1, 2]")

    assert payload(answer) == {"given": [1, 2], "name": "plain"}
    assert "DurableExecutionArn" not in answer
    assert served.runtime.executions.newest(1) == []


def test_a_plain_function_may_fail(served: Served) -> None:
    served.call("plain", lambda event, context: event["missing"])

    answer = served.client().invoke(FunctionName="plain", Payload=b"{}")

    assert answer["FunctionError"] == "Unhandled"
    assert (told := payload(answer))["errorType"] == "KeyError"
    assert told["errorMessage"] == "'missing'"


def test_a_plain_function_takes_events(served: Served) -> None:
    given: queue.SimpleQueue[Any] = queue.SimpleQueue()
    served.call("plain", lambda event, context: given.put(event))

    answer = served.client().invoke(FunctionName="plain", InvocationType="Event", Payload=b'"x"')

    assert answer["StatusCode"] == 202
    assert given.get(timeout=10) == "x"


def test_a_plain_function_has_no_execution_name(served: Served) -> None:
    served.call("plain", lambda event, context: None)

    with pytest.raises(ClientError, match="plain is not durable") as error:
        served.client().invoke(FunctionName="plain", DurableExecutionName="x")

    assert refusal(error) == (400, "InvalidParameterValueException")


@pytest.mark.parametrize("body", [b"{", b"\xff", b"[NaN]", b"[" * 100_000, b"1" * 5_000])
def test_a_payload_that_is_no_json_is_refused(skipping: Served, body: bytes) -> None:
    skipping.host("f", doubling)

    with pytest.raises(ClientError) as error:
        skipping.client().invoke(FunctionName="f:$LATEST", Payload=body)

    assert refusal(error) == (400, "InvalidRequestContentException")


@pytest.mark.parametrize(("kind", "most"), [("RequestResponse", 6 * 1024 * 1024), ("Event", 1024 * 1024)])
def test_a_payload_has_a_largest_size(served: Served, kind: str, most: int) -> None:
    served.call("plain", lambda event, context: len(event))
    client = served.client()

    client.invoke(FunctionName="plain", InvocationType=kind, Payload=b'"' + b"x" * (most - 2) + b'"')
    with pytest.raises(client.exceptions.RequestTooLargeException) as error:
        client.invoke(FunctionName="plain", InvocationType=kind, Payload=b'"' + b"x" * (most - 1) + b'"')

    assert refusal(error) == (413, "RequestTooLargeException")


def test_a_hundred_callers_wait_at_once_while_functions_make_checkpoints(served: Served) -> None:
    gate = threading.Barrier(101)

    @durable_execution
    def together(event: Any, context: DurableContext) -> Any:
        return context.step(lambda _: event, name="echo")

    served.host("f", together)
    client, answers = served.client(), []

    def invoke(number: int) -> None:
        gate.wait(10)
        answers.append(payload(client.invoke(FunctionName="f:$LATEST", Payload=json.dumps(number).encode())))

    callers = [threading.Thread(target=invoke, args=(number,)) for number in range(100)]
    for caller in callers:
        caller.start()
    gate.wait(10)
    for caller in callers:
        caller.join()

    assert sorted(answers) == list(range(100))
