"""Runs an execution and keeps its history, the same on every machine."""

from collections.abc import Mapping
from dataclasses import replace

from durable.lambda_service import DurableServiceClient
from durable_local.history import INVOCATION_COMPLETED, shown
from durable_local.hosts.events import with_service
from durable_local.hosts.loading import Handler
from durable_local.hosts.threads import Presenter
from durable_local.invocations import Invocation
from durable_local.replay.document import Json
from durable_local.testing import DurableFunctionTestRunner
from tests.golden.one_thread import OneThread

NAME = "golden"
MOMENT = "2026-01-01T00:00:00+00:00"


def recorded(
    handler: Handler,
    event: object,
    answers: Mapping[str, object] | None = None,
    functions: Mapping[str, Handler] | None = None,
) -> list[Json]:
    """The whole history of an execution, whose callbacks are answered by their names in this order."""
    runner = DurableFunctionTestRunner(handler, presenter=_in_one_thread)
    for name, function in (functions or {}).items():
        runner.register_function(name, function)
    arn = runner.run_async(event, NAME)
    for name, answer in (answers or {}).items():
        runner.send_callback_success(runner.wait_for_callback(arn, name), answer)
    runner.wait_for_result(arn)
    return [_stable(shown(each, n, timestamp=lambda _: MOMENT)) for n, each in runner.runtime.executions.history(arn)]


def suspended(events: list[Json], invocations: int = 1) -> list[Json]:
    """A history up to the end of so many invocations."""
    ends = [number for number, event in enumerate(events) if event["EventType"] == INVOCATION_COMPLETED]
    return events[: ends[invocations - 1] + 1]


def _in_one_thread(service: DurableServiceClient) -> Presenter:
    present = with_service(service)

    def presented(invocation: Invocation) -> object:
        return replace(present(invocation), scheduler=OneThread())  # type: ignore[type-var]

    return presented


def _stable(event: Json) -> Json:
    """The event without what differs from one recording to the next, or from machine to machine."""
    details: Json = event[f"{event['EventType']}Details"]
    if "RequestId" in details:
        details["RequestId"] = "request"
    if "CallbackId" in details:
        details["CallbackId"] = f"callback-{event['EventId']}"
    (details.get("Error", {}).get("Payload") or {}).pop("StackTrace", None)
    return {**event, "Id": NAME} if event["EventType"].startswith("Execution") else event
