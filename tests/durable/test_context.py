from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from durable import durable_step, durable_with_child_context
from durable.config import ChildConfig, Duration
from durable.exceptions import SuspendExecution, ValidationError
from durable_local.hosts.context import LambdaContext
from tests.durable.execution import ExecutionUnderTest, ident, invoke

OPERATIONS: dict[str, Callable[[Any, Any], object]] = {
    "step": lambda context, name: context.step(lambda _: 1, name=name),
    "wait": lambda context, name: context.wait(Duration(1), name=name),
    "child": lambda context, name: context.run_in_child_context(lambda _: 1, name=name),
    "map": lambda context, name: context.map([], lambda *_: 1, name=name).total_count,
    "parallel": lambda context, name: context.parallel([], name=name).total_count,
}


def named_by_decorator(kind: str) -> Callable[[Any], object]:
    @durable_step
    def charge(_context: Any) -> int:
        return 1

    @durable_with_child_context
    def ship(_context: Any) -> int:
        return 1

    if kind == "step":
        return lambda context: context.step(charge())
    return lambda context: context.run_in_child_context(ship())


def test_operations_are_numbered_in_the_order_of_their_calls() -> None:
    def program(_event: object, context: Any) -> None:
        for kind in ("step", "child", "map", "parallel", "wait"):
            OPERATIONS[kind](context, kind)

    invoked = invoke(program)

    started = [(update["Name"], update["Id"]) for update in invoked.updates if update["Action"] == "START"]
    assert started == [
        (kind, ident(number)) for number, kind in enumerate(("step", "child", "map", "parallel", "wait"), 1)
    ]


@pytest.mark.parametrize("kind", OPERATIONS)
def test_an_operation_without_a_name_has_none(kind: str) -> None:
    invoked = invoke(lambda _event, context: OPERATIONS[kind](context, None))

    assert all("Name" not in update for update in invoked.updates)


@pytest.mark.parametrize(("kind", "name"), [("step", "charge"), ("child", "ship")])
def test_a_decorated_function_gives_the_operation_its_name(kind: str, name: str) -> None:
    invoked = invoke(lambda _event, context: named_by_decorator(kind)(context))

    assert {update["Name"] for update in invoked.updates} == {name}


@pytest.mark.parametrize("name", ["é", "a\nb", "x" * 257, 7, b"bytes"])
@pytest.mark.parametrize("kind", OPERATIONS)
def test_a_name_that_the_service_would_refuse_is_refused_before_anything_is_recorded(kind: str, name: Any) -> None:
    def program(_event: object, context: Any) -> object:
        with pytest.raises(ValidationError, match="must be text of at most 256 printable ASCII characters"):
            OPERATIONS[kind](context, name)
        return context.step(lambda _: 1, name="s")

    invoked = invoke(program)

    assert {update["Id"] for update in invoked.updates} == {ident(1)}


def test_the_longest_name_is_recorded() -> None:
    assert invoke(lambda _event, context: context.step(lambda _: 1, name="~" * 256)).updates[0]["Name"] == "~" * 256


@pytest.mark.parametrize("seconds", [0, 366 * 86_400 + 1])
def test_a_wait_that_is_refused_takes_no_number(seconds: int) -> None:
    def program(_event: object, context: Any) -> object:
        with pytest.raises(ValidationError):
            context.wait(Duration(seconds))
        return context.step(lambda _: 1)

    assert {update["Id"] for update in invoke(program).updates} == {ident(1)}


def test_a_suspended_context_refuses_every_further_operation() -> None:
    def program(_event: object, context: Any) -> None:
        with pytest.raises(SuspendExecution):
            context.wait(Duration(60), name="first")
        for kind, operation in OPERATIONS.items():
            with pytest.raises(SuspendExecution):
                operation(context, kind)

    invoked = invoke(program)

    assert (invoked.status, invoked.lines) == ("PENDING", ["WAIT START first"])


def test_a_suspended_context_is_not_told_the_answer_of_a_callback() -> None:
    execution = ExecutionUnderTest()

    def program(_event: object, context: Any) -> object:
        callback = context.create_callback()
        execution.runtime.callbacks.succeed(callback.callback_id, "yes")
        with suppress(SuspendExecution):
            context.wait(Duration(60))
        with pytest.raises(SuspendExecution):
            callback.result()
        return "fine"

    assert execution.invoke(program).status == "PENDING"


def test_a_context_tells_of_its_execution_and_invocation() -> None:
    execution, lambda_context = ExecutionUnderTest(), LambdaContext("function", "$LATEST", "arn", "request-1")

    def program(_event: object, context: Any) -> list[object]:
        inner = context.run_in_child_context(lambda child: child.execution_context.durable_execution_arn)
        return [context.execution_context.durable_execution_arn, inner, context.lambda_context.aws_request_id]

    invoked = execution.invoke(program, lambda_context)  # type: ignore[arg-type]

    assert invoked.result == [execution.arn, execution.arn, "request-1"]


def test_a_context_replays_until_it_reaches_what_is_new() -> None:
    told: list[list[bool]] = []

    def program(_event: object, context: Any) -> None:
        seen: list[bool] = []
        told.append(seen)
        seen.append(context.is_replaying())
        context.step(lambda _: 1, name="a")
        seen.append(context.is_replaying())
        context.run_in_child_context(
            lambda child: seen.append(child.is_replaying()), config=ChildConfig(is_virtual=True)
        )
        context.wait(Duration(1), name="w")
        seen.append(context.is_replaying())
        context.step(lambda _: 1, name="b")
        seen.append(context.is_replaying())

    execution = ExecutionUnderTest()

    execution.run(program)

    first, second = told
    assert first == [False, False, False]
    assert second[0] is True
    assert second[-2:] == [False, False]
