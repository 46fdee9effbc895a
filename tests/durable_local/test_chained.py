import json
import threading
from pathlib import Path
from typing import Any

import pytest

from durable import DurableContext, InvokeError, durable_execution
from durable.config import Duration
from durable.model import ErrorObject, Operation, OperationStatus, OperationType
from durable_local import history
from durable_local.chained import function_name
from durable_local.clock import SkippingClock
from durable_local.errors import ResourceNotFoundError
from durable_local.hosts.context import LambdaContext
from durable_local.hosts.events import with_service
from durable_local.hosts.loading import Handler, warm
from durable_local.hosts.threads import PlainFunction, ThreadHost
from durable_local.journal import Quotas
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


def triples(event: int, context: LambdaContext) -> int:
    return 3 * event


def refuses(event: object, context: LambdaContext) -> None:
    raise LookupError(f"no {event}")


def answers_no_json(event: object, context: LambdaContext) -> object:
    return {1, 2}


PLAIN: dict[str, Handler] = {
    "triples": triples,
    "refuses": refuses,
    "answers_no_json": answers_no_json,
    "answers_too_much": lambda event, context: "x" * (1024 * 1024),
}
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
    for name, handler in PLAIN.items():
        runtime.functions[name] = PlainFunction(warm(handler))
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
    assert result_of(runtime_on(), "returns_too_much")[0] == "Function.ResponseSizeTooLarge"


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


def test_observers_learn_that_the_operation_has_ended() -> None:
    told: list[tuple[str, str | None, OperationStatus]] = []
    runtime = runtime_on()
    runtime.journals.observers.append(
        lambda arn, changed: told.extend((arn, operation.name, operation.status) for operation in changed)
    )

    arn = start(runtime, "doubles")
    runtime.run(arn)

    assert [each for each in told if each[1] == "call"] == [
        (arn, "call", OperationStatus.STARTED),
        (arn, "call", OperationStatus.SUCCEEDED),
    ]


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


@pytest.mark.parametrize("function", ["triples", "triples:live"])
def test_a_plain_functions_answer_is_the_operations(function: str) -> None:
    assert result_of(runtime_on(), function) == 63


def test_an_error_of_a_plain_function_is_the_operations_with_its_stack_trace() -> None:
    runtime = runtime_on()

    assert result_of(runtime, "refuses") == ["LookupError", "no 21"]
    (call,) = (each for each in runtime.executions.operations("parent") if each.name == "call")
    assert call.error
    assert "in refuses" in (call.error.stack_trace or [""])[-1]


@pytest.mark.parametrize(
    ("function", "error_type"),
    [("answers_no_json", "Runtime.MarshalError"), ("answers_too_much", "Function.ResponseSizeTooLarge")],
)
def test_an_answer_that_lambda_would_not_pass_on_fails_the_operation(function: str, error_type: str) -> None:
    assert result_of(runtime_on(), function)[0] == error_type


def test_a_plain_function_that_takes_too_long_fails_the_operation() -> None:
    runtime = runtime_on()
    released = threading.Event()
    runtime.functions["triples"] = PlainFunction(warm(lambda event, context: released.wait()), timeout_seconds=0.05)

    assert result_of(runtime, "triples") == ["Sandbox.Timedout", "Task timed out after 0.05 seconds"]
    released.set()


def test_a_plain_function_has_no_execution() -> None:
    runtime = runtime_on()
    runtime.run(start(runtime, "triples"))

    events = [history.shown(event, number) for number, event in runtime.executions.history("parent")]
    (started,) = (event for event in events if event["EventType"] == "ChainedInvokeStarted")

    assert started["ChainedInvokeStartedDetails"]["ExecutedVersion"] == "$LATEST"
    assert "DurableExecutionArn" not in started["ChainedInvokeStartedDetails"]
    assert len(runtime.executions.newest(10)) == 1
    with pytest.raises(ResourceNotFoundError, match="triples"):
        runtime.start("triples", "1")


def test_every_branch_has_its_plain_function_called_once() -> None:
    calls: list[int] = []
    runtime = runtime_on()
    runtime.functions["noted"] = PlainFunction(warm(lambda event, context: calls.append(event)))

    @durable_execution
    def invokes_for_each(event: list[int], context: DurableContext) -> int:
        return context.map(event, lambda inner, item, index, items: inner.invoke("noted", item)).success_count

    runtime.functions["invokes_for_each"] = Function(ThreadHost(warm(invokes_for_each), with_service(runtime.service)))

    execution = runtime.run(runtime.start("invokes_for_each", "[1, 2, 3]"))

    assert execution.result == "3"
    assert sorted(calls) == [1, 2, 3]


def test_another_process_calls_a_plain_function_that_has_not_answered(tmp_path: Path) -> None:
    first = runtime_on(tmp_path / "durable.sqlite")
    first.functions["triples"] = PlainFunction(_killed)
    with pytest.raises(KeyboardInterrupt):
        first.run(start(first, "triples"))
    first.journals.database.close()

    second = runtime_on(tmp_path / "durable.sqlite")

    assert result_of(second, "triples") == 63


def _killed() -> Handler:
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("given", "bare"),
    [
        ("f", "f"),
        ("f:1", "f"),
        ("arn:aws:lambda:eu-west-1:1:function:f", "f"),
        ("f:$LATEST", "f"),
        ("1:function:f:7", "f"),
    ],
)
def test_a_functions_name_is_found_in_all_its_spellings(given: str, bare: str) -> None:
    assert function_name(given) == bare


def test_what_invoked_functions_answer_counts_to_the_invoker_s_quota() -> None:
    runtime = runtime_on()
    runtime.functions["answers_much"] = PlainFunction(warm(lambda event, context: "x" * 900))
    runtime.journals.quotas = Quotas(bytes=900)

    error_type, message = result_of(runtime, "answers_much")

    assert error_type == "InvalidParameterValueException"
    assert "does not fit into what its execution may still write" in message


@pytest.mark.parametrize("function", ["sleeps", "triples"])
def test_an_execution_that_is_stopped_leaves_what_it_has_invoked_alone(function: str) -> None:
    runtime = runtime_on()
    arn = start(runtime, function)
    asked: list[str] = []

    def stop_the_parent(_arn: str, changed: list[Operation]) -> None:
        if changed[-1].operation_type is OperationType.CHAINED_INVOKE and not asked:
            asked.append(function)
            runtime.executions.stop(arn)

    runtime.journals.observers.append(stop_the_parent)

    assert runtime.run(arn).status == "STOPPED"
    children = [each for each in runtime.executions.newest(10) if each.function == "sleeps"]
    assert [child.status for child in children] == (["RUNNING"] if function == "sleeps" else [])
