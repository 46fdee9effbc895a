"""The same programs on our core and on AWS's SDK, both on the local runtime: equal results, equal histories."""

import importlib
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from durable.lambda_service import DurableServiceClient
from durable_local.hosts.events import envelope
from durable_local.hosts.threads import Presenter
from durable_local.testing import DurableFunctionTestResult, DurableFunctionTestRunner
from tests.fakes.lambda_api import LambdaApi

OFFICIAL = "aws_durable_execution_sdk_python"
Program = Callable[[SimpleNamespace, Any], Any]


def names_of(root: str) -> SimpleNamespace:
    """What a program needs of an SDK, from under its import root."""
    return SimpleNamespace(
        **{
            name: getattr(importlib.import_module(f"{root}.{module}"), name)
            for module, name in [
                ("config", "Duration"),
                ("config", "MapConfig"),
                ("config", "ParallelConfig"),
                ("config", "StepConfig"),
                ("retries", "RetryStrategyConfig"),
                ("retries", "create_retry_strategy"),
            ]
        }
    )


def on_ours(program: Program) -> DurableFunctionTestResult:
    ours = names_of("durable")
    durable_execution = importlib.import_module("durable.execution").durable_execution
    return DurableFunctionTestRunner(durable_execution(lambda _event, context: program(ours, context))).run(
        {"n": 1}, "same"
    )


def on_official(program: Program) -> DurableFunctionTestResult:
    official = names_of(OFFICIAL)
    durable_execution = importlib.import_module(f"{OFFICIAL}.execution").durable_execution
    services: list[DurableServiceClient] = []

    def handler(event: Any, lambda_context: Any) -> Any:
        decorate = durable_execution(boto3_client=LambdaApi(services[0]))
        return decorate(lambda _event, context: program(official, context))(event, lambda_context)

    def presenter(service: DurableServiceClient) -> Presenter:
        services.append(service)
        return envelope

    return DurableFunctionTestRunner(handler, presenter=presenter).run({"n": 1}, "same")


def steps_and_waits(sdk: SimpleNamespace, context: Any) -> Any:
    first = context.step(lambda _: {"a": 1}, name="first")
    context.wait(sdk.Duration.from_hours(5), name="pause")
    return [first, context.step(lambda _: "second", name="second")]


def retried(sdk: SimpleNamespace, context: Any) -> Any:
    strategy = sdk.create_retry_strategy(sdk.RetryStrategyConfig(max_attempts=3))

    def fails(_: Any) -> None:
        raise ValueError("again")

    try:
        context.step(fails, name="fails", config=sdk.StepConfig(retry_strategy=strategy))
    except Exception as error:  # noqa: BLE001 - each SDK has its own class
        return type(error).__name__
    return "no error"


def nested(sdk: SimpleNamespace, context: Any) -> Any:
    def inner(child: Any) -> Any:
        child.wait(sdk.Duration.from_seconds(9), name="inside")
        return child.step(lambda _: 1, name="deep")

    return context.run_in_child_context(inner, name="child")


def batches(sdk: SimpleNamespace, context: Any) -> Any:
    mapped = context.map(
        [1, 2, 3],
        lambda child, item, index, items: child.step(lambda _: item * 2, name="double"),
        name="each",
        config=sdk.MapConfig(max_concurrency=1),
    )
    split = context.parallel(
        [lambda child: child.step(lambda _: "l", name="left"), lambda child: child.step(lambda _: "r", name="right")],
        name="both",
        config=sdk.ParallelConfig(max_concurrency=1),
    )
    return [mapped.get_results(), split.get_results()]


def failing(_sdk: SimpleNamespace, _context: Any) -> Any:
    raise KeyError("k")


@pytest.mark.parametrize("program", [steps_and_waits, retried, nested, batches, failing])
def test_both_sdks_leave_the_same_history(program: Program) -> None:
    ours, official = on_ours(program), on_official(program)

    assert (ours.status, ours.result) == (official.status, official.result)
    assert [timeless(event) for event in ours.history] == [timeless(event) for event in official.history]


def timeless(event: dict[str, Any]) -> dict[str, Any]:
    """An event without what differs from run to run: moments, request ids, jittered delays, the execution's id.

    And without stack traces, which AWS's SDK does not record.
    """
    dropped = {"RequestId", "NextAttemptDelaySeconds", "StackTrace"}
    if event.get("EventType", "").startswith("Execution"):
        dropped = dropped | {"Id"}
    return {
        member: timeless(value) if isinstance(value, dict) else value
        for member, value in event.items()
        if member not in dropped and not member.endswith("Timestamp")
    }
