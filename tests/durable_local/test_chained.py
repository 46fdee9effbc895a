import json
from pathlib import Path
from typing import Any

import pytest

from durable import DurableContext, InvokeError, durable_execution
from durable.config import Duration
from durable.model import ErrorObject, OperationStatus
from durable_local import history
from durable_local.chained import function_name
from durable_local.clock import SkippingClock
from durable_local.hosts.events import with_service
from durable_local.hosts.loading import Handler, warm
from durable_local.hosts.threads import ThreadHost
from durable_local.runtime import Function, LocalRuntime
from durable_local.store.database import IN_MEMORY, Database


@durable_execution
def doubles(event: int, context: DurableContext) -> int:
    context.wait(Duration(60), name="think")
    return 2 * event


@durable_execution
def fails(event: object, context: DurableContext) -> None:
    raise ValueError(f"no {event}")


@durable_execution
def sleeps(event: object, context: DurableContext) -> None:
    context.wait(Duration.from_days(2))


@durable_execution
def returns_too_much(event: object, context: DurableContext) -> str:
    return "x" * (1024 * 1024)


@durable_execution
def invokes(event: dict[str, Any], context: DurableContext) -> Any:
    try:
        return context.invoke(event["function"], event["payload"], name="call")
    except InvokeError as error:
        return [error.error_type, str(error)]


HANDLERS: dict[str, Handler] = {
    "invokes": invokes,
    "doubles": doubles,
    "fails": fails,
    "sleeps": sleeps,
    "returns_too_much": returns_too_much,
}


def runtime_on(database: Path | str = IN_MEMORY) -> LocalRuntime:
    runtime = LocalRuntime(Database(database), SkippingClock())
    for name, handler in HANDLERS.items():
        host = ThreadHost(warm(handler), with_service(runtime.service))
        runtime.functions[name] = Function(host, execution_timeout_seconds=3_600 if name == "sleeps" else None)
    return runtime


def start(runtime: LocalRuntime, function: str, payload: Any = 21) -> str:
    return runtime.start("invokes", json.dumps({"function": function, "payload": payload}), "parent")


def result_of(runtime: LocalRuntime, function: str) -> Any:
    execution = runtime.run(start(runtime, function))
    assert execution.status == "SUCCEEDED"
    return json.loads(execution.result or "")


@pytest.mark.parametrize(
    "function", ["doubles", "doubles:live", "arn:aws:lambda:us-east-1:000000000000:function:doubles:7"]
)
def test_the_invoked_functions_result_is_the_operations(function: str) -> None:
    assert result_of(runtime_on(), function) == 42


def test_an_unknown_function_fails_the_operation_at_once() -> None:
    assert result_of(runtime_on(), "missing") == ["ResourceNotFoundException", "Function not found: missing"]


def test_an_error_of_the_invoked_function_is_the_operations() -> None:
    assert result_of(runtime_on(), "fails") == ["ValueError", "no 21"]


def test_an_execution_that_takes_too_long_times_the_operation_out() -> None:
    told = result_of(runtime_on(), "sleeps")

    assert told == ["ChainedInvoke.Timeout", "CHAINED_INVOKE timed out after 3600 seconds."]


def test_a_result_that_is_too_large_fails_the_operation() -> None:
    assert result_of(runtime_on(), "returns_too_much")[0] == "ResultTooLarge"


def test_an_execution_that_is_stopped_stops_the_operation() -> None:
    runtime = runtime_on()
    runtime.functions["doubles"] = Function(
        ThreadHost(warm(lambda *_: {"Status": "PENDING"}), with_service(runtime.service))
    )
    arn = start(runtime, "doubles")
    begun = runtime.journals.database

    def stop_the_child(_arn: str, _changed: object) -> None:
        rows = begun.rows("SELECT arn FROM executions WHERE function = 'doubles' AND status = 'RUNNING'")
        for (child,) in rows:
            runtime.executions.stop(child, ErrorObject("enough", "Operator"))

    runtime.journals.observers.append(stop_the_child)
    execution = runtime.run(arn)

    (call,) = (each for each in runtime.executions.operations(arn) if each.name == "call")
    assert call.status is OperationStatus.STOPPED
    assert json.loads(execution.result or "") == ["Operator", "enough"]


def test_the_history_tells_which_execution_was_begun() -> None:
    runtime = runtime_on()
    arn = start(runtime, "doubles")
    runtime.run(arn)

    events = [history.shown(event, number) for number, event in runtime.executions.history(arn)]
    started = next(event for event in events if event["EventType"] == "ChainedInvokeStarted")
    child = runtime.executions.get(started["ChainedInvokeStartedDetails"]["DurableExecutionArn"])

    assert (child.function, child.input_payload, child.result) == ("doubles", "21", "42")


def test_another_process_finds_the_begun_execution_and_ends_both(tmp_path: Path) -> None:
    first = runtime_on(tmp_path / "durable.sqlite")
    arn = start(first, "doubles")
    first.functions["doubles"] = Function(ThreadHost(_killed, with_service(first.service)))
    with pytest.raises(KeyboardInterrupt):
        first.run(arn)
    first.journals.database.close()

    second = runtime_on(tmp_path / "durable.sqlite")

    assert second.run(arn).result == "42"
    assert len(second.executions.newest(10)) == 2


def _killed() -> Handler:
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("given", "bare"), [("f", "f"), ("f:1", "f"), ("arn:aws:lambda:eu-west-1:1:function:f", "f"), ("f:$LATEST", "f")]
)
def test_a_functions_name_is_found_in_all_its_spellings(given: str, bare: str) -> None:
    assert function_name(given) == bare
